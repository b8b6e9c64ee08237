"""What a letter says: the sentences of its notices in the reader's language, as plain text and as simple HTML.

A letter holds the sentence a notice holds and the address of its page, where the rest is read after signing in; its
subject names the kind alone, since subjects are shown where anybody may look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext, override

from plumbline.domain.notices.models import Letter, Notice, Reader
from plumbline.domain.notices.rules import told
from plumbline.domain.notices.types import SecretLetter
from plumbline.errors import Term, Text
from plumbline.gateways.mail import Mail
from plumbline.rulebook import notices as rulebook

SETTINGS = "/my/notices/settings/"
CONFIRM = "/my/notices/confirm/"
CONFIRMING = "plumbline.notices.confirm"


def text_of(row: Notice) -> Text:
    """Return the sentence of a notice."""
    return Text(row.template, {name: told(value) for name, value in row.params.items()})


def composed(letter: Letter, notices: Sequence[Notice], *, more: int, at: datetime) -> Mail:
    """Return the mail of a letter in its reader's language. more: notices beyond those it holds."""
    reader = letter.reader
    assert reader is not None  # noqa: S101  # letters to others are composed below
    with override(reader.language):
        context = {
            "language": reader.language,
            "title": _title(letter, notices),
            "lines": [_line(each) for each in notices],
            "more": ngettext("还有 {n} 条，登录后看。", "还有 {n} 条，登录后看。", more).format(n=more) if more else "",
            "confirm_url": _url(f"{CONFIRM}{_token(reader)}/") if letter.kind == "confirm" else "",
            "settings_url": _url(SETTINGS),
        }
        return _mail(letter, reader.address, context=context, at=at)


def composed_secret(letter: Letter, said: SecretLetter, *, at: datetime) -> Mail:
    """Return the mail of a letter with a secret link, in the language chosen for it."""
    with override(said.language):
        context = {
            "language": said.language, "title": words(said.title), "said": words(said.text), "url": _url(said.path),
        }  # fmt: skip
        return _mail(letter, said.address, context=context, at=at)


def _mail(letter: Letter, address: str, *, context: Mapping[str, object], at: datetime) -> Mail:
    settings_url = context.get("settings_url")
    return Mail(
        to=address,
        subject=gettext("准绳：{title}").format(title=context["title"]),
        text=render_to_string("notices/letter.txt", dict(context)),
        html=render_to_string("notices/letter.html", dict(context)),
        message_id=f"{letter.id}@{urlsplit(settings.PLUMBLINE_BASE_URL).hostname or 'localhost'}",
        at=at,
        headers={"List-Unsubscribe": f"<{settings_url}>"} if settings_url else {},
    )


def words(value: object) -> str:
    """Return a sentence or a term in the language in force."""
    if isinstance(value, Text):
        return gettext(value.template).format(**{name: words(each) for name, each in value.params.items()})
    if isinstance(value, Term):
        return value.en if (get_language() or "").startswith("en") else value.zh
    return str(value)


def _title(letter: Letter, notices: Sequence[Notice]) -> str:
    if letter.kind == "confirm":
        return gettext("确认收通知的邮箱")
    if letter.kind == "digest":
        return gettext("每日汇总")
    return words(rulebook.kind(notices[0].kind).name)


def _line(row: Notice) -> Mapping[str, object]:
    return {
        "text": words(text_of(row)),
        "url": _url(row.link) if row.link else "",
        "at": timezone.localtime(row.at).strftime("%Y-%m-%d %H:%M"),
    }


def _token(reader: Reader) -> str:
    return signing.dumps([str(reader.id), reader.address], salt=CONFIRMING)


def _url(path: str) -> str:
    return f"{settings.PLUMBLINE_BASE_URL}{path}"
