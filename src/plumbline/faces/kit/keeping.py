"""What was typed into a form that could not be taken, kept in the page that says so, to be sent again by its reader.

A session that ended or a token that is old loses no typing: the fields travel, signed, through the page that says so
and through the sign-in, and stand there as a form with a button. Nothing is stored, nothing is sent by itself; what did
not come from a page of ours is not taken up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core import signing
from django.http import HttpRequest

SALT = "plumbline.kept-form"
KEPT_MOST = 500_000
"""Characters of a form that are kept; more comes from no form of ours."""
NEVER_KEPT = frozenset({"csrfmiddlewaretoken", "password", "old", "again", "passcode", "credential", "setup", "kept"})
NOT_TYPED = frozenset({"request_id", "seen", "draft_version", "edition", "act", "next", "do", "step"})


@dataclass(frozen=True)
class KeptForm:
    """A form to be sent again: where to, and all it held."""

    path: str
    fields: Sequence[tuple[str, str]]

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What its reader filled in, as far as that can be told from the names."""
        return [(name, text) for name, text in self.fields if text and name.split(".", 1)[0] not in NOT_TYPED]


def is_from_here(request: HttpRequest) -> bool:
    """Tell whether a POST came from a page of ours, as the browser says it: no other site may have us keep anything."""
    said = request.headers.get("origin") or request.headers.get("referer") or ""
    address = urlsplit(said)
    return bool(said) and (address.scheme, address.netloc) == (request.scheme, request.get_host())


def form_of(request: HttpRequest) -> KeptForm | None:
    """Return the posted form to be kept, None where there is none of ours, or too much of it."""
    if request.method != "POST" or not is_from_here(request):
        return None
    posted: Mapping[str, Sequence[object]] = dict(request.POST.lists())
    fields = [(name, str(text)) for name, texts in posted.items() if name not in NEVER_KEPT for text in texts]
    kept = KeptForm(request.get_full_path(), fields)
    return kept if fields and sum(len(name) + len(text) for name, text in fields) <= KEPT_MOST else None


def sealed(form: KeptForm) -> str:
    """Return a form as the text of a hidden input that only we can have written."""
    return signing.dumps({"path": form.path, "fields": list(form.fields)}, salt=SALT, compress=True)


def opened(text: str) -> KeptForm | None:
    """Return the form of a hidden input; None for what we have not written."""
    if not text:
        return None
    try:
        held = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    return KeptForm(held["path"], [(name, value) for name, value in held["fields"]])
