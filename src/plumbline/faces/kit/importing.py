"""Bring a file in, as portal and console show it: choose it, see its first rows and say which column is which, see
every bad cell, then take in all of it or the good rows. The worker does it; this shows how far it is and asks.

A face says what is brought in (`Importing`) and frames the pages. Which column is which is remembered for this person
and this header.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts.types import Actor
from plumbline.domain.drafts import actions as remembering
from plumbline.domain.drafts import queries as remembered
from plumbline.domain.errands import queries as errands
from plumbline.domain.errands.types import ErrandFacts
from plumbline.domain.files import actions as parking
from plumbline.domain.intake import actions, queries
from plumbline.domain.intake.types import CAPS, TAKES, BroughtFile
from plumbline.domain.rows.findings import Intake
from plumbline.errors import InputError, PlumblineError, StateError, say
from plumbline.faces.kit import formats, uploads
from plumbline.faces.kit.act_form import faults as faults_of
from plumbline.faces.kit.intake_report import Known, Report, column_name, report_of
from plumbline.faces.kit.long_work import REFRESH_S, WorkLine, line_of, steer
from plumbline.faces.kit.shapes import Fault, Option

COLUMNS = "columns"


@dataclass(frozen=True)
class Importing:
    """What is brought in. kind: of the errand; form_url: where a file is chosen; done_url: where the rows are then.

    urls: the addresses of the step, of its bad rows and of its report, by the errand's key.
    """

    kind: str
    known: Known
    form_url: str
    done_url: str
    step_url: Callable[[UUID], str]
    bad_url: Callable[[UUID], str]
    report_url: Callable[[UUID], str]


@dataclass(frozen=True)
class Choice:
    """One column of the template, and which column of the file it may be."""

    name: str
    label: str
    is_required: bool
    options: Sequence[Option]


@dataclass(frozen=True)
class Step:
    """How an import stands, for its page. refresh_s: how soon it will look different, 0 where it waits or has ended."""

    line: WorkLine
    file: BroughtFile
    answer: str
    columns: Sequence[str]
    sample: Sequence[Sequence[str]]
    choices: Sequence[Choice]
    report: Report | None
    is_refused: bool
    asks: str
    faults: Sequence[Fault]
    form_url: str
    done_url: str
    bad_url: str
    report_url: str
    refresh_s: int


def begin(request: HttpRequest, actor: Actor, *, importing: Importing, terms: Mapping[str, object]) -> str:
    """Lay the uploaded file aside and ask for it to be opened; return the address that shows how it goes.

    Raises: InputError beside `file` for none, an empty or a too large one.
    """
    file = laid_aside(request)
    errand = actions.ask(actor, importing.kind, file=file, terms=terms, at=timezone.now())
    return importing.step_url(errand.id)


def laid_aside(request: HttpRequest) -> BroughtFile:
    """Return the uploaded file, laid aside under its hash. Raises: InputError beside `file`."""
    file = request.FILES.get("file")  # reading it is what finds that it is too large
    require_whole(request)
    if not isinstance(file, UploadedFile):
        raise InputError(say("没有选文件"), remedy=say("选一个 Excel、CSV 或 Parquet 文件"), field="file")
    size = file.size or 0
    if not 0 < size <= CAPS.file_bytes:
        raise InputError(
            say("文件有 {size} 字节，这里收 1 到 {most} 字节", size=size, most=CAPS.file_bytes),
            remedy=say("分成几个文件导入"),
            field="file",
        )
    sha256, written = parking.park(file.chunks(), at=timezone.now())
    return BroughtFile(sha256, (file.name or "")[:80], written)


def require_whole(request: HttpRequest) -> None:
    """Pass if what was uploaded was taken to its end. Raises: InputError beside `file` for a too large one."""
    uploads.require_whole(request, field="file", remedy=say("分成几个文件导入"))


def limits() -> dict[str, str]:
    """Return the limits of a file, as a form says them."""
    return {"most_mb": formats.number(CAPS.file_bytes // 1_000_000), "most_rows": formats.number(CAPS.rows)}


def errand_of(actor: Actor, errand_id: UUID, *, importing: Importing) -> ErrandFacts:
    """Return the errand of an import page. Raises: Hidden for one of another kind, or another's."""
    errand = errands.errand(errand_id)
    if errand.kind != importing.kind or not errands.may_steer(actor, errand):
        raise errands.no_such_errand()
    return errand


def act(request: HttpRequest, actor: Actor, *, importing: Importing, errand: ErrandFacts) -> None:
    """Do what a page of an import asks: stop, resume, say which column is which, take in. Raises: as the actions do."""
    take = request.POST.get("take", "")
    if take == COLUMNS:
        mapping = _posted_mapping(request, importing, errand=errand) or _used(actor, importing, errand=errand)
        actions.explain(actor, errand.id, template=importing.known.template, mapping=mapping)
        remembering.keep(actor, _draft_name(importing, errand), content=mapping, at=timezone.now())
    elif take in TAKES:
        actions.decide(actor, errand.id, take=take)
    else:
        steer(request, actor)


