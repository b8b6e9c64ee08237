"""Calibrations done outside: taken in from a file, and what falls due by them under assumed intervals.

An outside calibration names no measurement standards, so nothing here claims a chain. An interval is an assumption of
whoever gives the interval file, and every list made with it says so.
"""
# ruff: noqa: S608  # names of tables and columns are this module's own, never a file's; values are bound

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from django.db import connection, transaction

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, Subject
from plumbline.domain.certificates.intervals import Intervals, read_intervals
from plumbline.domain.directory import queries as directory
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal.types import Subject as JournalSubject
from plumbline.domain.rows.findings import Finding, Intake, Sentences
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.staging import Bound, Stage, Staged
from plumbline.domain.rows.taking import Run, Taking, take_in
from plumbline.errors import say
from plumbline.gateways.tables.days import known_day
from plumbline.gateways.tables.template import Column, Layout, Sheet, Template
from plumbline.gateways.tables.values import TableRow
from plumbline.rulebook.calendar import legal_day

TEMPLATE = Template(
    "calibrations",
    (
        Column("external_id", "资产编号", "asset number", "台账里的资产编号", "as in the register", is_required=True),
        Column("performed_on", "校准日期", "calibrated on", "年月日", "a whole day", is_required=True),
        Column("instrument_class", "器具分类", "instrument class", "原系统的分类", "the source's own grouping"),
        Column("serial", "出厂编号", "serial number", "证书上写的编号", "as the paper writes it"),
        Column("performed_by", "校准机构", "performed by", "可以空着", "may be empty"),
        Column("certificate_no", "证书编号", "certificate number", "可以空着", "may be empty"),
        Column("document", "文件", "document", "原始文件的名称", "name of the source file"),
        Column("document_sha256", "文件摘要", "document SHA-256", "64 位十六进制", "64 hex digits"),
        Column("values_count", "数据个数", "number of values", "整数", "a whole number"),
    ),
)
SENTENCES = {
    "width": Sentences(say("这一行的格数与表头不同"), say("检查这一行有没有多余的逗号或缺少的格")),
    "instrument_missing": Sentences(say("资产编号是空的"), say("填写台账里的资产编号")),
    "instrument_unknown": Sentences(say("台账里没有资产编号 {value}"), say("先导入或登记这台器具")),
    "day_missing": Sentences(say("校准日期是空的"), say("对照证书补上")),
    "day_wrong": Sentences(say("校准日期“{value}”看不懂或不完整"), say("写成 2015-05-04 这样")),
    "day_future": Sentences(say("校准日期 {value} 还没有到"), say("对照证书改正日期")),
    "too_long": Sentences(say("这一格太长，最多 {other} 个字符"), say("缩短这一格")),
    "number_wrong": Sentences(say("“{value}”不是整数"), say("改成整数，或清空这一格")),
    "sha256_wrong": Sentences(say("“{value}”不是 SHA-256 摘要"), say("写 64 位十六进制，或清空这一格")),
    "exactly_repeated": Sentences(say("与第 {other} 行是同一次校准"), say("只留一行")),
    "same_day": Sentences(say("同一台器具在 {value} 有多次校准，见第 {other} 行"), say("核对是否重复")),
    "serial_differs": Sentences(say("证书上的出厂编号是 {value}，台账里是 {other}"), say("核对是不是这台器具")),
    "before_acquired": Sentences(say("校准日期 {value} 早于购置日期 {other}"), say("核对购置日期")),
    "differs": Sentences(say("这次校准已登记，但这些列不同：{other}"), say("已登记的校准不能改；核对哪一份是对的")),
}
_LENGTHS = {
    "external_id": 80, "instrument_class": 80, "serial": 80, "performed_by": 200, "certificate_no": 120,
    "document": 300,
}  # fmt: skip
_TEXTS = ("instrument_class", "serial", "performed_by", "certificate_no", "document", "document_sha256")
_KEY = ("performed_on", "instrument_class", "certificate_no", "document")
_SAME = " and ".join(f"c.{name} = s.{name}" for name in _KEY)
_INSTRUMENT = "join registers_instrument i on i.owner_id = %(owner)s and i.external_id = s.external_id"


__all__ = [
    "DueRow", "Intervals", "calibration_sentences", "calibration_template", "due_rows", "import_calibrations",
    "read_intervals",
]  # fmt: skip


@dataclass(frozen=True)
class DueRow:
    """One instrument as a due list shows it. status: never, overdue or in_time; months, days: None where never."""

    identity: str
    external_id: str
    name_zh: str
    serial: str
    instrument_class: str
    performed_on: date | None
    months: int | None
    due_on: date | None
    status: str


