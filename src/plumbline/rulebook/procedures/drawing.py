"""What a procedure may say of an act that is a step of a draw: a closed list, as of guards and effects.

A draw is: the list of people is frozen, each party seals a nonce, each opens it, the people are drawn; or it is void.
Each step has one function in `domain.procedures.drawing`; a test holds the two lists equal.
"""

from __future__ import annotations

from collections.abc import Mapping

from plumbline.errors import Text, say
from plumbline.rulebook.procedures.acts import Act, Word
from plumbline.rulebook.procedures.model import Procedure
from plumbline.rulebook.procedures.words import ACTS, TEXT, read_words
from plumbline.rulebook.reading import Table, known

FREEZE, SEAL, OPEN, DRAW, VOID = "freeze", "seal", "open", "draw", "void"
STEPS: Mapping[str, Mapping[str, str]] = {
    FREEZE: {"not_who_did": ACTS},
    SEAL: {"party": TEXT},
    OPEN: {"party": TEXT},
    DRAW: {},
    VOID: {},
}
"""The people are frozen, without who did some acts; a party seals, opens; the people are drawn; the draw is void."""
SEAL_FIELD, NONCE_FIELD, EXCLUDED_FIELD, PERSON_FIELD = "commitment", "nonce", "excluded", "person"
"""Fields the forms of the steps have: what is sealed, what opens it, whom an officer leaves out (a group), and who."""
FEWEST_PARTIES = 3


def read_step(row: Table) -> Word | None:
    """Take the step of a draw an act is, if it is one. Raises: InputError."""
    return read_words([row.table("draw")], STEPS)[0] if row.has("draw") else None


def prove_draw(procedure: Procedure, table: Table) -> None:
    """Pass if the draw of a procedure is whole: each step there, three parties, and people to draw. Raises: InputError.

    Acts bound to a person by draw, and the states in between, are proved as any others are.
    """
    steps = [act for act in procedure.acts.values() if act.draw]
    for act in procedure.acts.values():
        drawn = [field for field in act.form if field.is_drawn]
        if bool(drawn) != (step_of(act) == DRAW) or any(field.is_required for field in drawn):
            raise _fault(table, act, what=say("抽出的人写在抽签那一步的表单里，不写 required"))
        known(named_acts(act), is_known=procedure.acts.__contains__, table=table, name=f"acts.{act.name}.draw")
        lacking = _lacking(act)
        if lacking:
            raise _fault(table, act, what=say("这一步的表单要有“{name}”", name=lacking))
    for step in (FREEZE, DRAW, VOID) if steps else ():
        if sum(step_of(act) == step for act in steps) != 1:
            raise _fault(table, steps[0], what=say("“{step}”这一步要正好有一个", step=step))
    sealing, opening = ([party_of(act) for act in steps if step_of(act) == step] for step in (SEAL, OPEN))
    if steps and (len(set(sealing)) < max(FEWEST_PARTIES, len(sealing)) or sorted(sealing) != sorted(opening)):
        raise _fault(table, steps[0], what=say("至少三方，每一方各有一步封存、一步公开"))


def step_of(act: Act) -> str:
    """Return which step of a draw an act is, "" for none."""
    return act.draw.name if act.draw else ""


def party_of(act: Act) -> str:
    """Return the party whose step an act is, "" for none."""
    return str(act.draw.about.get("party", "")) if act.draw else ""


def parties_of(procedure: Procedure) -> tuple[str, ...]:
    """Return the parties of the draw of a procedure, in the order of their ids."""
    return tuple(sorted(party_of(act) for act in procedure.acts.values() if step_of(act) == SEAL))


def named_acts(act: Act) -> tuple[str, ...]:
    """Return the acts whose doers are not among those to be drawn."""
    said = act.draw.about.get("not_who_did", ()) if act.draw else ()
    return said if isinstance(said, tuple) else ()


def drawing_act(procedure: Procedure) -> Act | None:
    """Return the act by which people are drawn, None where a procedure draws nobody."""
    return next((act for act in procedure.acts.values() if step_of(act) == DRAW), None)


def _lacking(act: Act) -> str:
    wanted = {SEAL: SEAL_FIELD, OPEN: NONCE_FIELD}.get(step_of(act), "")
    if step_of(act) == VOID and not act.needs_reason:
        return "reason"
    return "" if not wanted or wanted in {field.key for field in act.form if field.is_required} else wanted


def _fault(table: Table, act: Act, *, what: Text) -> Exception:
    where = say("规则文件 {file} 的行为“{act}”：{what}", file=table.file, act=act.zh, what=what)
    return table.fault(where, f"acts.{act.name}.draw", remedy=say("照“增加一个程序”里写抽签的样子改"))
