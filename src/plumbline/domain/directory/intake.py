"""Takes organisations in from a file: what its columns are, what can be wrong in a row, and the one INSERT.

An organisation that comes by import held its code before it came here: a wrong check digit is a warning. Placeholders,
wrong lengths and characters are errors, since no organisation holds such a code.
"""
# ruff: noqa: S608  # names of tables and columns are this module's own, never a file's; values are bound

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import ClassVar

from plumbline.domain.directory.rules import WARNINGS, fault_of, normal_form, read_credit_code
from plumbline.domain.rows.findings import Finding, Intake, Sentences
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.printing import UNPRINTABLE, unprintable
from plumbline.domain.rows.staging import Stage, Staged
from plumbline.domain.rows.taking import Run, Taking
from plumbline.errors import say
from plumbline.gateways.tables.template import Column, Layout, Template
from plumbline.gateways.tables.values import TableRow
from plumbline.rulebook import regions

TEMPLATE = Template(
    "organisations",
    (
        Column("uscc", "统一社会信用代码", "credit code", "18 位", "18 characters", is_required=True),
        Column("name_zh", "单位名称", "name", "证照上的全称", "full name as on the licence", is_required=True),
        Column(
            "region_code",
            "行政区划代码",
            "region code",
            "六位县级代码，旧代码也可以",
            "six digits, old ones too",
            is_required=True,
        ),
        Column("name_en", "英文名称", "English name", "可以空着", "may be empty"),
        Column("address_zh", "地址", "address", "可以空着", "may be empty"),
        Column("address_en", "英文地址", "English address", "可以空着", "may be empty"),
        Column("postcode", "邮政编码", "postcode", "可以空着", "may be empty"),
        Column("phone", "电话", "phone", "单位的电话，不填个人电话", "of the organisation, not of a person"),
        Column("mail", "电子邮箱", "mail", "单位的邮箱", "of the organisation"),
    ),
)
LENGTHS = {
    "name_zh": 200, "name_en": 200, "address_zh": 300, "address_en": 300, "postcode": 10, "phone": 40, "mail": 200,
}  # fmt: skip
_KEYS = tuple(column.key for column in TEMPLATE.columns)
_TAKE_CODE_AGAIN = say("核对后改正这一格")
SENTENCES = {
    "width": Sentences(say("这一行的格数与表头不同"), say("检查这一行有没有多余的逗号或缺少的格")),
    "uscc_length": Sentences(say("统一社会信用代码“{value}”不是 18 位"), say("对照营业执照或法人证书补全")),
    "uscc_alphabet": Sentences(say("统一社会信用代码“{value}”含有不使用的字符"), say("核对是否把 0 写成 O、1 写成 I")),
    "uscc_placeholder": Sentences(say("{value} 是占位号，不是真实的统一社会信用代码"), say("填写单位自己的代码")),
    "name_missing": Sentences(say("单位名称是空的"), say("按证照填写全称")),
    "too_long": Sentences(say("这一格太长，最多 {other} 个字符"), say("缩短这一格")),
    "unprintable": UNPRINTABLE,
    "region_unknown": Sentences(say("行政区划代码“{value}”不存在"), say("填写六位县级代码，例如 330305")),
    "uscc_repeated": Sentences(say("代码 {value} 在文件里出现多次，首次在第 {other} 行"), say("只留一行")),
    "uscc_differs": Sentences(
        say("代码 {value} 已登记，登记的名称是“{other}”"), say("名称变更走变更手续，导入不改已登记的内容")
    ),
    **{code: Sentences(text, _TAKE_CODE_AGAIN) for code, text in WARNINGS.items()},
}


class OrganisationTaking(Taking):
    """Organisations of anywhere, as a register lists them."""

    name = "organisation"
    columns: ClassVar[Mapping[str, str]] = {"id": "uuid", **dict.fromkeys(_KEYS, "text"), "warnings": "jsonb"}
    template = TEMPLATE
    sentences = SENTENCES

    def __init__(self, tell: Callable[[Intake, Run], None]) -> None:
        """Take how the journal is told, which lies above this room."""
        self._tell = tell

    def staged(self, layout: Layout, rows: Iterable[TableRow]) -> Iterator[Staged]:
        """Yield the rows with what is wrong in each alone."""
        return _staged(layout, rows)

    def compare(self, stage: Stage, layout: Layout) -> int:  # noqa: ARG002  # every column is one of ours
        """Find codes that stand twice, or are held under another name."""
        _find_clashes(stage)
        stage.index_findings()
        held = f"join directory_organisation o on o.uscc = s.uscc where not {stage.bad()}"
        return stage.run(f"select s.line from {stage.table} s {held}")

    def write(self, stage: Stage, run: Run) -> None:
        """Insert the rows that are good and new."""
        keys = ", ".join(_KEYS)
        stage.run(
            f"insert into directory_organisation (id, {keys}, warnings, authorisation_no, is_demo, registered_at)"
            f" select id, {keys}, warnings, '', false, %(at)s from {stage.table} s where not {stage.bad()}"
            " order by line on conflict (uscc) do nothing",
            {"at": run.at},
        )

    def tell(self, result: Intake, run: Run) -> None:
        """Tell the journal of rows that were written."""
        self._tell(result, run)


def _staged(layout: Layout, rows: Iterable[TableRow]) -> Iterator[Staged]:
    nothing = dict.fromkeys(_KEYS, "")
    for row in rows:
        values = nothing | layout.values(row)
        found = list(_row_findings(row.line, values))
        if not layout.has_right_width(row):
            found.append(Finding(row.line, "", "", "width", is_error=True))
        code, warnings, oddities = _code(row.line, values["uscc"])
        found += oddities
        values["uscc"] = code
        listed = "[" + ", ".join(f'"{warning}"' for warning in warnings) + "]"
        yield Staged(row.line, (new_id(), *(values[key] for key in _KEYS), listed), found)


def _code(line: int, text: str) -> tuple[str, tuple[str, ...], list[Finding]]:
    """Return the code in its normal form, what is odd about it, and the findings; a malformed code is kept as "".

    A code taken in is not new, so that its check digit never refuses it.
    """
    if fault := fault_of(normal_form(text)):
        return "", (), [Finding(line, "uscc", text[:80], f"uscc_{fault}", is_error=True)]
    code = read_credit_code(text, regions.codes(), is_new=False)
    return code.code, code.warnings, [Finding(line, "uscc", code.code, each, is_error=False) for each in code.warnings]


def _row_findings(line: int, values: dict[str, str]) -> Iterator[Finding]:
    if not values["name_zh"]:
        yield Finding(line, "name_zh", "", "name_missing", is_error=True)
    if values["region_code"] not in regions.codes():
        yield Finding(line, "region_code", values["region_code"], "region_unknown", is_error=True)
    for key, limit in LENGTHS.items():
        if len(values[key]) > limit:
            yield Finding(line, key, values[key][:40], "too_long", is_error=True, other=str(limit))
        if lacking := unprintable(values[key]):
            yield Finding(line, key, values[key][:40], "unprintable", is_error=True, other=lacking)


def _find_clashes(stage: Stage) -> None:
    stage.find(
        "select line, 'uscc', uscc, 'uscc_repeated', true, first::text, uscc from"
        f" (select line, uscc, min(line) over (partition by uscc) first from {stage.table} where uscc <> '') r"
        " where line <> first"
    )
    stage.find(
        f"select s.line, 'uscc', s.uscc, 'uscc_differs', true, o.name_zh, '' from {stage.table} s"
        " join directory_organisation o on o.uscc = s.uscc where o.name_zh <> s.name_zh"
    )
