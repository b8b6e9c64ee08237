"""The list of invitations that nobody has used or withdrawn, with what became of the letters that bring them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet

from plumbline.domain.credentials.models import Invitation
from plumbline.domain.directory import queries as directory
from plumbline.domain.notices import queries as notices
from plumbline.domain.rows.listing.spec import EQUAL, SPAN, Choice, Column, Kind, ListSpec, Row, Sort
from plumbline.domain.rows.types import Scope
from plumbline.errors import Term, say
from plumbline.rulebook import roles


def invitations() -> ListSpec:
    """Return the list."""
    return ListSpec(
        "invitations",
        say("没用的邀请"),
        "account.manage",
        rows=_rows,
        columns=(
            Column("username", say("账号"), Kind.CODE, "username", operators=EQUAL, is_fixed=True),
            Column("name", say("姓名"), path="person__name_zh"),
            directory.organisation_column("organisation", say("单位"), path="organisation_id"),
            Column("role", say("角色"), Kind.CHOICE, "role", operators=EQUAL, choices=_roles),
            Column("address", say("邮箱"), path="address"),
            Column("letter", say("邮件"), Kind.CHOICE, "letter__state", operators=EQUAL, is_nullable=True,
                   choices=notices.states_of_letters),
            Column("made_at", say("邀请时间"), Kind.MOMENT, "made_at", operators=SPAN, is_sortable=True),
            Column("ends_at", say("有效到"), Kind.MOMENT, "ends_at", operators=SPAN),
        ),
        sort=Sort("made_at", is_descending=True),
        also=("person__name_en",),
        joins=(directory.named_organisations("organisation"), _both_names),
    )  # fmt: skip


def _rows(scope: Scope) -> QuerySet[Invitation]:
    rows = Invitation.objects.filter(used_at=None, withdrawn_at=None)
    return rows if scope.everything else rows.filter(organisation_id__in=scope.organisations)


def _both_names(rows: Sequence[Row]) -> Mapping[UUID, Row]:
    return {row["id"]: {"name": Term(row["name"], row["person__name_en"] or row["name"])} for row in rows}


def _roles() -> dict[str, Choice]:
    return {code: Choice(Term(each.zh, each.en)) for code, each in roles.all_roles().items()}
