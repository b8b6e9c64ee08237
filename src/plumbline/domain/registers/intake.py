"""Takes instruments in from a file: its columns, what can be wrong in a row, what clashes, and the one INSERT.

Repeated maker, model and serial are a warning: real registers hold such instruments. What is held is never changed by
an import: a row that says otherwise is an error, so that a change is always an act with a reason.
"""
# ruff: noqa: S608  # names of tables and columns are this module's own, never a file's; values are bound

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import ClassVar

from plumbline.domain.registers.rules import TEXT_LENGTHS
from plumbline.domain.registers.types import IntakeTarget
from plumbline.domain.rows.codes import new_identity, new_lookup_code
from plumbline.domain.rows.findings import Finding, Intake, Sentences
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.printing import UNPRINTABLE, unprintable
from plumbline.domain.rows.staging import Bound, Stage, Staged
from plumbline.domain.rows.taking import Run, Taking
from plumbline.errors import say
from plumbline.gateways.tables.days import known_day
from plumbline.gateways.tables.template import Column, Layout, Template
from plumbline.gateways.tables.values import TableRow
from plumbline.rulebook import catalogue

TEMPLATE = Template(
    "instruments",
    (
        Column(
            "external_id", "资产编号", "asset number", "本单位自编，不重复", "your own, each once", is_required=True
        ),
        Column("name_zh", "器具名称", "name", "例如 加油枪", "such as fuel nozzle", is_required=True),
        Column("name_en", "英文名称", "English name", "可以空着", "may be empty"),
        Column("category", "器具类别", "category", "强检目录代码；目录外写 OUTSIDE", "of the catalogue, or OUTSIDE"),
        Column("model", "型号规格", "model", "可以空着", "may be empty"),
        Column("serial", "出厂编号", "serial number", "空着只是警告", "empty is a warning only"),
        Column("maker", "制造单位", "maker", "可以空着", "may be empty"),
        Column("range_text", "测量范围", "range", "可以空着", "may be empty"),
        Column("accuracy_class", "准确度等级", "accuracy class", "可以空着", "may be empty"),
        Column("place", "安装位置", "place", "例如 3 号枪", "such as nozzle 3"),
        Column("acquired_on", "购置日期", "acquired on", "年月日；不全只是警告", "a whole day, else a warning"),
    ),
)
SENTENCES = {
    "width": Sentences(say("这一行的格数与表头不同"), say("检查这一行有没有多余的逗号或缺少的格")),
    "external_id_missing": Sentences(say("资产编号是空的"), say("给这台器具编一个本单位内不重复的编号")),
    "external_id_repeated": Sentences(say("资产编号 {value} 在文件里出现多次，首次在第 {other} 行"), say("只留一行")),
    "name_missing": Sentences(say("器具名称是空的"), say("填写器具名称")),
    "too_long": Sentences(say("这一格太长，最多 {other} 个字符"), say("缩短这一格")),
    "unprintable": UNPRINTABLE,
    "category_missing": Sentences(say("没有器具类别"), say("在文件里填写，或在导入时指定一类")),
    "category_unknown": Sentences(say("器具类别“{value}”不在目录里"), say("从目录里选一类；目录外写 OUTSIDE")),
    "serial_missing": Sentences(say("出厂编号是空的"), say("对照铭牌补上；没有铭牌的写明")),
    "repeated": Sentences(say("制造单位、型号和出厂编号与第 {other} 行相同"), say("核对是否同一台器具登记了两次")),
    "repeated_held": Sentences(say("制造单位、型号和出厂编号与台账里的 {other} 相同"), say("核对是否已经登记过")),
    "day_missing": Sentences(say("购置日期是空的"), say("有资料时补上")),
    "day_part": Sentences(say("购置日期“{value}”不是完整的日期，没有采用"), say("补全到日")),
    "day_wrong": Sentences(say("购置日期“{value}”看不懂"), say("写成 2015-05-04 这样")),
    "differs": Sentences(
        say("资产编号 {value} 已登记，但这些列不同：{other}"), say("变更走台账的变更手续，导入不改已登记的内容")
    ),
}
_TEXTS = tuple(column.key for column in TEMPLATE.columns if column.key != "acquired_on")
_COMPARED = ("name_zh", "name_en", "category", "model", "serial", "maker", "range_text", "accuracy_class")


class InstrumentTaking(Taking):
    """Instruments of one owner, registered at one site or in one area."""

    name = "instrument"
    columns: ClassVar[Mapping[str, str]] = {
        "id": "uuid", "identity": "text", "lookup_code": "text", **dict.fromkeys(_TEXTS, "text"), "acquired_on": "date",
    }  # fmt: skip
    template = TEMPLATE
    sentences = SENTENCES

    def __init__(self, target: IntakeTarget, tell: Callable[[Intake, Run], None]) -> None:
        """Take where the rows go, and how the journal is told."""
        self.target = target
        self._tell = tell

    def staged(self, layout: Layout, rows: Iterable[TableRow]) -> Iterator[Staged]:
        """Yield the rows with what is wrong in each alone."""
        return _staged(layout, rows, category=self.target.category)

    def compare(self, stage: Stage, layout: Layout) -> int:
        """Find repeated numbers and serials, and what is held otherwise."""
        owner = {"owner": self.target.owner_id}
        _find_clashes(stage, layout, owner=owner)
        stage.index_findings()
        held = f"select s.line from {stage.table} s where {_HELD.format(columns='1')} and not {stage.bad()}"
        return stage.run(held, owner)

    def write(self, stage: Stage, run: Run) -> None:
        """Insert the rows that are good and new."""
        _insert(stage, self.target, run=run)

    def tell(self, result: Intake, run: Run) -> None:
        """Tell the journal of rows that were written."""
        self._tell(result, run)


