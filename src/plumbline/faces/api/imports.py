"""Files brought in: handed over, their columns explained, what was found in the rows, taken in; and how far it is.

The worker does it, piece by piece, as for the pages; whoever asks looks again until it waits or has ended.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from django.http.response import FileResponse
from django.utils.translation import gettext_noop
from ninja import File, Form, Path, Schema
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import AfterValidator, Field

from plumbline.domain.errands import actions as errands
from plumbline.domain.errands import queries as asked_for
from plumbline.domain.errands.types import ASKS, ErrandFacts
from plumbline.domain.intake import actions, queries
from plumbline.domain.rows.findings import Finding, Intake, sentence
from plumbline.errors import InputError, say
from plumbline.faces.api.bearing import Token, actor_of, once, require_right
from plumbline.faces.api.document import acts, hands_out, scoped_to
from plumbline.faces.api.problems import Fault
from plumbline.faces.api.routes import router
from plumbline.faces.api.shapes import Name, Said, answers, fields_named
from plumbline.faces.kit import import_kinds
from plumbline.faces.kit.import_files import report_file
from plumbline.faces.kit.import_kinds import ImportKind
from plumbline.faces.kit.importing import laid_aside, sound_mapping
from plumbline.faces.kit.templatetags.kit import text_of

SCOPE = "imports:run"
CSV = "text/csv"


def _printable(text: str) -> str:
    """Pass for what a form may hold. Raises: ValueError."""
    if not text.isprintable():
        raise ValueError(text)
    return text


Typed = Annotated[str, Field(default="", max_length=200), AfterValidator(_printable)]


class ImportTerms(Said):
    """What is asked besides the file; which of them, hangs on what is brought in."""

    kind: Literal["entries", "instruments", "organisations", "calibrations", "answers", "cases"] = Field(
        description=gettext_noop("导入什么：名册条目、器具、单位、外部校准记录、对接系统的答复或申请")
    )
    register_id: Typed = Field(default="", description=gettext_noop("名册条目：哪个名册"))
    since: Typed = Field(default="", description=gettext_noop("名册条目：没写起始日期的行从哪天起，默认今天"))
    owner: Typed = Field(default="", description=gettext_noop("器具和校准记录：使用单位的统一社会信用代码"))
    site: Typed = Field(default="", description=gettext_noop("器具：使用地点的名称"))
    category: Typed = Field(default="", description=gettext_noop("器具：没写类别的行算作哪类"))
    procedure_id: Typed = Field(default="", description=gettext_noop("申请：哪项程序"))
    partner: Typed = Field(default="", description=gettext_noop("答复：哪个对接系统"))
    region: Typed = Field(default="", description=gettext_noop("单位：以哪个地区的名义登记"))


class ImportColumn(Schema):
    """A column the import knows, and which column of the file it is taken to be, null for none."""

    key: str
    name: Name
    is_required: bool
    column: str | None


class ImportTally(Schema):
    """In how many rows one thing was found."""

    code: str
    is_error: bool
    rows: int
    detail: str


class ImportReport(Schema):
    """What an import would do, or has done: read = new + unchanged + refused."""

    read: int
    new: int
    unchanged: int
    refused: int
    warned: int
    is_written: bool
    tallies: list[ImportTally]


class Import(Schema):
    """An import. state: waiting, running, asks, stopped, done, failed; asks: what it waits for, columns or take."""

    id: UUID
    kind: str
    file: str
    state: str
    asks: str | None
    phase: str
    done: int
    of: int | None
    asked_at: datetime
    ended_at: datetime | None
    file_columns: list[str]
    sample: list[list[str]]
    columns: list[ImportColumn]
    report: ImportReport | None
    faults: list[Fault]


class Columns(Said):
    """Which column is which."""

    columns: dict[str, str] = Field(
        default_factory=dict,
        max_length=200,
        description=gettext_noop("导入的列到文件里的列名；空着就照系统按列名猜的"),
    )


class Take(Said):
    """Which rows are taken in: all, or only the good ones where some are refused."""

    rows: Literal["all", "good"]


@router.post(
    "/imports",
    auth=Token(SCOPE),
    response=answers(Import, status=201),
    tags=["imports"],
    operation_id="begin_import",
    summary=gettext_noop("上传一个要导入的文件"),
    openapi_extra=acts(SCOPE),
)
def begin(request: HttpRequest, terms: Form[ImportTerms], *, file: File[UploadedFile]) -> Status[Import]:  # noqa: ARG001  # read below
    """Lay a file aside and have it opened. Raises: AccessError; Hidden; InputError beside the field."""
    actor, asked = actor_of(request), terms.model_dump()
    kind = import_kinds.kind(terms.kind, terms.procedure_id if terms.kind == "cases" else terms.register_id)
    require_right(actor, kind.right)
    brought, kept = laid_aside(request), kind.terms(actor, asked)
    made = once(
        request,
        asked | {"sha256": brought.sha256, "name": brought.name},
        do=lambda actor, at: actions.ask(actor, kind.errand, file=brought, terms=kept, at=at).id,
    )
    return Status(201, _said(request, made))


@router.get(
    "/imports/{import_id}",
    auth=Token(SCOPE),
    response=answers(Import),
    tags=["imports"],
    operation_id="get_import",
    summary=gettext_noop("一次导入：到哪一步，查出什么"),
    openapi_extra=scoped_to(SCOPE),
)
def look(request: HttpRequest, import_id: Path[UUID]) -> Import:
    """Return how an import stands. Raises: Hidden."""
    return _said(request, import_id)


@router.post(
    "/imports/{import_id}/columns",
    auth=Token(SCOPE),
    response=answers(Import),
    tags=["imports"],
    operation_id="explain_import",
    summary=gettext_noop("说明哪一列是什么，开始查行"),
    openapi_extra=acts(SCOPE),
)
def explain(request: HttpRequest, import_id: Path[UUID], *, body: Columns) -> Import:
    """Have the rows read. Raises: Hidden; InputError for a column that is none; StateError if it asks nothing now."""
    errand, kind = _import(request, import_id)
    unknown = [each for each in body.columns.values() if each not in queries.columns_of(errand)]
    if unknown:
        raise InputError(
            say("文件里没有“{name}”这一列", name=unknown[0][:80]), remedy=say("从文件的列里选"), field="columns"
        )
    mapping = sound_mapping(dict(body.columns), errand=errand) or queries.mapping_of(errand)
    template = kind.known.template
    with fields_named({"file": "columns"}):
        once(
            request,
            body.model_dump(),
            do=lambda actor, _at: actions.explain(actor, errand.id, template=template, mapping=mapping).id,
        )
    return _said(request, import_id)


@router.post(
    "/imports/{import_id}/take",
    auth=Token(SCOPE),
    response=answers(Import),
    tags=["imports"],
    operation_id="take_import",
    summary=gettext_noop("导入：全部，或者只导入好的行"),
    openapi_extra=acts(SCOPE),
)
def take(request: HttpRequest, import_id: Path[UUID], *, body: Take) -> Import:
    """Have the rows taken in. Raises: Hidden; StateError if it asks nothing now."""
    errand, _kind = _import(request, import_id)
    once(request, body.model_dump(), do=lambda actor, _at: actions.decide(actor, errand.id, take=body.rows).id)
    return _said(request, import_id)


@router.post(
    "/imports/{import_id}/stop",
    auth=Token(SCOPE),
    response=answers(Import),
    tags=["imports"],
    operation_id="stop_import",
    summary=gettext_noop("停止一次导入"),
    openapi_extra=acts(SCOPE),
)
def stop(request: HttpRequest, import_id: Path[UUID]) -> Import:
    """Stop an import at the end of the piece in hand. Raises: Hidden; StateError if it has ended."""
    errand, _kind = _import(request, import_id)
    once(request, "stop", do=lambda actor, _at: errands.stop(actor, errand.id).id)
    return _said(request, import_id)


@router.get(
    "/imports/{import_id}/findings",
    auth=Token(SCOPE),
    response=answers(None),
    tags=["imports"],
    operation_id="get_import_findings",
    summary=gettext_noop("查出的每一处，逐行，CSV"),
    openapi_extra=hands_out(SCOPE, media=[CSV]),
)
def findings(request: HttpRequest, import_id: Path[UUID]) -> FileResponse:
    """Hand out every finding, row by row. Raises: Hidden; StateError before they are known."""
    errand, kind = _import(request, import_id)
    return report_file(errand, kind.known)


def _import(request: HttpRequest, import_id: UUID) -> tuple[ErrandFacts, ImportKind]:
    """Return an import that is the asker's to steer. Raises: Hidden; AccessError."""
    actor, errand = actor_of(request), asked_for.errand(import_id)
    _import_word, _point, name = errand.kind.partition(".")
    if name not in import_kinds.NAMES or not asked_for.may_steer(actor, errand):
        raise asked_for.no_such_errand()
    kind = import_kinds.kind(name, str(errand.asked.get("register", errand.asked.get("procedure", ""))))
    require_right(actor, kind.right)
    return errand, kind


