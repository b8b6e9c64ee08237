"""What the guards of `rulebook.procedures.words` ask: one function a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.actions import Turn
from plumbline.domain.journal.types import ActFacts
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError, RuleError, StateError, Term, Text, say
from plumbline.rulebook.calendar import legal_day
from plumbline.rulebook.forms import Field
from plumbline.rulebook.procedures import days_between, last_day

About = Mapping[str, object]


class Guard(Protocol):
    """Passes or raises. about: what the word is about, as `words.GUARDS` has it read."""

    def __call__(self, actor: Actor, turn: Turn, *, about: About, at: datetime) -> None: ...


def other_person(actor: Actor, turn: Turn, *, about: About, at: datetime) -> None:  # noqa: ARG001  # one signature
    """Pass if somebody else did the acts named. Raises: RuleError."""
    acts = about["than"] if isinstance(about["than"], tuple) else ()
    done = next((act for act in turn.story if act.name in acts and act.person_id == actor.person_id), None)
    if done is not None:
        earlier = turn.procedure.act(done.name)
        raise RuleError(
            say("您已经办过“{act}”，这一步要由另一个人办", act=Term(earlier.zh, earlier.en)),
            where=say("业务 {number}", number=turn.case.number),
            remedy=say("请同一角色的另一位办理"),
        )


def other_house(actor: Actor, turn: Turn, *, about: About, at: datetime) -> None:  # noqa: ARG001  # one signature
    """Pass if the actor is not of the house that applied. Raises: RuleError."""
    if actor.organisation_id == turn.case.owner_id:
        raise RuleError(
            say("不能办本单位自己的申请"),
            where=say("业务 {number}", number=turn.case.number),
            remedy=say("请别的单位有权的人办理"),
        )


def once(actor: Actor, turn: Turn, *, about: About, at: datetime) -> None:  # noqa: ARG001  # one signature
    """Pass if the act was not done before. Raises: StateError."""
    if any(act.name == turn.act.name for act in turn.story):
        raise StateError(
            say("“{act}”只能办一次", act=Term(turn.act.zh, turn.act.en)),
            where=say("业务 {number}", number=turn.case.number),
            remedy=say("看经过里上一次办的结果"),
        )


def within(actor: Actor, turn: Turn, *, about: About, at: datetime) -> None:  # noqa: ARG001  # one signature
    """Pass if not more days have passed since an act than may. Raises: StateError."""
    since = _last(turn.story, str(about["after"]))
    if since is None:
        return
    last = last_day(str(about["kind"]), legal_day(since.at), days=int(str(about["days"])))
    if last is not None and legal_day(at) > last:
        raise StateError(
            say("这一步要在 {day} 以前办，已经过了", day=last),
            where=say("业务 {number}", number=turn.case.number),
            remedy=say("看程序说明里还能怎么办"),
        )


def not_before(actor: Actor, turn: Turn, *, about: About, at: datetime) -> None:  # noqa: ARG001  # one signature
    """Pass if so many days have passed since an act. Raises: StateError."""
    since = _last(turn.story, str(about["after"]))
    days, kind = int(str(about["days"])), str(about["kind"])
    passed = days_between(kind, legal_day(since.at), end=legal_day(at)) if since else None
    if since is not None and passed is not None and passed < days:
        first = last_day(kind, legal_day(since.at), days=days)
        raise StateError(
            say("这一步到 {day} 才能办", day=first),
            where=say("业务 {number}", number=turn.case.number),
            remedy=say("到那天再办"),
        )


def at_least(actor: Actor, turn: Turn, *, about: About, at: datetime) -> None:  # noqa: ARG001  # one signature
    """Pass if a number, or how many rows a group has, is large enough. Raises: InputError beside the field."""
    field, given, wanted = _measured(turn, about)
    if given is not None and given < wanted:
        raise _out_of_bounds(say("“{field}”至少要 {amount}", field=Term(field.zh, field.en), amount=wanted), field)


def at_most(actor: Actor, turn: Turn, *, about: About, at: datetime) -> None:  # noqa: ARG001  # one signature
    """Pass if a number, or how many rows a group has, is small enough. Raises: InputError beside the field."""
    field, given, wanted = _measured(turn, about)
    if given is not None and given > wanted:
        raise _out_of_bounds(say("“{field}”最多 {amount}", field=Term(field.zh, field.en), amount=wanted), field)


def day_to_come(actor: Actor, turn: Turn, *, about: About, at: datetime) -> None:  # noqa: ARG001  # one signature
    """Pass if a day of the form is not past. Raises: InputError beside the field."""
    field = turn.procedure.fields[str(about["field"])]
    given = _value(turn, field.key)
    if given and date.fromisoformat(str(given)) < legal_day(at):
        raise InputError(
            say("“{field}”已经过去", field=Term(field.zh, field.en)), remedy=say("填今天或以后的日期"), field=field.key
        )


def answered(actor: Actor, turn: Turn, *, about: About, at: datetime) -> None:  # noqa: ARG001  # one signature
    """Pass if a field was answered so, in this form or in the newest that asked it. Raises: RuleError."""
    field, wanted = turn.procedure.fields[str(about["field"])], about["values"]
    given = _value(turn, field.key)
    if not isinstance(wanted, tuple) or given in wanted:
        return
    choices = [field.choice(value) for value in wanted]
    words = Term("、".join(each.zh for each in choices if each), ", ".join(each.en for each in choices if each))
    raise RuleError(
        say("“{field}”要是“{answers}”才能“{act}”", field=field.name, answers=words, act=Term(turn.act.zh, turn.act.en)),
        where=say("业务 {number}", number=turn.case.number),
        remedy=say("看经过里这一项是怎么写的，按它选别的一步"),
    )


def deciding_house(actor: Actor, turn: Turn, *, about: About, at: datetime) -> None:  # noqa: ARG001  # one signature
    """Pass if the actor is of the house that decides, and not of one above it. Raises: RuleError."""
    if actor.organisation_id != turn.case.body_id:
        raise RuleError(
            say(
                "这一步由{house}的人办", house=Term(turn.case.body_name, turn.case.body_name_en or turn.case.body_name)
            ),
            where=say("业务 {number}", number=turn.case.number),
            remedy=say("请该单位有权的人办理"),
        )


def sub_cases_ended(actor: Actor, turn: Turn, *, about: About, at: datetime) -> None:  # noqa: ARG001  # one signature
    """Pass if the cases that were opened by this one have ended as they were meant to. Raises: StateError."""
    if not cases.are_sub_cases_done(turn.case):
        raise StateError(
            say("由本业务开办的业务还没有办成"),
            where=say("业务 {number}", number=turn.case.number),
            remedy=say("等它办成；在本业务页的“相关业务”里看，没有办成的要重新开办"),
        )


def about_ended(actor: Actor, turn: Turn, *, about: About, at: datetime) -> None:  # noqa: ARG001  # one signature
    """Pass if the case that this one is about has ended. Raises: StateError."""
    parent = cases.case(turn.case.parent_id) if turn.case.parent_id else None
    if parent is not None and parent.ended_at is None:
        raise StateError(
            say("业务 {number} 还没有办结，还没有可以复核的决定", number=parent.number),
            remedy=say("等它办结后再提出；有话现在就可以在那项业务里说"),
        )


def took_no_part(actor: Actor, turn: Turn, *, about: About, at: datetime) -> None:  # noqa: ARG001  # one signature
    """Pass if the actor did nothing on the case that this one is about. Raises: RuleError."""
    with scoped(EVERYTHING):  # also acts that the actor may not see were acts of somebody
        story = cases.story(turn.case.parent_id) if turn.case.parent_id else ()
    if any(act.person_id == actor.person_id for act in story):
        raise RuleError(
            say("您办过原来的业务，复核要由没有参与过的人办"),
            where=say("业务 {number}", number=turn.case.number),
            remedy=say("请同一角色的另一位办理"),
        )


def _measured(turn: Turn, about: About) -> tuple[Field, Decimal | None, Decimal]:
    field = turn.procedure.fields[str(about["field"])]
    value = _value(turn, field.key)
    if isinstance(value, list):
        return field, Decimal(len(value)), Decimal(str(about["amount"]))
    return field, None if value is None else Decimal(str(value)), Decimal(str(about["amount"]))


def _value(turn: Turn, key: str) -> object:
    """Return what the form of the act says, else what the case has been told last."""
    return turn.form.get(key, turn.said.get(key))


def _last(story: Sequence[ActFacts], name: str) -> ActFacts | None:
    return next((act for act in reversed(story) if act.name == name), None)


def _out_of_bounds(what: Text, field: Field) -> InputError:
    return InputError(what, remedy=say("改正后再提交"), field=field.key)


GUARDS: Mapping[str, Guard] = {
    "other_person": other_person,
    "other_house": other_house,
    "once": once,
    "within": within,
    "not_before": not_before,
    "at_least": at_least,
    "at_most": at_most,
    "day_to_come": day_to_come,
    "answered": answered,
    "sub_cases_ended": sub_cases_ended,
    "about_ended": about_ended,
    "took_no_part": took_no_part,
    "deciding_house": deciding_house,
}


def pass_guards(actor: Actor, turn: Turn, *, at: datetime) -> None:
    """Pass if every guard the definition names for an act holds. Raises: as the guards."""
    for word in turn.act.guards:
        GUARDS[word.name](actor, turn, about=word.about, at=at)