_HELD = (
    "exists (select {columns} from registers_instrument i"
    " where i.owner_id = %(owner)s and i.external_id = s.external_id and i.external_id <> '')"
)


def _insert(stage: Stage, target: IntakeTarget, *, run: Run) -> None:
    names = ", ".join(("id", "identity", "lookup_code", *_TEXTS, "acquired_on"))
    stage.run(
        f"insert into registers_instrument ({names},"
        " owner_id, site_id, region_code, state, attributes, is_demo, intake, registered_at)"
        f" select {names}, %(owner)s, %(site)s, %(region)s, 'in_use', '{{}}', false, %(key)s, %(at)s"
        f" from {stage.table} s where not {stage.bad()} order by line"
        " on conflict (owner_id, external_id) where external_id <> '' do nothing",
        {
            "owner": target.owner_id,
            "site": target.site_id,
            "region": target.region_code,
            "key": run.key,
            "at": run.at,
        },
    )


def _staged(layout: Layout, rows: Iterable[TableRow], *, category: str) -> Iterator[Staged]:
    nothing = {column.key: "" for column in TEMPLATE.columns}
    has_day = "acquired_on" in layout.places
    for row in rows:
        values = nothing | layout.values(row)
        values["category"] = values["category"] or category
        day = known_day(values["acquired_on"])
        found = list(_row_findings(row.line, values))
        if not layout.has_right_width(row):
            found.append(Finding(row.line, "", "", "width", is_error=True))
        if has_day and day.day is None:
            found.append(_day_finding(row.line, values["acquired_on"], is_wrong=day.is_wrong))
        texts = [values[name] for name in _TEXTS]
        yield Staged(row.line, (new_id(), new_identity(), new_lookup_code(), *texts, day.day), found)


def _day_finding(line: int, text: str, *, is_wrong: bool) -> Finding:
    if is_wrong:
        return Finding(line, "acquired_on", text, "day_wrong", is_error=True)
    return Finding(line, "acquired_on", text, "day_part" if text else "day_missing", is_error=False)


def _row_findings(line: int, values: dict[str, str]) -> Iterator[Finding]:
    for name, code in (("external_id", "external_id_missing"), ("name_zh", "name_missing")):
        if not values[name]:
            yield Finding(line, name, "", code, is_error=True)
    if not values["category"]:
        yield Finding(line, "category", "", "category_missing", is_error=True)
    elif not catalogue.exists(values["category"]):
        yield Finding(line, "category", values["category"], "category_unknown", is_error=True)
    if not values["serial"]:
        yield Finding(line, "serial", "", "serial_missing", is_error=False)
    for name, limit in TEXT_LENGTHS.items():
        if len(values[name]) > limit:
            yield Finding(line, name, values[name][:40], "too_long", is_error=True, other=str(limit))
        if lacking := unprintable(values[name]):
            yield Finding(line, name, values[name][:40], "unprintable", is_error=True, other=lacking)


def _find_clashes(stage: Stage, layout: Layout, *, owner: Bound) -> None:
    stage.find(
        "select line, 'external_id', external_id, 'external_id_repeated', true, first::text, external_id from"
        " (select line, external_id, min(line) over (partition by external_id) first"
        f" from {stage.table} where external_id <> '') r where line <> first"
    )
    unlike = " || ".join(
        f"case when i.{name} is distinct from s.{name} then ', {name}' else '' end"
        for name in _COMPARED
        if name in (*layout.places, "category")
    )
    stage.find(
        "select line, 'external_id', external_id, 'differs', true, ltrim(unlike, ', '), '' from"
        f" (select s.line, s.external_id, {unlike} unlike from {stage.table} s join registers_instrument i"
        " on i.owner_id = %(owner)s and i.external_id = s.external_id where s.external_id <> '') r where unlike <> ''",
        owner,
    )
    _find_repeated(stage, owner)


def _find_repeated(stage: Stage, owner: Bound) -> None:
    """Find instruments of one maker, model and serial: within the file, and held by the owner under another number.

    Each is told one other of its group, so that a large group stays linear.
    """
    stage.find(
        "select line, 'serial', serial, 'repeated', false, coalesce(before, after)::text,"
        " concat_ws(' / ', maker, model, serial) from"
        " (select *, lag(line) over same before, lead(line) over same after"
        f" from {stage.table} where maker || model || serial <> ''"
        " window same as (partition by maker, model, serial order by line)) r where coalesce(before, after) is not null"
    )
    stage.find(
        "select s.line, 'serial', s.serial, 'repeated_held', false, i.identity,"
        " concat_ws(' / ', s.maker, s.model, s.serial)"
        f" from {stage.table} s join (select maker, model, serial, min(identity) identity from registers_instrument h"
        "   where h.owner_id = %(owner)s and h.maker || h.model || h.serial <> ''"
        f"  and not exists (select 1 from {stage.table} o where o.external_id = h.external_id)"
        "   group by maker, model, serial) i using (maker, model, serial)",
        owner,
    )
