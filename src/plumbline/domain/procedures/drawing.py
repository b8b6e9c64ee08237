"""The steps of a draw as acts of a case: the people frozen, nonces sealed and opened, the people drawn, or all void.

Every step leaves its data in its act and, but for the opening, a statement in the log; `evidence.draw` does the draw,
so that anybody can do it again from the file. Source: the project's trust design, section 9.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, cast
from uuid import UUID

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases.actions import Turn
from plumbline.domain.cases.types import ActRequest
from plumbline.domain.ledger import actions as ledger
from plumbline.domain.ledger import queries as log
from plumbline.domain.ledger.types import LOG_ISSUER, NewStatement
from plumbline.domain.procedures.choosing import Candidate, candidates
from plumbline.domain.procedures.draws import draw_of
from plumbline.domain.procedures.types import DrawFacts
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError, RuleError, StateError, Text, say
from plumbline.evidence.canonical import Json
from plumbline.evidence.draw import record
from plumbline.evidence.draw.ceremony import opens, read_hex
from plumbline.evidence.draw.manifest import Ceremony, Inspector, Manifest, Stratum, in_order
from plumbline.rulebook.procedures.drawing import (
    DRAW,
    EXCLUDED_FIELD,
    FREEZE,
    NONCE_FIELD,
    OPEN,
    PERSON_FIELD,
    SEAL,
    SEAL_FIELD,
    VOID,
    drawing_act,
    named_acts,
    parties_of,
    party_of,
    step_of,
)

STRATUM = "case"
HOUSE, DID, AWAY, EXCLUDED = "house", "did", "away", "excluded"
"""Why somebody is not drawn: of the house that applied, did an earlier act, is away, was left out by the officer."""


@dataclass(frozen=True)
class Added:
    """What the platform adds to an act: answers to its form, and facts beside it."""

    form: Mapping[str, object] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)


class Step(Protocol):
    """One step of a draw. Raises what stands against it; writes its statement."""

    def __call__(self, actor: Actor, turn: Turn, *, at: datetime) -> Added: ...


def carried_out(actor: Actor, turn: Turn, *, request: ActRequest, at: datetime) -> tuple[Turn, ActRequest]:
    """Return turn and request with what the step of a draw adds; as they are where the act is none."""
    if not step_of(turn.act):
        return turn, request
    added = STEPS[step_of(turn.act)](actor, turn, at=at)
    return replace(turn, form={**turn.form, **added.form}), replace(request, facts=added.facts)


def freeze(actor: Actor, turn: Turn, *, at: datetime) -> Added:  # noqa: ARG001  # one signature
    """Freeze who may be drawn and who not, and why. Raises: RuleError where too few are left."""
    drawing = drawing_act(turn.procedure)
    wanted = [each for each in drawing.form if each.is_drawn] if drawing else []
    with scoped(EVERYTHING):  # who is away is told to their own house alone, and must not be drawn
        able = candidates(wanted[0].role, turn.case, at=at)
    why = _conflicts(able, turn)
    if len(able) - len(why) < len(wanted):
        raise RuleError(
            say("能抽的只有 {left} 人，要抽 {wanted} 人", left=len(able) - len(why), wanted=len(wanted)),
            where=say("业务 {number}", number=turn.case.number),
            remedy=say("少排除几位，或请管理员登记更多有这个角色的人"),
        )
    if len(able) - len(why) == len(wanted) and EXCLUDED in why.values():
        raise RuleError(
            say("排除以后正好剩 {wanted} 人，就不是抽签了", wanted=len(wanted)),
            where=say("业务 {number}", number=turn.case.number),
            remedy=say("少排除几位，或请管理员登记更多有这个角色的人"),
        )
    before = draw_of(turn.procedure, turn.story)
    number, unit = 1 + sum(step_of(turn.procedure.act_done(act.name)) == FREEZE for act in turn.story), turn.case.number
    manifest = Manifest(
        draw_id=f"{unit}/{number}",
        chance=Ceremony(parties_of(turn.procedure)),
        strata=(Stratum(STRATUM, 1, 0, (unit,)),),
        inspectors=tuple(Inspector(each, 1) for each in in_order(str(each.person_id) for each in able)),
        per_unit=len(wanted),
        conflicts={unit: in_order(why)} if why else {},
    )
    replaces = before.manifest.draw_id if before and before.is_void else ""
    fields: dict[str, Json] = {"draw_id": manifest.draw_id, "sha256": manifest.sha256.hex(), "replaces": replaces}
    statement = _log("draw.committed", fields, turn=turn, at=at)
    facts = {"manifest": manifest.json, "why": why, "replaces": replaces, "statement": str(statement)}
    return Added(facts=facts)


def _conflicts(able: list[Candidate], turn: Turn) -> dict[str, str]:
    """Return why somebody among the candidates must not be drawn, by person."""
    done = {act.person_id for act in turn.story if act.name in named_acts(turn.act)}
    said = turn.form.get(EXCLUDED_FIELD)
    rows = said if isinstance(said, list) else []
    left_out = {str(row.get(PERSON_FIELD)) for row in rows if isinstance(row, Mapping)}
    why = {}
    for each in able:
        reasons = {
            HOUSE: each.house_id == turn.case.owner_id,
            DID: each.person_id in done,
            AWAY: each.away is not None,
            EXCLUDED: str(each.person_id) in left_out,
        }
        holding = [name for name, holds in reasons.items() if holds]
        if holding:
            why[str(each.person_id)] = holding[0]
    return why


def seal(actor: Actor, turn: Turn, *, at: datetime) -> Added:
    """Take what a party seals. Raises: RuleError for a house that speaks for another party; InputError for a value
    sealed before."""
    now, party = _under_way(turn), party_of(turn.act)
    value = str(turn.form[SEAL_FIELD])
    read_hex(value, field=SEAL_FIELD)
    if party in now.sealed:
        raise StateError(say("这一方已经封存过"), remedy=say("等各方都封存，再公开"))
    if actor.organisation_id in now.houses.values():
        raise RuleError(
            say("本单位已经替另一方封存，三方要互相独立"),
            where=say("业务 {number}", number=turn.case.number),
            remedy=say("请别的单位有权的人办理"),
        )
    if any(value in _form(act).values() for act in turn.story):
        raise InputError(say("这个封存值用过了"), remedy=say("重新取一个随机数"), field=SEAL_FIELD)
    fields: dict[str, Json] = {"draw_id": now.manifest.draw_id, "party": party, "commitment": value}
    return Added(facts={"party": party, "statement": str(_log("draw.sealed", fields, turn=turn, at=at))})


def open_sealed(actor: Actor, turn: Turn, *, at: datetime) -> Added:  # noqa: ARG001  # one signature
    """Take the nonce of a party, once all have sealed. Raises: StateError before; InputError for another nonce."""
    now, party = _under_way(turn), party_of(turn.act)
    value = str(turn.form[NONCE_FIELD])
    if lacking := now.not_sealed:
        raise StateError(say("还没有都封存：{parties}", parties="、".join(lacking)), remedy=say("等各方都封存，再公开"))
    if not opens(party, value, sealed=now.sealed[party]):
        raise InputError(say("这个随机数和封存的不符"), remedy=say("填封存时保管的那个随机数"), field=NONCE_FIELD)
    return Added(facts={"party": party})


def draw(actor: Actor, turn: Turn, *, at: datetime) -> Added:  # noqa: ARG001  # one signature
    """Draw the people and name them in the act. Raises: StateError where a party has not opened theirs."""
    now = _under_way(turn)
    if lacking := now.not_opened:
        raise StateError(
            say("还没有公开随机数：{parties}", parties="、".join(lacking)),
            remedy=say("等他们公开；到时还不公开的，把这次抽签作废，写明是谁"),
        )
    done = record.resolved(now.manifest, now.sealed, nonces=now.nonces, replaces=now.replaces)
    team = done.drawn[0].teams[turn.case.number] or ()
    people = [each.key for each in turn.act.form if each.is_drawn]
    data = record.write(done)
    fields: dict[str, Json] = {
        "ref": log.proved_index(now.statement_id), "draw_id": now.manifest.draw_id,
        "sha256": hashlib.sha256(data).hexdigest(),
    }  # fmt: skip
    statement = _log("draw.resolved", fields, turn=turn, at=at)
    return Added(dict(zip(people, team, strict=True)), {"statement": str(statement)})


def void(actor: Actor, turn: Turn, *, at: datetime) -> Added:
    """Declare a draw void, naming who has not sealed or opened theirs. Raises: RuleError once all have opened: who is
    drawn can be known then, and a draw is not held again because its result does not please."""
    now = _under_way(turn)
    missing = now.not_sealed or now.not_opened
    reason = "not sealed" if now.not_sealed else "not opened"
    if not missing:
        raise RuleError(
            say("各方都已公开，抽签不能再作废"),
            where=say("业务 {number}", number=turn.case.number),
            remedy=say("按公开的随机数抽取"),
        )
    if actor.organisation_id in {now.houses.get(party) for party in missing}:
        raise RuleError(
            say("没有公开的一方正是本单位，本单位不能作废"),
            where=say("业务 {number}", number=turn.case.number),
            remedy=say("公开本单位封存的随机数"),
        )
    fields: dict[str, Json] = {
        "ref": log.proved_index(now.statement_id), "draw_id": now.manifest.draw_id, "reason": reason,
        "missing": list(missing), "approver": str(actor.person_id),
    }  # fmt: skip
    statement = _log("draw.voided", fields, turn=turn, at=at)
    return Added(facts={"draw_id": now.manifest.draw_id, "missing": list(missing), "statement": str(statement)})


def _under_way(turn: Turn) -> DrawFacts:
    now = draw_of(turn.procedure, turn.story)
    if now is None or now.is_over:
        raise _nothing(say("没有正在进行的抽签"))
    return now


def _nothing(what: Text) -> StateError:
    return StateError(what, remedy=say("先冻结名单"))


def _form(act: object) -> Mapping[str, object]:
    data = getattr(act, "data", {})
    form = data.get("form", {})
    return cast("Mapping[str, object]", form)


def _log(kind: str, fields: Mapping[str, Json], *, turn: Turn, at: datetime) -> UUID:
    """Say a step to the log, in the transaction of its act; the log speaks, about a case of the deciding house."""
    said = NewStatement(kind, LOG_ISSUER, fields, turn.case.body_id, log.is_demo())
    return ledger.submit(said, at=at).id


STEPS: Mapping[str, Step] = {FREEZE: freeze, SEAL: seal, OPEN: open_sealed, DRAW: draw, VOID: void}
