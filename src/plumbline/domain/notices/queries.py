"""Reads of notices: the inbox of somebody as a list, how much of it is unread, how they want it by mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import Count, Q, QuerySet

from plumbline.domain.accounts.types import Actor
from plumbline.domain.notices import changes, lists, rules, webhook_rows
from plumbline.domain.notices.letters import CONFIRMING, text_of
from plumbline.domain.notices.models import Letter, Notice, Reader
from plumbline.domain.notices.types import LetterFacts, NoticeFacts, ReaderFacts
from plumbline.domain.rows.listing.spec import Choice, ListSpec, Row
from plumbline.errors import InputError, say
from plumbline.rulebook import notices as rulebook

subscriptions_of, subscription = webhook_rows.subscriptions_of, webhook_rows.subscription
deliveries_of = webhook_rows.deliveries_of
changes_after = changes.changes_after
COUNTED_MOST = 100
LETTERS_SHOWN = 10
CONFIRM_S = 7 * 24 * 3600


def latest(actor: Actor, *, most: int = 20) -> list[NoticeFacts]:
    """Return the newest notices of somebody's inbox."""
    return [facts(row) for row in inbox(actor).order_by("-at", "-id")[:most]]


def list_of_notices(actor: Actor) -> ListSpec:
    """Return the inbox as a list, the newest first; each row brings the notice whole, as `notice`."""

    def whole(rows: Sequence[Row]) -> Mapping[UUID, Row]:
        found = inbox(actor).filter(pk__in=[row["id"] for row in rows])
        return {row.id: {"notice": facts(row)} for row in found}

    return lists.notices(inbox(actor), whole)


def list_of_letters() -> ListSpec:
    """Return the list of letters, those given up first asked for; without what they say."""
    return lists.letters()


def states_of_letters() -> Mapping[str, Choice]:
    """Return what may become of a letter, in words."""
    return lists.LETTERS


def count_unread(actor: Actor) -> int:
    """Return how many notices somebody has not read; no more than `COUNTED_MOST` are counted."""
    return inbox(actor).filter(read_at__isnull=True)[:COUNTED_MOST].count()


def unread_by_kind(actor: Actor) -> dict[str, int]:
    """Return how many unread notices there are of each kind, among the newest `COUNTED_MOST` unread."""
    newest = inbox(actor).filter(read_at__isnull=True).order_by("-at", "-id")[:COUNTED_MOST]
    rows = Notice.objects.filter(pk__in=newest.values("pk")).values_list("kind").annotate(count=Count("id"))
    return dict(rows.order_by())


def inbox(actor: Actor) -> QuerySet[Notice]:
    """Return what is for the actor's organisation as a whole, and for the person whose duties they see to there."""
    mine = Q(person_id__isnull=True) | Q(person_id=actor.duty_of)
    return Notice.objects.filter(mine, recipient_id=actor.organisation_id)


def reader(actor: Actor, *, language: str) -> ReaderFacts:
    """Return how somebody wants the notices by mail; `language`: of who has not said yet."""
    row = Reader.objects.filter(user_id=actor.user_id, organisation_id=actor.organisation_id).first()
    held: Mapping[str, object] = row.wishes if row else {}
    wishes = {kind: rules.frequency(held, kind) for kind in rulebook.load().kinds}
    if row is None:
        return ReaderFacts("", language, wishes, is_confirmed=False)
    return ReaderFacts(row.address, row.language, wishes, row.confirmed_at is not None)


def letters_to(actor: Actor) -> tuple[LetterFacts, ...]:
    """Return what became of the last letters to somebody."""
    rows = Letter.objects.filter(reader__user_id=actor.user_id, organisation_id=actor.organisation_id)
    return tuple(_letter_facts(row) for row in rows.order_by("-made_at", "-id")[:LETTERS_SHOWN])


def _letter_facts(row: Letter) -> LetterFacts:
    return LetterFacts(row.kind, row.state, row.made_at, row.ended_at, row.attempts, row.fault)


def letter(letter_id: UUID) -> LetterFacts | None:
    """Return what became of one letter, None where the scope does not see it."""
    row = Letter.objects.filter(pk=letter_id).first()
    return _letter_facts(row) if row else None


def letters_since(organisation_id: UUID, kind: str, *, at: datetime) -> int:
    """Return how many letters of a kind were written for an organisation since a moment."""
    return Letter.objects.filter(organisation_id=organisation_id, kind=kind, made_at__gt=at).count()


def require_mail(address: str, *, language: str) -> str:
    """Return an address as it is written to. Raises: InputError beside `address` or `language`; without mail set up."""
    if not is_mail_set_up():
        raise InputError(say("本平台没有设置发邮件"), remedy=say("不填邮箱；链接办完后在页面上给出"), field="address")
    if language not in dict(settings.LANGUAGES):
        raise InputError(say("没有这种语言"), remedy=say("从所列各项中选"), field="language")
    return rules.require_address(address)


def is_mail_set_up() -> bool:
    """Tell whether this copy has settings for mail; without them no letter is written."""
    return settings.PLUMBLINE_MAIL is not None


def confirming(token: str) -> tuple[UUID, str]:
    """Return the reader and the address a link confirms. Raises: InputError for a link that is none, or too old."""
    try:
        key, address = signing.loads(token, salt=CONFIRMING, max_age=CONFIRM_S)
        return UUID(key), str(address)
    except (signing.BadSignature, ValueError, TypeError) as err:
        raise InputError(
            say("确认邮箱的链接不对，或者已经过期"), remedy=say("到通知设置页再保存一次地址，用新邮件里的链接")
        ) from err


def facts(row: Notice) -> NoticeFacts:
    """Return the value of a row."""
    is_personal = row.person_id is not None
    return NoticeFacts(row.id, text_of(row), row.link, row.at, row.read_at is not None, row.kind, is_personal)
