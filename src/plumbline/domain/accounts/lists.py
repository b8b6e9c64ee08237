"""The list of accounts, in order of their names; a scope that does not see everything has those of its own house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet

from plumbline.domain.accounts.models import User
from plumbline.domain.directory import queries as directory
from plumbline.domain.rows.listing.asking import begins_with
from plumbline.domain.rows.listing.spec import BEGINS, EQUAL, Choice, Column, Join, Kind, ListSpec, Row, Sort
from plumbline.domain.rows.types import Scope
from plumbline.errors import Term, say
from plumbline.rulebook import roles

ACTIVE = {"True": Choice(say("能登录"), "ok"), "False": Choice(say("已停"), "unk")}


def accounts(held: Join) -> ListSpec:
    """Return the list. held: the join that brings the roles given."""
    return ListSpec(
        "accounts",
        say("账号名册"),
        "account.manage",
        rows=_rows,
        columns=(
            Column("username", say("账号"), Kind.CODE, "username", operators=BEGINS, is_sortable=True, is_fixed=True),
            Column("name", say("姓名"), path="person__name_zh"),
            directory.organisation_column("organisation", say("单位"), path="person__organisation_id"),
            Column("role", say("角色"), Kind.CHOICE, "membership__role", operators=EQUAL, choices=_roles,
                   is_column=False),
            Column("roles", say("角色")),
            Column("is_active", say("状态"), Kind.CHOICE, "is_active", choices=lambda: ACTIVE, is_shown=False),
        ),
        sort=Sort("username"),
        also=("person__name_en",),
        joins=(directory.named_organisations("organisation"), _both_names, held),
        search=lambda text: begins_with("username", text),
        search_hint=say("账号名开头"),
    )  # fmt: skip


def _rows(scope: Scope) -> QuerySet[User]:
    rows = User.objects.all()
    return rows if scope.everything else rows.filter(person__organisation_id__in=scope.organisations)


def _both_names(rows: Sequence[Row]) -> Mapping[UUID, Row]:
    return {row["id"]: {"name": Term(row["name"], row["person__name_en"] or row["name"])} for row in rows}


def _roles() -> dict[str, Choice]:
    return {code: Choice(Term(each.zh, each.en)) for code, each in roles.all_roles().items()}
