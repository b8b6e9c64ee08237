"""The list of cases: those under way, the latest limit missed first; those that have ended are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.rows.listing.spec import Column, Joined, Kind, Row
from plumbline.errors import say
from plumbline.faces.console.bulk_acts import offers_of
from plumbline.faces.console.case_rows import CaseRow, case_rows
from plumbline.faces.console.list_face import Listed, base_of
from plumbline.faces.kit.cells import Cell
from plumbline.faces.kit.lists import ListFace
from plumbline.faces.kit.shapes import Doing

ALL = "?phase=all"


def listed(actor: Actor, today: date) -> Listed:
    """Return the list as the console shows it."""

    def shown(rows: Sequence[Row]) -> Mapping[UUID, Row]:
        found = case_rows([row["case"] for row in rows], actor, today=today)
        return {row["id"]: {"shown": each} for row, each in zip(rows, found, strict=True)}

    spec = (
        cases.list_of_cases()
        .extended(
            columns=(Column("instruments", say("事项")),),
            joins=(Joined(("shown",), shown, needs=("case",)),),
            after="number",
        )
        .extended(columns=(Column("clock", say("时限"), Kind.INTEGER),), joins=(), after="state")
        .extended(columns=(Column("next", say("下一步"), is_exported=False),), joins=(), after="ended_at")
    )
    face = ListFace(
        spec,
        reverse("console:cases"),
        base_of(spec),
        cells={
            "instruments": lambda row: Cell(_shown(row).instruments, css="nw"),
            "title": lambda row: Cell(_shown(row).title),
            "state": _state,
            "clock": _clock,
            "next": lambda row: Cell(_shown(row).act, url=_shown(row).act_url, css="wact"),
        },
        needs=dict.fromkeys(("instruments", "title", "state", "clock", "next"), ("shown",)),
        link=lambda row: reverse("console:case", args=[row["number"]]),
        symbol="case",
        offers=offers_of(actor, spec.name),
    )
    further = [Doing(_("也看办结的"), f"{face.url}{ALL}")]
    return Listed(face, "cases", _("没有符合条件的业务"), further=further)


def _shown(row: Row) -> CaseRow:
    found: CaseRow = row["shown"]
    return found


def _state(row: Row) -> Cell:
    found = _shown(row)
    if not found.away:
        return Cell(found.state, kind=found.kind)
    lines = (Cell("", kind=found.kind, value=found.state), Cell(found.away))
    return Cell(found.state, kind=found.kind, lines=lines)


def _clock(row: Row) -> Cell:
    clock = _shown(row).clock
    return Cell(clock.words if clock else "\u2013", css="n", clock=clock)