def _said(request: HttpRequest, import_id: UUID) -> Import:
    errand, kind = _import(request, import_id)
    intake, mapping = queries.intake_of(errand), queries.mapping_of(errand)
    columns = [
        ImportColumn(
            key=each.key, name=Name(zh=each.zh, en=each.en), is_required=each.is_required, column=mapping.get(each.key)
        )
        for each in kind.known.template.columns
    ]
    return Import(
        id=errand.id, kind=kind.name, file=queries.file_of(errand).name, state=errand.state,
        asks=errand.phase if errand.state == ASKS else None, phase=errand.phase, done=errand.done, of=errand.of,
        asked_at=errand.asked_at, ended_at=errand.ended_at, file_columns=list(queries.columns_of(errand)),
        sample=queries.sample_of(errand), columns=columns, report=_report(intake, kind) if intake else None,
        faults=_faults(errand),
    )  # fmt: skip


def _report(intake: Intake, kind: ImportKind) -> ImportReport:
    tallies = [
        ImportTally(
            code=each.code, is_error=each.is_error, rows=each.rows,
            detail=text_of(sentence(kind.known.sentences, Finding(0, "", "…", each.code, each.is_error, other="…"))[0]),
        )
        for each in intake.tallies
    ]  # fmt: skip
    return ImportReport(
        read=intake.read, new=intake.new, unchanged=intake.unchanged, refused=intake.refused, warned=intake.warned,
        is_written=intake.is_written, tallies=tallies,
    )  # fmt: skip


def _faults(errand: ErrandFacts) -> list[Fault]:
    return [
        Fault(field="", detail=text_of(each.what), remedy=text_of(each.remedy) if each.remedy else "")
        for each in errand.faults
    ]