def calibration_template() -> Template:
    """Return the columns an import of outside calibrations knows."""
    return TEMPLATE


def calibration_sentences() -> dict[str, Sentences]:
    """Return the sentences of what an import of outside calibrations finds."""
    return SENTENCES


@transaction.atomic
def import_calibrations(actor: Actor, sheet: Sheet, *, owner_id: UUID, mode: str, at: datetime) -> Intake:
    """Take outside calibrations of one owner's instruments in from a file. What is held is never changed.

    Raises: AccessError; InputError for an unknown mode or owner.
    """
    return take_in(calibrations_taking(actor, owner_id, at=at), sheet, mode=mode, at=at)


def calibrations_taking(actor: Actor, owner_id: UUID, *, at: datetime) -> Taking:
    """Return the import of outside calibrations of one owner's instruments. Raises: AccessError; InputError."""
    owner = directory.organisation(owner_id)
    accounts.require(actor, "import.run", subject=Subject(owner_id=owner_id, region_code=owner.region_code))

    def tell(result: Intake, run: Run) -> None:
        counts = asdict(result) | {"tallies": [asdict(each) for each in result.tallies], "kind": "calibrations"}
        subject = JournalSubject("intake", run.key, owner_id, None, owner.region_code)
        journal.append_act(actor, subject, name="intake.run", data=counts, at=run.at)

    return CalibrationTaking(owner_id, tell, today=legal_day(at))


class CalibrationTaking(Taking):
    """Outside calibrations of the instruments of one owner."""

    name = "calibration"
    columns: ClassVar[Mapping[str, str]] = {
        "id": "uuid", "external_id": "text", "performed_on": "date", **dict.fromkeys(_TEXTS, "text"),
        "values_count": "int",
    }  # fmt: skip
    template = TEMPLATE
    sentences = SENTENCES

    def __init__(self, owner_id: UUID, tell: Callable[[Intake, Run], None], *, today: date) -> None:
        """Take whose instruments, how the journal is told, and the day after which nothing can have been calibrated."""
        self.owner = {"owner": owner_id}
        self._tell = tell
        self.today = today

    def staged(self, layout: Layout, rows: Iterable[TableRow]) -> Iterator[Staged]:
        """Yield the rows with what is wrong in each alone."""
        return _staged(layout, rows, today=self.today)

    def compare(self, stage: Stage, layout: Layout) -> int:  # noqa: ARG002  # every column is one of ours
        """Find what is not in the register, stands twice, or is held otherwise."""
        _find_clashes(stage, self.owner)
        stage.index_findings()
        held = f"join certificates_outsidecalibration c on c.instrument_id = i.id and {_SAME}"
        return stage.run(f"select s.line from {stage.table} s {_INSTRUMENT} {held} where not {stage.bad()}", self.owner)

    def write(self, stage: Stage, run: Run) -> None:
        """Insert the rows that are good and new."""
        _insert(stage, {**self.owner, "key": run.key, "at": run.at})

    def tell(self, result: Intake, run: Run) -> None:
        """Tell the journal of rows that were written."""
        self._tell(result, run)


