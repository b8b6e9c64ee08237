"""Reads one register file and proves it: types complete, names known, every state reached, what is public meant so.

Every fault names file, key and remedy. Leaves to `__init__` what can be told of all files together (links, ids).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from plumbline.errors import InputError, Text, say
from plumbline.rulebook import roles
from plumbline.rulebook.forms import ROW_TYPES, Field, read_field
from plumbline.rulebook.provenance import take_provenance
from plumbline.rulebook.reading import Table, known
from plumbline.rulebook.registers.model import (
    NAMING_TYPES,
    OWN_COLUMNS,
    STATE_KINDS,
    Act,
    Basis,
    Register,
    State,
)

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


def read_register(table: Table) -> Register:
    """Return the register of a table laid out as the files beside this module. Raises: InputError."""
    name = table.text("id")
    if not _KEY.fullmatch(name):
        raise table.fault(say("名册编号“{id}”只能用小写字母、数字和下划线", id=name), "id", remedy=say("改一个编号"))
    fields = {
        key: read_field(key, row, types=ROW_TYPES, taken=OWN_COLUMNS) for key, row in table.tables("fields").items()
    }
    states = {key: _state(key, row) for key, row in table.tables("states").items()}
    acts = {key: _act(key, row, states=states) for key, row in table.tables("acts").items()}
    access = table.table("access")
    register = Register(
        id=name,
        zh=table.text("zh"),
        en=table.text("en"),
        about_zh=table.text("about_zh"),
        about_en=table.text("about_en"),
        place=table.positive("place"),
        title=_named(table, "title", fields=fields)[0],
        unique=_named(table, "unique", fields=fields),
        owner=_named(table, "owner", fields=fields)[0] if table.has("owner") else "",
        region=_named(table, "region", fields=fields)[0],
        is_public=table.flag("is_public"),
        read=_roles(access, "read"),
        edit=_roles(access, "edit"),
        fields=MappingProxyType(fields),
        opens_in=known(table.some_texts("opens_in"), is_known=states.__contains__, table=table, name="opens_in"),
        states=MappingProxyType(states),
        acts=MappingProxyType(acts),
        basis=_basis(table.table("basis")),
    )
    access.finish()
    table.finish()
    _prove(register, table)
    return register


def _named(table: Table, name: str, *, fields: Mapping[str, Field]) -> tuple[str, ...]:
    keys = (table.text(name),) if table.is_text(name) else table.some_texts(name)
    return known(keys, is_known=fields.__contains__, table=table, name=name)


def _roles(access: Table, name: str) -> tuple[str, ...]:
    return known(access.some_texts(name), is_known=roles.exists, table=access, name=name)


def _state(name: str, row: Table) -> State:
    state = State(name, row.text("zh"), row.text("en"), row.choice("kind", STATE_KINDS), row.flag("counts"))
    row.finish()
    return state


def _act(name: str, row: Table, *, states: Mapping[str, State]) -> Act:
    act = Act(
        name=name,
        zh=row.text("zh"),
        en=row.text("en"),
        from_states=known(row.some_texts("from"), is_known=states.__contains__, table=row, name="from"),
        to=known((row.text("to"),), is_known=states.__contains__, table=row, name="to")[0],
        roles=known(row.some_texts("roles"), is_known=roles.exists, table=row, name="roles"),
        needs_reason=row.flag("needs_reason"),
    )
    row.finish()
    return act


def _basis(row: Table) -> Basis:
    provenance = take_provenance(row)
    basis = Basis(
        row.text("sentence_zh"), row.text("sentence_en"), row.text("document_zh"), row.text("document_en"), provenance
    )
    row.finish()
    return basis


# ---------------------------------------------------------------- what the parts must be to each other


def _prove(register: Register, table: Table) -> None:
    for key in dict.fromkeys((register.title, register.region, *register.unique)):
        field = register.fields[key]
        if not field.is_required or field.many:
            raise table.fault(
                say("字段“{key}”用来称呼、区分或定位，要必填而且只有一个值", key=key),
                f"fields.{key}",
                remedy=say("写上 required = true，去掉 many"),
            )
    for key in register.unique:
        _of_type(register, table, key=key, allowed=NAMING_TYPES)
    _of_type(register, table, key=register.title, allowed=frozenset({"text", "code"}))
    _of_type(register, table, key=register.region, allowed=frozenset({"region"}))
    if register.owner:
        _of_type(register, table, key=register.owner, allowed=frozenset({"organisation"}))
        if register.fields[register.owner].many:
            raise table.fault(say("名册的单位字段只能有一个值"), "owner", remedy=say("去掉 many"))
    _prove_states(register, table)
    _prove_public(register, table)


def _of_type(register: Register, table: Table, *, key: str, allowed: frozenset[str]) -> None:
    if register.fields[key].type not in allowed:
        what = say("字段“{key}”的类型是 {type}，这里不能用", key=key, type=register.fields[key].type)
        raise table.fault(
            what, f"fields.{key}.type", remedy=say("写成其中之一：{allowed}", allowed="、".join(sorted(allowed)))
        )


def _prove_states(register: Register, table: Table) -> None:
    reached = set(register.opens_in)
    for _ in register.acts:
        reached |= {act.to for act in register.acts.values() if reached & set(act.from_states)}
    for name in register.states:
        if name not in reached:
            raise _fault(table, say("状态“{state}”到不了", state=name), key=f"states.{name}")
    if not register.counted_states:
        raise _fault(table, say("没有一个状态计入目标"), key="states")


def _prove_public(register: Register, table: Table) -> None:
    if register.is_public and not register.fields[register.title].is_public:
        raise _fault(table, say("公开的名册要公开它的名称字段"), key=f"fields.{register.title}.public")
    for field in register.fields.values():
        if field.is_public and not register.is_public:
            raise _fault(
                table, say("名册不公开，字段“{key}”却写着公开", key=field.key), key=f"fields.{field.key}.public"
            )


def _fault(table: Table, what: Text, *, key: str) -> InputError:
    return table.fault(what, key, remedy=say("改正这个键，或改正它所依据的部分"))
