"""Takes a partner's answers in from a file: what can be wrong in a row, what clashes, and the one INSERT."""
# ruff: noqa: S608  # names of tables and columns are this module's own, never a file's; values are bound

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import ClassVar

from plumbline.domain.accounts.types import Actor
from plumbline.domain.rows.findings import Finding, Intake, Sentences
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.staging import Bound, Stage, Staged
from plumbline.domain.rows.taking import Run, Taking
from plumbline.errors import say
from plumbline.gateways.partners.answers import MOST, TEMPLATE, faults
from plumbline.gateways.partners.model import PACKAGE, Partner
from plumbline.gateways.tables.template import Layout
from plumbline.gateways.tables.values import TableRow

SENTENCES: Mapping[str, Sentences] = {
    "width": Sentences(say("这一行的格数与表头不同"), say("检查这一行有没有多余的逗号或缺少的格")),
    "format_wrong": Sentences(say("“{value}”不是这个系统的格式"), say("照所给文件写，核对选的是哪个系统")),
    "package_wrong": Sentences(say("“{value}”不是批号"), say("照所给文件写")),
    "package_unknown": Sentences(say("本单位没有给过批号为 {value} 的文件"), say("核对是不是本单位给的文件的答复")),
    "record_wrong": Sentences(say("没有“{value}”这种记录"), say("照所给文件写")),
    "outcome_wrong": Sentences(say("结果“{value}”不是 accepted 也不是 rejected"), say("改成其中之一")),
    "id_missing": Sentences(say("收下了却没有对方的编号"), say("补上对方的编号")),
    "reason_missing": Sentences(say("不收却没有写原因"), say("补上原因")),
    "too_long": Sentences(say("这一格太长，最多 {other} 个字符"), say("缩短这一格")),
    "unseen": Sentences(say("有看不见的字符"), say("删掉这些字符，重新输入")),
    "key_unknown": Sentences(say("没有“{value}”，或者您无权查看"), say("核对器具码或证书编号")),
    "key_repeated": Sentences(say("“{value}”在文件里出现多次，首次在第 {other} 行"), say("只留一行")),
    "id_used": Sentences(say("对方的编号“{value}”已是 {other} 的"), say("请对方核对")),
    "differs": Sentences(say("这一批的“{value}”已有别的答复"), say("已有的答复不改；请对方在下一批里更正")),
}
_TEXTS = tuple(column.key for column in TEMPLATE.columns if column.key != "format")
_THINGS = {"instrument": ("registers_instrument", "identity"), "result": ("certificates_certificate", "number")}
_HELD = "partners_answer a where a.package_id = s.package and a.record = s.record and a.key = s.key"


class AnswerTaking(Taking):
    """Answers of one partner to the packages of one office."""

    name = "answer"
    columns: ClassVar[Mapping[str, str]] = {"id": "uuid", **dict.fromkeys(_TEXTS, "text"), "package": "uuid"}
    template = TEMPLATE
    sentences = SENTENCES

    def __init__(self, actor: Actor, partner: Partner, *, tell: Callable[[Intake, Run], None]) -> None:
        """Take whose office it is, which partner answers, and how the journal is told."""
        self.partner = partner
        self.own: Bound = {"partner": partner.id, "office": actor.organisation_id}
        self._tell = tell

    def staged(self, layout: Layout, rows: Iterable[TableRow]) -> Iterator[Staged]:
        """Yield the rows with what is wrong in each alone."""
        nothing = {column.key: "" for column in TEMPLATE.columns}
        for row in rows:
            values = nothing | {key: text.removeprefix("'") for key, text in layout.values(row).items()}
            found = [] if layout.has_right_width(row) else [Finding(row.line, "", "", "width", is_error=True)]
            found += [
                Finding(row.line, key, values[key][:80], code, is_error=True, other=str(MOST.get(key, "")))
                for key, code in faults(self.partner, values)
            ]
            is_named = PACKAGE.fullmatch(values["package"]) is not None
            told = {**values, "package": values["package"] if is_named else None}
            yield Staged(row.line, (new_id(), *(told[key] for key in _TEXTS)), found)

    def compare(self, stage: Stage, layout: Layout) -> int:  # noqa: ARG002  # every column is one of ours
        """Find what was never given, is not seen, stands twice, or was answered otherwise."""
        stage.find(
            f"select line, 'package', package::text, 'package_unknown', true, '', package::text from {stage.table} s"
            " where package is not null and not exists (select from partners_package p where p.id = s.package"
            "  and p.partner = %(partner)s and p.organisation_id = %(office)s)",
            self.own,
        )
        for record, (table, column) in _THINGS.items():
            stage.find(
                f"select line, 'key', key, 'key_unknown', true, '', '' from {stage.table} s where record = %(record)s"
                f" and not exists (select from {table} t where t.{column} = s.key)",
                {"record": record},
            )
        _find_clashes(stage, self.own)
        stage.index_findings()
        return stage.run(f"select line from {stage.table} s where not {stage.bad()} and exists (select from {_HELD})")

    def write(self, stage: Stage, run: Run) -> None:
        """Insert the rows that are good and new."""
        stage.run(
            "insert into partners_answer (id, package_id, partner, organisation_id, record, key, outcome, their_id,"
            " reason, intake, taken_at) select id, package, %(partner)s, %(office)s, record, key, outcome,"
            f" their_id, reason, %(run)s, %(at)s from {stage.table} s where not {stage.bad()}"
            f" and not exists (select from {_HELD}) order by line",
            {**self.own, "run": run.key, "at": run.at},
        )

    def tell(self, result: Intake, run: Run) -> None:
        """Tell the journal of rows that were written."""
        self._tell(result, run)


def _find_clashes(stage: Stage, own: Bound) -> None:
    stage.find(
        "select line, 'key', key, 'key_repeated', true, first::text, key from (select line, key, min(line) over"
        f" (partition by package, record, key) first from {stage.table} where key <> '') r where line <> first"
    )
    stage.find(
        "select line, 'their_id', their_id, 'id_used', true, case key when first then last else first end, their_id"
        " from (select line, key, their_id, min(key) over same first, max(key) over same last"
        f" from {stage.table} where their_id <> '' window same as (partition by record, their_id)) r"
        " where first <> last"
    )
    stage.find(
        "select distinct on (s.line) s.line, 'their_id', s.their_id, 'id_used', true, a.key, s.their_id"
        f" from {stage.table} s join partners_answer a on a.partner = %(partner)s and a.record = s.record"
        "  and a.their_id = s.their_id and a.key <> s.key where s.their_id <> ''",
        own,
    )
    stage.find(
        f"select s.line, 'key', s.key, 'differs', true, '', '' from {stage.table} s where exists (select from {_HELD}"
        " and (a.outcome, a.their_id, a.reason) is distinct from (s.outcome, s.their_id, s.reason))"
    )