def due_rows(intervals: Intervals, *, owner_id: UUID | None, at: date) -> Iterator[DueRow]:
    """Return how instruments in use stand on a day, in order of the owner's number, streamed from the database.

    Instruments outside the catalogue, and others that have an outside calibration: when a mandatory verification
    ends is said by its certificate, never by an assumed interval.

    The interval is that of the class of the latest calibration on or before the day; of two classes on that day the
    shorter. Due on = day of calibration plus the interval in months (a day that the month has not, its last); overdue
    from that day on. owner_id: whose instruments; None for all that the scope sees.
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            _DUE,
            {
                "owner": owner_id,
                "at": at,
                "default": intervals.default_months,
                "classes": list(intervals.months),
                "months": list(intervals.months.values()),
            },
        )
        while rows := cursor.fetchmany(2_000):
            yield from (DueRow(*row) for row in rows)


# The latest calibration is looked up by index for each instrument: right after an import the tables have no statistics,
# and a join would be planned for one row.
_DUE = """
    select i.identity, i.external_id, i.name_zh, i.serial, coalesce(d.instrument_class, ''), d.performed_on, d.months,
           d.due_on,
           case when d.due_on is null then 'never' when d.due_on <= %(at)s then 'overdue' else 'in_time' end
      from registers_instrument i left join lateral (
        select c.performed_on, c.instrument_class, coalesce(a.months, %(default)s) months,
               (c.performed_on + make_interval(months => coalesce(a.months, %(default)s)))::date due_on
          from certificates_outsidecalibration c
               left join unnest(%(classes)s::text[], %(months)s::int[]) a(instrument_class, months)
                      on a.instrument_class = c.instrument_class
         where c.instrument_id = i.id and c.performed_on <= %(at)s
         order by c.performed_on desc, months, c.instrument_class limit 1) d on true
     where i.state = 'in_use' and (i.category = 'OUTSIDE' or d.due_on is not null)
       and (%(owner)s::uuid is null or i.owner_id = %(owner)s)
     order by i.external_id, i.id
    """


def _insert(stage: Stage, values: Bound) -> None:
    names = ", ".join(("performed_on", *_TEXTS, "values_count"))
    picked = ", ".join(f"s.{name}" for name in ("performed_on", *_TEXTS, "values_count"))
    stage.run(
        f"insert into certificates_outsidecalibration (id, instrument_id, {names}, intake, registered_at)"
        f" select s.id, i.id, {picked}, %(key)s, %(at)s from {stage.table} s {_INSTRUMENT}"
        f" where not {stage.bad()} order by s.line on conflict do nothing",
        values,
    )


def _staged(layout: Layout, rows: Iterable[TableRow], *, today: date) -> Iterator[Staged]:
    nothing = {column.key: "" for column in TEMPLATE.columns}
    for row in rows:
        values = nothing | layout.values(row)
        found = list(_row_findings(row.line, values))
        if not layout.has_right_width(row):
            found.append(Finding(row.line, "", "", "width", is_error=True))
        day = known_day(values["performed_on"]).day
        if day is not None and day > today:
            found.append(Finding(row.line, "performed_on", str(day), "day_future", is_error=True))
        count = int(values["values_count"]) if values["values_count"].isdecimal() else None
        texts = (values[name] for name in _TEXTS)
        yield Staged(row.line, (new_id(), values["external_id"], day, *texts, count), found)


def _row_findings(line: int, values: dict[str, str]) -> Iterator[Finding]:
    if not values["external_id"]:
        yield Finding(line, "external_id", "", "instrument_missing", is_error=True)
    if known_day(values["performed_on"]).day is None:
        code = "day_wrong" if values["performed_on"] else "day_missing"
        yield Finding(line, "performed_on", values["performed_on"], code, is_error=True)
    if values["values_count"] and not (values["values_count"].isdecimal() and len(values["values_count"]) < 10):
        yield Finding(line, "values_count", values["values_count"][:40], "number_wrong", is_error=True)
    digest = values["document_sha256"]
    if digest and not (len(digest) == 64 and set(digest.lower()) <= set("0123456789abcdef")):
        yield Finding(line, "document_sha256", digest[:80], "sha256_wrong", is_error=True)
    for name, limit in _LENGTHS.items():
        if len(values[name]) > limit:
            yield Finding(line, name, values[name][:40], "too_long", is_error=True, other=str(limit))


def _find_clashes(stage: Stage, owner: Bound) -> None:
    table = stage.table
    stage.find(
        "select s.line, 'external_id', s.external_id, 'instrument_unknown', true, '', s.external_id"
        f" from {table} s where s.external_id <> '' and not exists (select 1 from registers_instrument i"
        " where i.owner_id = %(owner)s and i.external_id = s.external_id)",
        owner,
    )
    stage.find(
        "select line, 'performed_on', performed_on::text, 'exactly_repeated', true, first::text, '' from (select line,"
        f" performed_on, min(line) over (partition by external_id, {', '.join(_KEY)}) first"
        f" from {table} where external_id <> '' and performed_on is not null) r where line <> first"
    )
    stage.find(
        "select line, 'performed_on', performed_on::text, 'same_day', false, coalesce(before, after)::text,"
        " external_id || ' ' || performed_on from"
        " (select *, lag(line) over same before, lead(line) over same after"
        f" from {table} where external_id <> '' and performed_on is not null"
        " window same as (partition by external_id, performed_on order by line)) r"
        " where coalesce(before, after) is not null"
    )
    stage.find(
        "select s.line, 'serial', s.serial, 'serial_differs', false, i.serial, ''"
        f" from {table} s {_INSTRUMENT} where s.serial <> '' and s.serial <> i.serial",
        owner,
    )
    stage.find(
        "select s.line, 'performed_on', s.performed_on::text, 'before_acquired', false, i.acquired_on::text, ''"
        f" from {table} s {_INSTRUMENT} where s.performed_on < i.acquired_on",
        owner,
    )
    stage.find(
        "select s.line, 'document_sha256', s.document_sha256, 'differs', true, 'document_sha256, serial', ''"
        f" from {table} s {_INSTRUMENT} join certificates_outsidecalibration c on c.instrument_id = i.id and {_SAME}"
        " where (c.document_sha256, c.serial) is distinct from (s.document_sha256, s.serial)",
        owner,
    )
