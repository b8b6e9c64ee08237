"""The list of acts of every room, the newest first. Whose acts: row-level security."""

from __future__ import annotations

from plumbline.domain.directory import queries as directory
from plumbline.domain.journal.models import Act
from plumbline.domain.rows.listing.asking import begins_with
from plumbline.domain.rows.listing.spec import BEGINS, EQUAL, SPAN, Choice, Column, Join, Kind, ListSpec, Sort
from plumbline.errors import Term, say
from plumbline.rulebook import roles

KINDS = {
    "case": Choice(say("业务")),
    "certificate": Choice(say("证书")),
    "instrument": Choice(say("计量器具")),
    "standard": Choice(say("计量标准")),
    "scope": Choice(say("检定项目范围")),
    "qualification": Choice(say("人员资格")),
    "organisation": Choice(say("单位")),
    "person": Choice(say("人员")),
    "site": Choice(say("地点")),
    "report": Choice(say("月报")),
}


def acts(whole: Join) -> ListSpec:
    """Return the list. whole: the join that brings each act, as `fact`."""
    return ListSpec(
        "audit",
        say("操作记录"),
        "audit.read",
        rows=lambda _scope: Act.objects.all(),
        columns=(
            Column("at", say("时间"), Kind.MOMENT, "at", operators=SPAN, is_sortable=True, is_fixed=True),
            Column("kind", say("对象的种类"), Kind.CHOICE, "subject_kind", operators=EQUAL, choices=lambda: KINDS,
                   is_shown=False),
            Column("person", say("人"), path="person_name", operators=BEGINS),
            Column("role", say("角色"), Kind.CHOICE, "role", operators=EQUAL, choices=_roles),
            directory.organisation_column("organisation", say("单位")),
        ),
        sort=Sort("at", is_descending=True),
        joins=(whole, directory.named_organisations("organisation")),
        search=lambda text: begins_with("person_name", text),
        search_hint=say("姓名开头"),
    )  # fmt: skip


def _roles() -> dict[str, Choice]:
    return {code: Choice(Term(each.zh, each.en)) for code, each in roles.all_roles().items()}
