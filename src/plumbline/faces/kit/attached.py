"""Files attached to a form: taken in by what their bytes say, carried through the pages of the form, handed out again.

A file that was taken in is carried as a signed token, so that nobody refers to a file they have not sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_safe

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.files import actions as files
from plumbline.domain.files import queries as kept
from plumbline.errors import Hidden, say
from plumbline.faces.kit import uploads
from plumbline.faces.kit.acting import actor_of
from plumbline.faces.kit.answers import said_in
from plumbline.faces.kit.downloads import attachment
from plumbline.rulebook.forms import Field

Uploads = MultiValueDict[str, Any]
"""Files as a request brings them, by name. Any: Django's stubs leave what a file is made of open."""
KEPT = ".kept"
"""What the name of a hidden input ends with that carries a file taken in before."""
_ACCEPT = {
    "pdf": ".pdf,application/pdf",
    "image": "image/png,image/jpeg",
    "table": ".xlsx",
    "text": ".txt,.csv,text/plain",
    "package": ".zip",
}


@dataclass(frozen=True)
class FileLine:
    """A file taken in already, as a form shows it. token: what carries it."""

    name: str
    size: int
    token: str


def require_whole(request: HttpRequest) -> None:
    """Pass if the files of a form were taken to their end. Raises: InputError."""
    uploads.require_whole(request, remedy=say("缩小文件，或分成几份再传；别的都还在"))


def accept_of(field: Field) -> str:
    """Return what a browser offers to choose from."""
    return ",".join(_ACCEPT[kind] for kind in field.accepts)


def lines(values: object, actor: Actor) -> list[FileLine]:
    """Return the files a form holds."""
    held = values if isinstance(values, list | tuple) else ()
    return [
        FileLine(str(each["name"]), int(each["size"]), kept.token_of(each, actor))
        for each in held
        if isinstance(each, Mapping)
    ]


def taken(field: Field, name: str, *, tokens: Iterable[str], sent: Uploads, actor: Actor) -> list[dict[str, object]]:
    """Return the files of one field: those carried along, then those sent now; where it has one, the one sent now.

    What is of no kind the field accepts is named, so that it is refused, and not kept.
    """
    new = [received(upload.read(), name=upload.name or "", accepts=field.accepts) for upload in sent.getlist(name)]
    before = [each for token in tokens if (each := kept.carried(token, actor)) is not None]
    found = [*before, *new] if field.many or not new else new
    return list({str(each["sha256"]): each for each in found}.values())


def received(content: bytes, *, name: str, accepts: Collection[str] = kept.MEDIA.keys()) -> dict[str, object]:
    """Return what a form says of a file sent now. It is kept if it is of a kind that is accepted."""
    kind = kept.kind_of(content)
    if kind in accepts:
        files.keep([(content, kept.MEDIA[kind])])
    return {"sha256": hashlib.sha256(content).hexdigest(), "name": name, "size": len(content), "kind": kind}


@require_safe
def case_file(request: HttpRequest, number: str, *, sha256: str) -> HttpResponse:
    """Return a file that an act of a case names, to be saved. Raises: Hidden where case or file is not theirs."""
    actor = actor_of(request)
    found = cases.case_by_number(number)
    forms = [found.details, *(said_in(found, act, reader=actor) for act in cases.story(found.id))]
    said = next((each for form in forms for each in _files_in(form) if each.get("sha256") == sha256), None)
    if said is None:
        raise Hidden(say("这项业务里没有这个文件"), remedy=say("从业务页上的文件里选"))
    return attachment(kept.content_of(sha256), "application/octet-stream", name=str(said.get("name") or sha256))


def _files_in(value: object) -> list[Mapping[str, object]]:
    """Return every file a form names, also in the rows of its groups."""
    if isinstance(value, Mapping):
        return [value] if "sha256" in value else [one for each in value.values() for one in _files_in(each)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [one for each in value for one in _files_in(each)]
    return []
