"""The list of how instruments stand, the one that ends first on top: what is behind a figure, and the register in the
order in which it falls due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from plumbline.domain.directory import queries as directory
from plumbline.domain.indicators.models import Standing
from plumbline.domain.registers import queries as registers
from plumbline.domain.rows.listing.spec import (
    EQUAL,
    SPAN,
    Choice,
    Column,
    Condition,
    Joined,
    Kind,
    ListSpec,
    Operator,
    Row,
    Sort,
)
from plumbline.domain.rows.types import Scope
from plumbline.errors import Term, say
from plumbline.rulebook import catalogue, notices

STANDINGS = {
    "valid": Choice(say("在有效期内"), "ok"),
    "due": Choice(say("将到期"), "due"),
    "overdue": Choice(say("逾期"), "over"),
    "failed": Choice(say("最近一次不合格"), "bad"),
    "revoked": Choice(say("证书已撤销"), "rev"),
    "never": Choice(say("从未检定"), "unk"),
}
PERIODIC = {"yes": Choice(say("计入")), "no": Choice(say("不计入"))}


def standings(on: date) -> ListSpec:
    """Return the list on a day: those in use, unless others are asked for."""

    def named(rows: Sequence[Row]) -> Mapping[UUID, Row]:
        return {row["id"]: {"standing": name_of(row["standing"], row["valid_until"], on=on)} for row in rows}

    return ListSpec(
        "standings",
        say("器具现状"),
        "register.read",
        rows=_rows,
        columns=(
            Column("identity", say("器具码"), Kind.CODE, "instrument__identity", is_fixed=True),
            Column("name", say("名称"), Kind.NAME, "instrument__name_zh"),
            directory.category_column(is_shown=False),
            Column("place", say("现场位置"), path="instrument__place"),
            directory.organisation_column("owner", say("单位")),
            Column("site", say("地点"), Kind.NAME, "instrument__site_id", is_nullable=True),
            directory.region_column(),
            Column("serial", say("出厂编号"), Kind.CODE, "instrument__serial", is_shown=False),
            Column("valid_until", say("有效期至"), Kind.DATE, "valid_until", operators=(*SPAN, Operator.EMPTY),
                   is_sortable=True, is_nullable=True),
            Column("standing", say("现状"), Kind.CHOICE, "standing", operators=EQUAL, choices=lambda: STANDINGS,
                   where=lambda text: _stands(text, on)),
            Column("state", say("台账状态"), Kind.CHOICE, "state", operators=EQUAL,
                   choices=registers.instrument_states, is_shown=False),
            Column("periodic", say("受检率"), Kind.CHOICE, operators=EQUAL, choices=lambda: PERIODIC,
                   where=_periodic, is_column=False),
        ),
        sort=Sort("valid_until"),
        also=("instrument__name_en",),
        joins=(
            Joined(("standing",), named, needs=("standing", "valid_until")),
            directory.named_organisations("owner"),
            directory.placed,
            Joined(("name",), _both_names, needs=("name", "instrument__name_en")),
            registers.named_sites,
        ),
        usual=(Condition("state", Operator.ONE_OF, ("in_use",)),),
    )  # fmt: skip


def name_of(standing: str, valid_until: date | None, *, on: date) -> str:
    """Return how an instrument stands on a day: what passed is told apart by its last day."""
    if standing != "passed" or valid_until is None:
        return standing
    if valid_until < on:
        return "overdue"
    return "due" if valid_until <= notices.soon(on) else "valid"


def _rows(_scope: Scope) -> QuerySet[Standing]:
    return Standing.objects.all()


def _stands(text: str, on: date) -> Q:
    soon, passed = notices.soon(on), Q(standing="passed")
    return {
        "overdue": passed & Q(valid_until__lt=on),
        "due": passed & Q(valid_until__range=(on, soon)),
        "valid": passed & Q(valid_until__gt=soon),
    }.get(text, Q(standing=text))


def _periodic(text: str) -> Q:
    """Return the condition of what the coverage counts: categories that fall due again and again."""
    codes = [code for code, each in catalogue.categories().items() if each.is_verified_periodically]
    return Q(category__in=codes) if text == "yes" else ~Q(category__in=codes)


def _both_names(rows: Sequence[Row]) -> Mapping[UUID, Row]:
    return {row["id"]: {"name": Term(row["name"], row["instrument__name_en"] or row["name"])} for row in rows}
