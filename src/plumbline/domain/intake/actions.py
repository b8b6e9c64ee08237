"""Takes a file in as long work. Rooms name the kind (`rows.taking`); this says in which pieces it is done.

open: the header, the first rows, a guess which column is which; then it waits for its person. read: the rows, a piece
of some thousands at a time, each noted with what is wrong in it. compare: all rows with each other and with what is
held; then it waits for its person again. write: every row wanted, in one transaction, so that nothing is ever half
taken in. A piece that was read is not read again, whatever is killed in between; the same file again changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, astuple
from datetime import datetime
from itertools import islice
from uuid import UUID

from plumbline.domain.accounts.types import Actor
from plumbline.domain.errands import actions as errands
from plumbline.domain.errands import queries as asked_for
from plumbline.domain.errands.types import ErrandFacts, NewErrand, Progress
from plumbline.domain.files import actions as files
from plumbline.domain.files import queries as kept
from plumbline.domain.intake import queries
from plumbline.domain.intake.types import CAPS, TAKES, BroughtFile
from plumbline.domain.rows.findings import CHECK, Intake
from plumbline.domain.rows.staging import BATCH_ROWS, Stage, copied, findings
from plumbline.domain.rows.taking import Taking, concluded
from plumbline.errors import InputError, StateError, say
from plumbline.gateways.tables.reading import open_table
from plumbline.gateways.tables.template import Layout, Template
from plumbline.gateways.tables.values import TableStream

ROWS_A_PIECE = 2_500
SAMPLE_ROWS, SAMPLE_CHARACTERS = 20, 80
MEDIA = "application/octet-stream"


def ask(actor: Actor, kind: str, *, file: BroughtFile, terms: Mapping[str, object], at: datetime) -> ErrandFacts:
    """Ask for a file to be taken in. kind: the kind of errand; terms: what its room needs to know besides.

    The caller has asked whether the actor may. Raises: AccessError.
    """
    return errands.ask(actor, NewErrand(kind, file.name, {**terms, "file": asdict(file)}), at=at)


def explain(actor: Actor, errand_id: UUID, *, template: Template, mapping: Mapping[str, str]) -> ErrandFacts:
    """Say which column of the file is which, and have its rows read.

    Raises: InputError for a column that is none, or a required one that is missing; AccessError; StateError.
    """
    errand = asked_for.errand(errand_id)
    queries.lay_out_as(template, queries.columns_of(errand), mapping=mapping)
    return errands.answer(actor, errand_id, answers={"mapping": dict(mapping)})


def decide(actor: Actor, errand_id: UUID, *, take: str) -> ErrandFacts:
    """Have the rows taken in: "all", or the "good" ones. Raises: InputError; AccessError; StateError."""
    if take not in TAKES:
        raise InputError(say("没有说明导入哪些行"), remedy=say("选“全部导入”或“只导入好的”"), field="take")
    errand = asked_for.errand(errand_id)
    turn = int(str(errand.asked.get("turn", 0))) + 1
    return errands.answer(actor, errand_id, answers={"take": take, "turn": turn})


def work(errand: ErrandFacts, taking: Taking, *, at: datetime) -> Iterator[Progress]:
    """Yield the pieces of an import, from where its errand stands. Raises: InputError, StateError with a sentence."""
    asked, cursor = errand.asked, dict(errand.cursor)
    if "mapping" not in asked:
        yield _opened(errand, taking)
        return
    if cursor.get("mapping") != asked["mapping"]:
        errands.clear_pieces(errand.id)
        cursor = {"mapping": asked["mapping"], "rows": 0, "pieces": 0}
    layout = queries.layout_of(errand, taking.template)
    for progress in _read(errand, taking, layout=layout, cursor=cursor):
        cursor = dict(progress.cursor or {})
        yield progress
    if "compared" not in cursor or cursor.get("turn", 0) == asked.get("turn", 0):
        yield _compared(errand, taking, layout=layout, cursor=cursor, at=at)
        return
    yield _taken(errand, taking, layout=layout, cursor=cursor, at=at)


# ---------------------------------------------------------------- open


def _opened(errand: ErrandFacts, taking: Taking) -> Progress:
    stream = _stream(errand)
    sample = [[cell[:SAMPLE_CHARACTERS] for cell in row.cells] for row in islice(stream.rows, SAMPLE_ROWS)]
    guess = {
        column.key: name
        for column in taking.template.columns
        for name in stream.columns
        if name and name.casefold() in (column.key, column.zh, column.en.casefold())
    }
    result = {"columns": list(stream.columns), "sample": sample, "guess": guess, "encoding": stream.encoding}
    return Progress(0, stream.expected, "columns", result=result, asks=True)


def _stream(errand: ErrandFacts) -> TableStream:
    return open_table(kept.parked(queries.file_of(errand).sha256), caps=CAPS)


# ---------------------------------------------------------------- read


def _read(errand: ErrandFacts, taking: Taking, *, layout: Layout, cursor: dict[str, object]) -> Iterator[Progress]:
    """Read the rows that are not read yet, and put them aside piece by piece."""
    if cursor.get("is_read"):
        return
    rows, piece = int(str(cursor["rows"])), int(str(cursor["pieces"]))
    stream = _stream(errand)
    if stream.columns != queries.columns_of(errand):
        raise StateError(say("文件在导入途中变了"), remedy=say("重新上传文件"))
    staged = taking.staged(layout, islice(stream.rows, rows, None))
    while batch := list(islice(staged, ROWS_A_PIECE)):
        ready = copied(batch)
        queries.put_rows_aside(errand.id, piece, ready=ready)
        rows, piece = rows + ready.count, piece + 1
        yield Progress(rows, max(rows, stream.expected), "read", {**cursor, "rows": rows, "pieces": piece})
    yield Progress(rows, rows, "read", {**cursor, "rows": rows, "pieces": piece, "is_read": True})


# ---------------------------------------------------------------- compare and write


def _compared(
    errand: ErrandFacts, taking: Taking, *, layout: Layout, cursor: dict[str, object], at: datetime
) -> Progress:
    """Say what an import would do. It waits for its person, unless there is nothing to take in."""
    result = _concluded(errand, taking, layout=layout, mode=CHECK, at=at)
    cursor = {**cursor, "compared": True, "turn": errand.asked.get("turn", 0)}
    told = {**_told(result, layout), "is_refused": False}
    return Progress(result.read, result.read, "take", cursor, told, asks=bool(result.new or result.refused))


def _taken(errand: ErrandFacts, taking: Taking, *, layout: Layout, cursor: dict[str, object], at: datetime) -> Progress:
    """Take the rows in, or say why what was looked at before no longer goes."""
    mode = TAKES[str(errand.asked["take"])]
    result = _concluded(errand, taking, layout=layout, mode=mode, at=at)
    cursor = {**cursor, "turn": errand.asked["turn"]}
    if result.is_written:
        files.keep_parked(queries.file_of(errand).sha256, media=MEDIA)
        queries.clear_rows(errand.id)
        return Progress(result.read, result.read, "write", cursor, _told(result, layout))
    told = {**_told(result, layout), "is_refused": True}
    return Progress(result.read, result.read, "take", cursor, told, asks=True)


def _concluded(errand: ErrandFacts, taking: Taking, *, layout: Layout, mode: str, at: datetime) -> Intake:
    stage = Stage(taking.name, taking.columns)
    stage.fill_copied(queries.rows_aside(errand.id))
    result = concluded(taking, stage, layout=layout, mode=mode, at=at)
    errands.clear_pieces(errand.id, first=queries.FOUND)
    found = findings()
    for number, batch in enumerate(iter(lambda: [astuple(each) for each in islice(found, BATCH_ROWS)], [])):
        errands.put_aside(errand.id, queries.FOUND + number, content=json.dumps(batch, ensure_ascii=False))
    return result


def _told(result: Intake, layout: Layout) -> dict[str, object]:
    return {"intake": asdict(result), "used": dict(layout.headers), "ignored": list(layout.ignored)}
