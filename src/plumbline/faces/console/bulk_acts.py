"""Acts that may be done on many rows of a list: what they ask once, and what they do to one row.

Each row is an act of its own, by the same action as on its own page; to add one: an entry in `ACTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.utils import timezone

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases.types import ActRequest
from plumbline.domain.procedures import actions as procedures
from plumbline.domain.registers import actions as registers
from plumbline.domain.registers.queries import INSTRUMENT_STATES
from plumbline.domain.registers.types import Change
from plumbline.domain.rows.listing.spec import Row
from plumbline.errors import Term, Text, say
from plumbline.faces.console.shell import may
from plumbline.faces.kit.act_form import Filled, FormField, errors_by_field, form_fields
from plumbline.faces.kit.case_story import state_word
from plumbline.faces.kit.lists import Offer
from plumbline.faces.kit.shapes import Option
from plumbline.faces.kit.templatetags.kit import text_of
from plumbline.rulebook import procedures as book

Typed = Mapping[str, str]
FINAL = frozenset({"scrapped", "retired"})


class Doing(Protocol):
    """Does the act on one row and says what came of it. Raises: what the action raises."""

    def __call__(self, actor: Actor, row: Row, *, typed: Typed, key: UUID, at: datetime) -> Text: ...


@dataclass(frozen=True)
class BulkAct:
    """An act on many rows. version: what of a row its author saw; fields: what is asked once for all rows."""

    name: str
    listed: str
    label: Text | Term
    right: str
    fields: Callable[[Actor, Filled], Sequence[FormField]]
    act: Doing
    version: Callable[[Row], str]


def offers_of(actor: Actor, listed: str) -> list[Offer]:
    """Return the acts on many rows of a list that an actor's role has."""
    held = [each for each in ACTS.values() if each.listed == listed and may(actor, each.right)]
    return [Offer(each.name, text_of(each.label)) for each in held]


def _case_act(name: str) -> BulkAct:
    """Return an act of verification, its fields as the rulebook asks them."""
    act = book.load("verification").act(name)

    def fields(actor: Actor, filled: Filled) -> Sequence[FormField]:
        today = timezone.localdate()
        people = {
            each.key: [Option(str(person), label) for person, label in
                        accounts.people_with_role(actor.organisation_id, each.role, on=today)]
            for each in act.form if each.type == "person"
        }  # fmt: skip
        return form_fields(act, filled, choices=people)

    def do(actor: Actor, row: Row, *, typed: Typed, key: UUID, at: datetime) -> Text:
        form = {each.key: typed.get(each.key, "") for each in act.form}
        asked = ActRequest(name, form, seen=int(typed["seen"]), request_id=key)
        after = procedures.perform(actor, row["id"], request=asked, at=at)
        return say("到“{state}”", state=state_word(after))

    label, right = Term(act.zh, act.en), f"verification.{name}"
    return BulkAct(name, "cases", label, right, fields, do, version=lambda row: str(row["sequence"]))


def _state_fields(_actor: Actor, filled: Filled) -> Sequence[FormField]:
    errors = errors_by_field(filled.error)
    chosen = str(filled.values.get("state", ""))
    options = [
        Option(code, text_of(each.title), is_selected=code == chosen)
        for code, each in INSTRUMENT_STATES.items()
        if code not in FINAL
    ]
    reason = str(filled.values.get("reason", ""))
    return [
        FormField("state", "choice", text_of(say("改为")), is_required=True, value=chosen, options=options,
                  error=errors.get("state")),
        FormField("reason", "area", text_of(say("原因")), is_required=True, value=reason, error=errors.get("reason")),
    ]  # fmt: skip


def _change_state(actor: Actor, row: Row, *, typed: Typed, key: UUID, at: datetime) -> Text:
    change = Change(typed.get("reason", ""), key)
    after = registers.change_state(actor, row["id"], state=typed.get("state", ""), change=change, at=at)
    return say("到“{state}”", state=INSTRUMENT_STATES[after.state].title)


ACTS: dict[str, BulkAct] = {
    each.name: each
    for each in (
        _case_act("accept"),
        _case_act("assign"),
        BulkAct(
            "state", "instruments", say("停用、封存、恢复"), "register.edit", _state_fields, _change_state,
            version=lambda row: str(row["state"]),
        ),
    )
}  # fmt: skip
