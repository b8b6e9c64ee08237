"""Procedures that their files run: the catalogue, one definition, an application tried or sent, files for a form.

A case is followed and acted on by the operations of `cases`, whatever its procedure.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import File, Path, Schema
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field, JsonValue

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases.types import ActRequest
from plumbline.domain.files import queries as kept
from plumbline.domain.procedures import actions
from plumbline.domain.procedures import queries as opening
from plumbline.errors import Hidden, InputError, say
from plumbline.faces.api.bearing import Token, actor_of, bearer_of, request_key, require_right
from plumbline.faces.api.case_shapes import CaseDetail, Party
from plumbline.faces.api.case_shapes import detail_of as case_said
from plumbline.faces.api.document import acts, hands_out, scoped_to
from plumbline.faces.api.form_shapes import FORM, Form, plain, typed
from plumbline.faces.api.procedure_shapes import Catalogue, ProcedureDetail, ProcedureLine, detail_of, line_of
from plumbline.faces.api.routes import router
from plumbline.faces.api.shapes import Said, answers, either
from plumbline.faces.kit import attached
from plumbline.rulebook import procedures as book
from plumbline.rulebook.procedures import Procedure

APPLY = "cases:apply"
OCTETS = "application/octet-stream"


class NewCase(Said):
    """An application under a procedure of a file."""

    body: UUID | None = Field(default=None, description=gettext_noop("办理单位的 id，只在由申请人选时填"))
    form: Form = FORM


class Tried(Schema):
    """What an application would send: its form as it was understood, to whom, and how the case would be called."""

    procedure: str
    edition: str
    title: str
    body: Party
    form: dict[str, JsonValue]


class Bodies(Schema):
    """Who may decide, the most local first."""

    items: list[Party]


class TakenFile(Schema):
    """A file that was taken in. token: with its hash it stands in forms, for whoever sent it alone."""

    sha256: str
    name: str
    size: int
    kind: str
    token: str


@router.get(
    "/procedures",
    auth=Token(),
    response=answers(Catalogue),
    tags=["procedures"],
    operation_id="list_procedures",
    summary=gettext_noop("办事清单：各项程序的现行版本"),
    openapi_extra=scoped_to(),
)
def procedures(request: HttpRequest) -> Catalogue:
    """Return every procedure in its newest edition."""
    actor = actor_of(request)
    lines = [
        ProcedureLine(**line_of(each, may_apply=_may_apply(actor, each))) for each in book.all_procedures().values()
    ]
    return Catalogue(digest=book.catalogue_digest(), items=lines)


@router.get(
    "/procedures/{procedure_id}",
    auth=Token(),
    response=answers(ProcedureDetail),
    tags=["procedures"],
    operation_id="get_procedure",
    summary=gettext_noop("一项程序：表单、行为、时限、依据、费用"),
    openapi_extra=scoped_to(),
)
def procedure(request: HttpRequest, procedure_id: Path[str]) -> ProcedureDetail:
    """Return one definition. Raises: Hidden."""
    found = book.all_procedures().get(procedure_id)
    if found is None:
        raise Hidden(say("没有这个程序"), remedy=say("从办事清单里选"))
    return detail_of(found, may_apply=_may_apply(actor_of(request), found))


@router.get(
    "/procedures/{procedure_id}/bodies",
    auth=Token(APPLY),
    response=answers(Bodies),
    tags=["procedures"],
    operation_id="list_bodies",
    summary=gettext_noop("可以向谁申请"),
    openapi_extra=scoped_to(APPLY),
)
def bodies(request: HttpRequest, procedure_id: Path[str]) -> Bodies:
    """Return who may decide what the asker's house applies for. Raises: AccessError; Hidden."""
    actor, found = actor_of(request), opening.procedure(procedure_id)
    opening.require_opening(actor, found)
    able = opening.bodies(actor, found, at=timezone.now())
    return Bodies(items=[Party(id=each.id, name=either(each.name_zh, each.name_en)) for each in able])


