"""Reads one regulation file strictly and proves that it gives its method all it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from plumbline.errors import say
from plumbline.rulebook.provenance import Provenance, take_provenance
from plumbline.rulebook.reading import Table, known
from plumbline.rulebook.regulations.model import (
    CheckRule,
    Choice,
    ChoiceRule,
    Coefficient,
    Column,
    Cycle,
    Formula,
    Parameter,
    Period,
    PointRule,
    Regulation,
    RuleValue,
    RunsRule,
    StandardRule,
    Unknown,
    WordRule,
)
from plumbline.science.metrology.methods import Method, all_methods

T = TypeVar("T")


def read_regulation(table: Table) -> Regulation:
    """Return the regulation of a table laid out as jjg443-2023.toml. Raises InputError naming file, key and remedy."""
    method = known((table.text("method"),), is_known=all_methods().__contains__, table=table, name="method")[0]
    standard = _standard(table.table("standard"))
    choices = _each(table, "choices", read=_choice_rule)
    display = table.table("display")
    regulation = Regulation(
        id=table.text("id"),
        number=table.text("number"),
        edition=table.text("edition"),
        zh=table.text("zh"),
        en=table.text("en"),
        category=table.text("category"),
        method=method,
        replaces=table.text_or("replaces", ""),
        period=_period(table),
        free_points=table.flag("free_points"),
        numbers=_each(table, "numbers", read=_rule_value),
        coefficients=_each(table, "coefficients", read=_coefficient),
        choices=choices,
        formulas=_each(table, "formulas", read=_formula),
        options=_each(table, "options", read=_word_rule),
        environment=_columns(table, "environment"),
        point_columns=_columns(table, "point_columns"),
        columns=_columns(table, "columns"),
        points=tuple(PointRule(*_named(row)) for row in table.rows("points")),
        runs=_runs(table.table("runs")),
        checks=tuple(CheckRule(*_named(row)) for row in table.rows("checks")),
        standard=standard,
        cycle=_cycle(table.table("cycle")),
        decimals=display.whole("decimals"),
        decimals_provenance=_finished(display),
        unknowns=tuple(_unknown(row) for row in table.rows("unknowns")),
    )
    table.finish()
    _prove(regulation, all_methods()[method], table=table)
    return regulation


def _each(table: Table, name: str, *, read: Callable[[str, Table], T]) -> Mapping[str, T]:
    return MappingProxyType({code: read(code, row) for code, row in table.tables(name).items()})


def _finished(row: Table) -> Provenance:
    provenance = take_provenance(row)
    row.finish()
    return provenance


def _named(row: Table) -> tuple[str, str, str, Provenance]:
    return row.text("code"), row.text("zh"), row.text("en"), _finished(row)


def _period(table: Table) -> Period:
    start = table.table("valid_from")
    valid_from, used_from = start.day_or_none("value"), start.day_or_none("used_from")
    if (valid_from is None) == (used_from is None):
        what = say("规则文件 {file} 的 {key} 要么写 value，要么写 used_from", file=table.file, key="valid_from")
        raise table.fault(what, "valid_from", remedy=say("起始日期未见时写 used_from，见过时写 value"))
    from_provenance = _finished(start)
    valid_to, to_provenance = _end(table)
    return Period(valid_from, valid_from or used_from or date.min, valid_to, from_provenance, to_provenance)


def _end(table: Table) -> tuple[date | None, Provenance | None]:
    if not table.has("valid_to"):
        return None, None
    end = table.table("valid_to")
    return end.day("value"), _finished(end)


def _rule_value(code: str, row: Table) -> RuleValue:
    value = RuleValue(
        code=code,
        symbol=row.text("symbol"),
        zh=row.text("zh"),
        en=row.text("en"),
        value=row.decimal_or_none("value"),
        unit=row.text_or("unit", ""),
        provenance=take_provenance(row),
    )
    if (value.value is None) != (value.provenance.status == "unknown"):
        what = say("规则文件 {file} 的 {key} 的数值与状态不一致", file=row.file, key=row.key)
        raise row.fault(what, "value", remedy=say("未知的数不写 value，其他状态必须写 value"))
    row.finish()
    return value


def _choice(row: Table) -> Choice:
    choice = Choice(row.text("value"), row.text("zh"), row.text("en"))
    row.finish()
    return choice


def _choice_rule(code: str, row: Table) -> ChoiceRule:
    options = tuple(_choice(option) for option in row.rows("options"))
    return ChoiceRule(code, row.text("zh"), row.text("en"), options, _finished(row))


def _coefficient(code: str, row: Table) -> Coefficient:
    symbol, zh, en, unit = row.text("symbol"), row.text("zh"), row.text("en"), row.text_or("unit", "")

    def value(_: str, inner: Table) -> RuleValue:
        number = inner.decimal("value")
        return RuleValue(code, symbol, zh, en, number, unit, _finished(inner))

    coefficient = Coefficient(
        code=code,
        choice=row.text_or("choice", ""),
        parameter=row.text_or("parameter", ""),
        values=_each(row, "values", read=value),
    )
    row.finish()
    return coefficient


def _formula(code: str, row: Table) -> Formula:
    return Formula(code, row.text("text"), _finished(row))


def _word_rule(code: str, row: Table) -> WordRule:
    return WordRule(code, row.text("value"), _finished(row))


def _columns(table: Table, name: str) -> tuple[Column, ...]:
    return tuple(_column(row) for row in table.rows(name))


def _column(row: Table) -> Column:
    column = Column(
        code=row.text("code"),
        symbol=row.text_or("symbol", ""),
        zh=row.text("zh"),
        en=row.text("en"),
        unit=row.text_or("unit", ""),
        decimals=row.whole("decimals"),
        minimum=row.decimal("minimum"),
        maximum=row.decimal("maximum"),
        required=row.flag("required"),
        provenance=take_provenance(row),
    )
    row.finish()
    return column


def _runs(row: Table) -> RunsRule:
    required = row.positive("required") if row.has("required") else None
    return RunsRule(required, row.positive("offered"), _finished(row))


def _cycle(row: Table) -> Cycle:
    months = row.positive("months") if row.has("months") else None
    return Cycle(months, _finished(row))


def _standard(row: Table) -> StandardRule:
    parameters = tuple(_parameter(inner) for inner in row.rows("parameters"))
    return StandardRule(row.text("code"), row.text("zh"), row.text("en"), parameters, _finished(row))


def _parameter(row: Table) -> Parameter:
    parameter = Parameter(
        code=row.text("code"),
        symbol=row.text_or("symbol", ""),
        zh=row.text("zh"),
        en=row.text("en"),
        unit=row.text_or("unit", ""),
        type=row.choice("type", ("number", "choice")),
        required=row.flag("required"),
        minimum=row.decimal_or_none("minimum"),
        maximum=row.decimal_or_none("maximum"),
        options=tuple(_choice(option) for option in row.rows("options")),
        default_from=row.text_or("default_from", ""),
    )
    row.finish()
    return parameter


def _unknown(row: Table) -> Unknown:
    unknown = Unknown(row.text("zh"), row.text("en"))
    row.finish()
    return unknown


def _prove(regulation: Regulation, method: Method, *, table: Table) -> None:
    """Refuse a file that leaves the method without a number, formula, column, parameter or option it needs."""
    parameters = {parameter.code: parameter for parameter in regulation.standard.parameters}
    columns = {column.code for column in regulation.columns}
    _need(method.numbers, {*regulation.numbers, *regulation.coefficients}, table=table, name="numbers")
    _need(method.formulas, set(regulation.formulas), table=table, name="formulas")
    _need(method.columns, columns, table=table, name="columns")
    _need(method.standard, set(parameters), table=table, name="standard.parameters")
    _need(tuple(method.options), set(regulation.options), table=table, name="options")
    for code, allowed in method.options.items():
        value = regulation.options[code].value
        known((value,), is_known=allowed.__contains__, table=table, name=f"options.{code}.value")
    for rule in regulation.coefficients.values():
        _prove_coefficient(rule, regulation, table=table)
    for parameter in parameters.values():
        names = (parameter.default_from,) if parameter.default_from else ()
        known(names, is_known=parameters.__contains__, table=table, name="standard.parameters")


def _need(needed: tuple[str, ...], given: set[str], *, table: Table, name: str) -> None:
    for code in needed:
        if code not in given:
            what = say("规则文件 {file} 的 {key} 缺少检定方法要用的“{code}”", file=table.file, key=name, code=code)
            raise table.fault(what, name, remedy=say("补上这一项"))


def _prove_coefficient(rule: Coefficient, regulation: Regulation, *, table: Table) -> None:
    name = f"coefficients.{rule.code}"
    if bool(rule.choice) == bool(rule.parameter):
        what = say("规则文件 {file} 的 {key} 要么取决于选择，要么取决于标准器参数", file=table.file, key=name)
        raise table.fault(what, name, remedy=say("写 choice 或 parameter，只写一个"))
    if rule.choice:
        known((rule.choice,), is_known=regulation.choices.__contains__, table=table, name=f"{name}.choice")
        options = regulation.choices[rule.choice].options
    else:
        by_code = {parameter.code: parameter for parameter in regulation.standard.parameters}
        known((rule.parameter,), is_known=by_code.__contains__, table=table, name=f"{name}.parameter")
        options = by_code[rule.parameter].options
    _need(tuple(option.value for option in options), set(rule.values), table=table, name=f"{name}.values")