def step(actor: Actor, errand: ErrandFacts, *, importing: Importing, error: PlumblineError | None = None) -> Step:
    """Return how an import stands, in the reader's words."""
    intake = queries.intake_of(errand)
    asks = errand.phase if errand.state == "asks" else ""
    has_report = intake is not None and (asks == "take" or errand.state == "done")
    return Step(
        line=line_of(actor, errand),
        file=queries.file_of(errand),
        answer=_answer(errand, intake, asks=asks),
        columns=queries.columns_of(errand),
        sample=queries.sample_of(errand) if asks == COLUMNS else [],
        choices=_choices(actor, errand, importing=importing) if asks == COLUMNS else [],
        report=_report(errand, intake, importing=importing) if intake is not None and has_report else None,
        is_refused=asks == "take" and bool(errand.result.get("is_refused")),
        asks=asks,
        faults=faults_of(error),
        form_url=importing.form_url,
        done_url=importing.done_url,
        bad_url=importing.bad_url(errand.id),
        report_url=importing.report_url(errand.id),
        refresh_s=REFRESH_S if errand.is_open else 0,
    )


# ---------------------------------------------------------------- columns


def _choices(actor: Actor, errand: ErrandFacts, *, importing: Importing) -> list[Choice]:
    used = _used(actor, importing, errand=errand)
    columns = [name for name in queries.columns_of(errand) if name]
    return [
        Choice(
            f"column-{column.key}",
            column_name(column),
            column.is_required,
            [Option(name, name, is_selected=used.get(column.key) == name) for name in columns],
        )
        for column in importing.known.template.columns
    ]


def _used(actor: Actor, importing: Importing, *, errand: ErrandFacts) -> dict[str, str]:
    """Return which column is which as the form offers it: as this person said before, else as the names say."""
    return _remembered(actor, importing, errand=errand) or queries.mapping_of(errand)


def _remembered(actor: Actor, importing: Importing, *, errand: ErrandFacts) -> dict[str, str]:
    """Return which column is which, as this person put it for this header before."""
    draft = remembered.draft(actor, _draft_name(importing, errand))
    held = draft.content if draft else {}
    columns = queries.columns_of(errand)
    return {key: str(name) for key, name in held.items() if importing.known.template.column(key) and name in columns}


def _posted_mapping(request: HttpRequest, importing: Importing, *, errand: ErrandFacts) -> dict[str, str]:
    """Return which column is which: as posted, else as the names say. Raises: InputError, StateError."""
    keys = [each.key for each in importing.known.template.columns]
    if not any(f"column-{key}" in request.POST for key in keys):
        return {}
    chosen = {key: request.POST.get(f"column-{key}", "") for key in keys}
    return sound_mapping({key: name for key, name in chosen.items() if name}, errand=errand)


def sound_mapping(mapping: dict[str, str], *, errand: ErrandFacts) -> dict[str, str]:
    """Return which column is which. Raises: InputError for a column of the file said twice; StateError for none."""
    twice = sorted({name for name in mapping.values() if list(mapping.values()).count(name) > 1})
    if twice:
        raise InputError(
            say("文件里的“{names}”选了两次", names="、".join(twice)), remedy=say("文件里的一列只能是一样东西")
        )
    unknown = [name for name in mapping.values() if name not in queries.columns_of(errand)]
    if unknown:
        raise StateError(say("这一页已经失效"), remedy=say("刷新页面再提交；您填的内容请先复制"))
    return mapping


def _draft_name(importing: Importing, errand: ErrandFacts) -> str:
    said = "\x1f".join((importing.known.template.name, *queries.columns_of(errand)))
    return f"map:{hashlib.sha256(said.encode()).hexdigest()[:36]}"


# ---------------------------------------------------------------- what was found


def _report(errand: ErrandFacts, intake: Intake, *, importing: Importing) -> Report:
    layout = queries.layout_of(errand, importing.known.template)
    return report_of(intake, queries.found(errand.id), layout=layout, known=importing.known)


def _answer(errand: ErrandFacts, intake: Intake | None, *, asks: str) -> str:
    ended = {"failed": _("没有导入，什么也没有写入"), "stopped": _("已停止，什么也没有写入")}
    if errand.state in ended:
        return ended[errand.state]
    if asks == COLUMNS:
        return _("看前几行，说明文件里的哪一列是什么")
    if errand.is_open or intake is None:
        return _("正在处理文件，可以离开这一页，回来再看")
    return _found_words(intake)


def _found_words(intake: Intake) -> str:
    if intake.is_written:
        return ngettext("已导入 {n} 行", "已导入 {n} 行", intake.new).format(n=formats.number(intake.new))
    if intake.refused:
        words = ngettext("{n} 行要改，{m} 行可以导入", "{n} 行要改，{m} 行可以导入", intake.refused)
        return words.format(n=formats.number(intake.refused), m=formats.number(intake.new))
    if intake.new:
        return ngettext("{n} 行可以导入", "{n} 行可以导入", intake.new).format(n=formats.number(intake.new))
    return _("没有新的：文件里的都已登记") if intake.unchanged else _("文件里没有一行数据")