@router.post(
    "/procedures/{procedure_id}/preview",
    auth=Token(APPLY),
    response=answers(Tried),
    tags=["procedures"],
    operation_id="preview_case",
    summary=gettext_noop("试填一份申请：只检查，不提交"),
    openapi_extra=scoped_to(APPLY),
)
def preview(request: HttpRequest, procedure_id: Path[str], *, body: NewCase) -> Tried:
    """Return what an application would send; writes nothing. Raises: as `apply`."""
    actor, found = actor_of(request), opening.procedure(procedure_id)
    seen = opening.preview(actor, found, form=_form(actor, found, body=body), at=timezone.now())
    return Tried(
        procedure=found.id,
        edition=found.edition,
        title=seen.title,
        body=Party(id=seen.body.id, name=either(seen.body.name_zh, seen.body.name_en)),
        form={key: plain(value) for key, value in seen.form.items()},
    )


@router.post(
    "/procedures/{procedure_id}/cases",
    auth=Token(APPLY),
    response=answers(CaseDetail, status=201),
    tags=["procedures"],
    operation_id="open_case",
    summary=gettext_noop("提交一份申请"),
    openapi_extra=acts(APPLY),
)
def apply(request: HttpRequest, procedure_id: Path[str], *, body: NewCase) -> Status[CaseDetail]:
    """Open a case. Raises: AccessError; Hidden; InputErrors beside the fields; RuleError; StateError."""
    bearer, found = bearer_of(request), opening.procedure(procedure_id)
    form = _form(bearer.actor, found, body=body)
    asked = ActRequest("", form, seen=0, request_id=request_key(request))
    case = actions.apply(bearer.actor, found, request=asked, at=timezone.now())
    return Status(201, case_said(bearer, case, on=timezone.localdate()))


@router.post(
    "/files",
    auth=Token(APPLY, "cases:act"),
    response=answers(TakenFile, status=201),
    tags=["procedures"],
    operation_id="send_file",
    summary=gettext_noop("上传表单里的一个文件"),
    openapi_extra=scoped_to(APPLY, "cases:act"),
)
def send_file(request: HttpRequest, file: File[UploadedFile]) -> Status[TakenFile]:
    """Take a file in, to be named in forms; sent twice it is one. Raises: InputError for one too large or of no kind
    that any form accepts."""
    attached.require_whole(request)
    said = attached.received(file.read(), name=(file.name or "")[:200])
    if not said["kind"]:
        raise InputError(
            say("文件不是能收的种类"), remedy=say("收 PDF、PNG 或 JPEG 图片、Excel、文本和 ZIP"), field="file"
        )
    return Status(201, TakenFile.model_validate(said | {"token": kept.token_of(said, actor_of(request))}))


@router.get(
    "/cases/{number}/files/{sha256}",
    auth=Token("cases:read"),
    response=answers(None),
    tags=["cases"],
    operation_id="get_case_file",
    summary=gettext_noop("业务里的一个文件"),
    openapi_extra=hands_out("cases:read", media=[OCTETS]),
)
def case_file(request: HttpRequest, number: Path[str], *, sha256: Path[str]) -> HttpResponse:
    """Hand out a file that an act of a case names. Raises: AccessError; Hidden."""
    require_right(actor_of(request), "case.read")
    return attached.case_file(request, number, sha256=sha256)


def _may_apply(actor: Actor, found: Procedure) -> bool:
    return opening.opening_act(actor, found) is not None


def _form(actor: Actor, found: Procedure, *, body: NewCase) -> dict[str, object]:
    """Return an application as the pages send it. Raises: AccessError; InputErrors."""
    act = opening.require_opening(actor, found)
    chosen = {opening.BODY: str(body.body)} if body.body else {}
    return typed(act.form, body.form, actor=actor) | chosen
