"""What procedures say of one another, proven once all are read: the cases one opens in another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plumbline.errors import InputError, say
from plumbline.rulebook.procedures.model import Procedure, Word


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
