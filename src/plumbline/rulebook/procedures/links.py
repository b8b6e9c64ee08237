"""What procedures say of one another, proven once all are read: the cases one opens in another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from plumbline.errors import InputError, say
from plumbline.rulebook.procedures.acts import Word
from plumbline.rulebook.procedures.model import Procedure


def with_former(found: Sequence[Procedure]) -> list[Procedure]:
    """Return the editions, each with the one it replaces. Raises: InputError where a running case would go nowhere."""
    done: dict[tuple[str, str], Procedure] = {}
    for each in sorted(found, key=lambda each: (each.valid_from, each.edition)):
        former = done.get((each.id, each.moves.replaces)) if each.moves else None
        if each.moves and former is None:
            raise InputError(
                say("程序 {id} 的第 {edition} 版要替换的版本不在规则库里", id=each.id, edition=each.edition),
                remedy=say("核对 moves.replaces：{replaces}", replaces=each.moves.replaces),
                field="moves",
            )
        done[each.id, each.edition] = replace(each, former=former)
        if former:
            _prove_moves(each, former)
    return [done[each.id, each.edition] for each in found]


def _prove_moves(procedure: Procedure, former: Procedure) -> None:
    for state in former.states.values():
        if state.is_end or state.track:
            continue
        to, tracks = procedure.moved_here(state.name, {})
        wrong = [
            name for name, now in tracks.items() if now not in procedure.states or procedure.states[now].track != name
        ]
        if to not in procedure.states or procedure.states[to].track or wrong:
            raise InputError(
                say(
                    "程序 {id} 第 {edition} 版没有写“{state}”的业务转到哪里",
                    id=procedure.id,
                    edition=procedure.edition,
                    state=state.zh,
                ),
                remedy=say("在 moves.states 里写 {state} = 新版的状态", state=state.name),
                field="moves",
            )


def prove_links(procedure: Procedure, others: Iterable[Procedure]) -> None:
    """Pass if each procedure that this one opens cases of is there and is given all that its form requires.

    Raises: InputError naming the act and the remedy.
    """
    newest = {each.id: each for each in sorted(others, key=lambda each: (each.valid_from, each.edition))}
    for act in procedure.acts.values():
        for word in act.effects:
            if word.name == "open_case":
                _prove_opening(procedure, word, newest=newest, act=act.name)


def _prove_opening(procedure: Procedure, word: Word, *, newest: Mapping[str, Procedure], act: str) -> None:
    wanted = newest.get(str(word.about["procedure"]))
    where = say("程序 {id} 第 {edition} 版，行为 {act}", id=procedure.id, edition=procedure.edition, act=act)
    if wanted is None or not wanted.is_general:
        raise InputError(
            say("没有名为 {id} 的程序", id=str(word.about["procedure"])),
            where=where,
            remedy=say("写成其中之一：{allowed}", allowed="、".join(sorted(newest))),
            field="procedure",
        )
    given = word.about["values"] if isinstance(word.about["values"], Mapping) else {}
    form = wanted.opening_acts[0].form
    missing = [each.key for each in form if each.is_required and not each.when and each.key not in given]
    unknown = sorted(set(given) - {each.key for each in form})
    for faulty, what in (
        (missing, say("要开办的“{procedure}”必填的字段没有写从哪里来", procedure=wanted.zh)),
        (unknown, say("要开办的“{procedure}”没有这些字段", procedure=wanted.zh)),
    ):
        if faulty:
            remedy = say("改正 values：{names}", names="、".join(faulty))
            raise InputError(what, where=where, remedy=remedy, field="values")
