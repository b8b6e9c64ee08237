"""Bring entries of a simple register in from a file: check, put columns right, see every bad cell, then take in.

The file waits between check and import, so that what is taken in is what was checked. Which column is which is
remembered for this person and this header.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from plumbline.domain.accounts.types import Actor
from plumbline.domain.drafts import actions as remembering
from plumbline.domain.drafts import queries as remembered
from plumbline.domain.files import actions as parking
from plumbline.domain.files import queries as parked
from plumbline.domain.registers import actions
from plumbline.domain.registers.queries import entries as kept
from plumbline.domain.registers.types import EntryIntake
from plumbline.domain.rows.findings import ALL_OR_NOTHING, CHECK, GOOD_ROWS, Finding, Intake
from plumbline.domain.rows.staging import findings
from plumbline.errors import InputError, PlumblineError, StateError, say
from plumbline.faces.console.entry_files import workbook_file
from plumbline.faces.console.entry_list import place
from plumbline.faces.console.shell import faults_of, officer, page, require_right, see_other
from plumbline.faces.kit import formats
from plumbline.faces.kit.act_form import errors_by_field
from plumbline.faces.kit.acting import status_of
from plumbline.faces.kit.intake_report import Known, column_name, finding_lines, report_of
from plumbline.faces.kit.shapes import Crumb, Option
from plumbline.faces.kit.templatetags.kit import text_of
from plumbline.gateways.tables.reading import open_table
from plumbline.gateways.tables.template import Layout, Sheet, Template, lay_out
from plumbline.gateways.tables.values import Caps, TableRow, TableStream
from plumbline.gateways.tables.workbook import Cell, Head, Tab
from plumbline.rulebook import registers as rulebook
from plumbline.rulebook.registers import Register

CAPS = Caps(file_bytes=50_000_000, rows=100_000)
KEPT = "entries:"


@dataclass(frozen=True)
class Waiting:
    """The file that waits to be taken in, what it was called, and since when its rows hold that do not say."""

    key: str
    name: str
    since: str


@officer
def bring_in(request: HttpRequest, actor: Actor, *, register_id: str) -> HttpResponse:
    """Show the form; a POST lays the file aside and leads to what was found in it."""
    register = _editable(actor, register_id)
    if request.method != "POST":
        return _form(request, register)
    try:
        waiting = _laid_aside(request)
        open_table(parked.parked(waiting.key), caps=CAPS)
    except (InputError, StateError) as error:
        return _form(request, register, error=error)
    request.session[KEPT + register.id] = asdict(waiting)
    return redirect("console:entry_import_check", register_id=register.id)


@officer
def check(request: HttpRequest, actor: Actor, *, register_id: str) -> HttpResponse:
    """Show what was found in the file that waits; a POST puts columns right, or takes it in: all, or the good rows."""
    register = _editable(actor, register_id)
    waiting = _waiting(request, register)
    if waiting is None:
        return redirect("console:entry_import", register_id=register.id)
    try:
        stream = open_table(parked.parked(waiting.key), caps=CAPS)
        if request.POST.get("take") == "columns":
            _remember(request, actor, register=register, stream=stream)
            return redirect("console:entry_import_check", register_id=register.id)
        mode = {"all": ALL_OR_NOTHING, "good": GOOD_ROWS}.get(request.POST.get("take", ""), CHECK)
        layout, intake = _taken_in(actor, register, waiting=waiting, stream=stream, mode=mode)
    except (InputError, StateError) as error:
        return _columns(request, actor, register=register, waiting=waiting, error=error)
    if intake.is_written:
        return _done(request, register, waiting=waiting, intake=intake)
    return _found(request, register, waiting=waiting, stream=stream, found=(layout, intake))


@require_safe
@officer
def bad_rows(request: HttpRequest, actor: Actor, *, register_id: str) -> HttpResponse | FileResponse:
    """Return the refused rows as a workbook, the reason beside each cell; mended, it may be imported again."""
    register = _editable(actor, register_id)
    waiting = _waiting(request, register)
    if waiting is None:
        return redirect("console:entry_import", register_id=register.id)
    stream = open_table(parked.parked(waiting.key), caps=CAPS)
    layout, _intake = _taken_in(actor, register, waiting=waiting, stream=stream, mode=CHECK)
    wrong: dict[int, dict[str, str]] = {}
    found = (each for each in findings() if each.is_error)
    for each, line in _with_words(found, _known(register)):
        told = wrong.setdefault(each.line, {})
        told[each.column] = "; ".join(filter(None, (told.get(each.column, ""), line)))
    again = open_table(parked.parked(waiting.key), caps=CAPS)
    return workbook_file("bad-rows.xlsx", [_bad_tab(again, layout, wrong=wrong)])


def _editable(actor: Actor, register_id: str) -> Register:
    register = rulebook.by_id(register_id)
    require_right(actor, f"entry.{register.id}.edit")
    return register


def _known(register: Register) -> Known:
    return Known(kept.entry_template(register.id), kept.entry_sentences())


# ---------------------------------------------------------------- the bad rows


def _with_words(found: Iterator[Finding], known: Known) -> Iterator[tuple[Finding, str]]:
    for each in found:
        (line,) = finding_lines([each], known)
        yield each, f"{text_of(line.what)} → {text_of(line.remedy)}"


def _bad_tab(stream: TableStream, layout: Layout, *, wrong: dict[int, dict[str, str]]) -> Tab:
    """Return the refused rows: each column of the file, and behind a column with faults one that says them."""
    places = {place: key for key, place in layout.places.items()}
    faulty = {column for told in wrong.values() for column in told}
    heads: list[Head] = []
    for number, name in enumerate(stream.columns):
        heads.append(Head(name or f"#{number + 1}"))
        if places.get(number) in faulty:
            heads.append(Head(_("{name}：怎么了").format(name=name), width=40))
    others = faulty - set(layout.places)
    heads += [Head(_("整行：怎么了"), width=40)] if others else []

    def cells(row: TableRow) -> list[Cell]:
        told, shown = wrong[row.line], []
        for number in range(len(stream.columns)):
            shown.append(row.cells[number] if number < len(row.cells) else "")
            key = places.get(number)
            if key in faulty:
                shown.append(told.get(key or "", ""))
        return [*shown, "; ".join(text for column, text in told.items() if column in others)]

    return Tab(_("要改的行"), heads, (cells(row) for row in stream.rows if row.line in wrong))


# ---------------------------------------------------------------- the file


def _laid_aside(request: HttpRequest) -> Waiting:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise InputError(say("没有选文件"), remedy=say("选一个 Excel、CSV 或 Parquet 文件"), field="file")
    size = file.size or 0
    if not 0 < size <= CAPS.file_bytes:
        raise InputError(
            say("文件有 {size} 字节，这里收 1 到 {most} 字节", size=size, most=CAPS.file_bytes),
            remedy=say("分成几个文件导入"),
            field="file",
        )
    text = request.POST.get("since", "").strip() or formats.day(timezone.localdate())
    try:
        date.fromisoformat(text)
    except ValueError as err:
        raise InputError(
            say("“{text}”不是日期", text=text[:20]), remedy=say("写成 2026-11-21 的样子"), field="since"
        ) from err
    return Waiting(parking.park(file.read(), at=timezone.now()), (file.name or "")[:80], text)


def _waiting(request: HttpRequest, register: Register) -> Waiting | None:
    raw = request.session.get(KEPT + register.id)
    return Waiting(**raw) if isinstance(raw, dict) else None


def _taken_in(
    actor: Actor, register: Register, *, waiting: Waiting, stream: TableStream, mode: str
) -> tuple[Layout, Intake]:
    mapping = _mapping(actor, register, stream=stream)
    layout = lay_out(kept.entry_template(register.id), stream.columns, mapping=mapping)
    terms = EntryIntake(mode, date.fromisoformat(waiting.since))
    sheet = Sheet(layout, stream.rows)
    return layout, actions.import_entries(actor, register.id, sheet=sheet, terms=terms, at=timezone.now())


def _draft_name(register: Register, stream: TableStream) -> str:
    said = "\x1f".join((register.id, *stream.columns))
    return f"map:{hashlib.sha256(said.encode()).hexdigest()[:36]}"


def _mapping(actor: Actor, register: Register, *, stream: TableStream) -> dict[str, str]:
    """Return which column is which, as this person put it for this header before."""
    draft = remembered.draft(actor, _draft_name(register, stream))
    known = kept.entry_template(register.id)
    held = draft.content if draft else {}
    return {key: str(name) for key, name in held.items() if known.column(key) and name in stream.columns}


def _remember(request: HttpRequest, actor: Actor, *, register: Register, stream: TableStream) -> None:
    columns = kept.entry_template(register.id).columns
    chosen = {column.key: request.POST.get(f"column-{column.key}", "") for column in columns}
    content = {key: name for key, name in chosen.items() if name in stream.columns and name}
    remembering.keep(actor, _draft_name(register, stream), content=content, at=timezone.now())


# ---------------------------------------------------------------- pages


def _form(request: HttpRequest, register: Register, *, error: PlumblineError | None = None) -> HttpResponse:
    context = {
        "register": register,
        "columns": kept.entry_template(register.id).columns,
        "since": request.POST.get("since") or formats.day(timezone.localdate()),
        "most_mb": formats.number(CAPS.file_bytes // 1_000_000),
        "most_rows": formats.number(CAPS.rows),
        "faults": faults_of(error) if error else [],
        "errors": errors_by_field(error),
    }
    status = status_of(error) if error else 200
    return page(request, "entry_import", context=context, place=place(register, Crumb(_("导入"))), status=status)


def _place_of_check(register: Register) -> Sequence[Crumb]:
    return Crumb(_("导入"), reverse("console:entry_import", args=[register.id])), Crumb(_("检查结果"))


def _choices(template: Template, columns: Sequence[str], *, used: dict[str, str]) -> list[dict[str, object]]:
    return [
        {
            "name": f"column-{column.key}",
            "label": column_name(column),
            "is_required": column.is_required,
            "options": [Option(name, name, is_selected=used.get(column.key) == name) for name in columns if name],
        }
        for column in template.columns
    ]


def _columns(
    request: HttpRequest, actor: Actor, *, register: Register, waiting: Waiting, error: PlumblineError
) -> HttpResponse:
    """Show which columns the file has, to say which is which; for a file that cannot be read, the form again."""
    try:
        stream = open_table(parked.parked(waiting.key), caps=CAPS)
    except (InputError, StateError):
        return _form(request, register, error=error)
    template = kept.entry_template(register.id)
    used = _mapping(actor, register, stream=stream)
    for column in template.columns:
        named = next((name for name in stream.columns if name in (column.key, column.zh, column.en)), "")
        used.setdefault(column.key, named)
    context = {
        "register": register,
        "waiting": waiting,
        "report": None,
        "answer": _("先说明文件里的哪一列是什么"),
        "choices": _choices(template, stream.columns, used=used),
        "faults": faults_of(error),
    }
    where = place(register, *_place_of_check(register))
    return page(request, "entry_import_check", context=context, place=where, status=status_of(error))


def _found(
    request: HttpRequest, register: Register, *, waiting: Waiting, stream: TableStream, found: tuple[Layout, Intake]
) -> HttpResponse:
    layout, intake = found
    known = _known(register)
    context = {
        "register": register,
        "waiting": waiting,
        "report": report_of(intake, findings(), layout=layout, known=known),
        "answer": _answer(intake),
        "choices": _choices(known.template, stream.columns, used=dict(layout.headers)),
        "is_refused": request.method == "POST",
    }
    return page(request, "entry_import_check", context=context, place=place(register, *_place_of_check(register)))


def _answer(intake: Intake) -> str:
    if intake.refused:
        words = ngettext("{n} 行要改，{m} 条可以导入", "{n} 行要改，{m} 条可以导入", intake.refused)
        return words.format(n=formats.number(intake.refused), m=formats.number(intake.new))
    if not intake.new:
        return _("没有新的：文件里的都已登记") if intake.unchanged else _("文件里没有一行数据")
    return ngettext("{n} 条可以导入", "{n} 条可以导入", intake.new).format(n=formats.number(intake.new))


def _done(request: HttpRequest, register: Register, *, waiting: Waiting, intake: Intake) -> HttpResponse:
    parking.unpark(waiting.key)
    request.session.pop(KEPT + register.id, None)
    words = ngettext("已导入 {n} 条", "已导入 {n} 条", intake.new).format(n=formats.number(intake.new))
    messages.success(request, words)
    return see_other(reverse("console:entries", args=[register.id]))
