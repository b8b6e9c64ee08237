"""Shows a case: its steps, its story with the future on top, its clock with the rule behind it.

Every name of a state, act, step and field comes from the procedure's definition. Leaves pages and forms to the faces.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts, ClockReading, Folded
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.journal.types import ActFacts
from plumbline.faces.kit import formats
from plumbline.faces.kit.doers import doer_words
from plumbline.faces.kit.evaluation import named, source_words
from plumbline.faces.kit.nav import role_words, roles_words
from plumbline.faces.kit.shapes import Clock, RuleCite, StepItem, StoryItem, Why
from plumbline.rulebook import calendar
from plumbline.rulebook.deadlines import Deadline
from plumbline.rulebook.forms import Field
from plumbline.rulebook.procedures import Act, Possible, Procedure, days_between
from plumbline.rulebook.procedures import Clock as ProcedureClock

NOT_TOLD = frozenset({"site", "instruments", "contact_name", "contact_phone", "jobs"})


@dataclass(frozen=True)
class Names:
    """Names a story needs: of jobs by id (as 3 号枪) and of people by id; empty where the reader may not see them."""

    jobs: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    is_public: bool = False


def steps_of(found: CaseFacts, procedure: Procedure) -> list[StepItem]:
    """Return the steps of the procedure with the one under way."""
    number, _total = procedure.step_numbers(found.state)
    is_over = procedure.states[found.state].is_end
    return [
        StepItem(
            named(step),
            is_done=place < number or (is_over and place == number),
            is_current=place == number and not is_over,
        )
        for place, step in enumerate(procedure.steps.values(), start=1)
    ]


def state_word(found: CaseFacts) -> str:
    """Return the name of the state a case is in."""
    return named(cases.procedure_of(found).states[found.state])


def state_kind(found: CaseFacts, today: date, *, clock: Clock | None = None) -> str:
    """Return the state kind of a case in a list: over and due by its time limit, else by where it stands.

    clock: that of the case, where the caller has it.
    """
    if found.ended_at is not None:
        return "ok" if cases.procedure_of(found).states[found.state].is_good else "unk"
    if found.state == "returned":
        return "due"
    clock = clock or clock_of(found, today)
    return clock.kind if clock and clock.kind in {"over", "due"} else "run"


def waits_for(found: CaseFacts) -> tuple[str, ...]:
    """Return the codes of the roles whose act a case waits for."""
    return cases.procedure_of(found).waits_for(found.states, found.details)


def awaited_acts(found: CaseFacts) -> list[Possible]:
    """Return the acts a case waits for, with the state each is done from; none at the end."""
    return [each for each in cases.procedure_of(found).possible(found.states, found.details) if each.is_awaited]


# ---------------------------------------------------------------- the clock


def clock_of(found: CaseFacts, today: date, *, folded: Folded | None = None) -> Clock | None:
    """Return the clock of a case in days of the limit's kind; None before it starts or where the calendar is not known.

    folded: needed for the day a clock has stopped on and for its limit; without it such a clock counts to the end of
    the case and names no last day. A case that waits for its applicant has none either: it gets a new one.
    """
    if found.clock_from is None:
        return None
    if cases.procedure_of(found).is_general:
        return _own_clock(found, today, folded=folded) if folded else _listed_clock(found, today)
    is_stopped = is_clock_stopped(found)
    stopped_on = folded.clock_stopped_on if folded else (found.ended_at and timezone.localdate(found.ended_at))
    until = (stopped_on or today) if is_stopped else today
    limit = limit_of(found)
    day = _days_used(limit, found.clock_from, until=until)
    if day is None:
        return None
    state = "run" if not is_stopped else "stop" if found.state == "returned" else "done"
    due = _last_day(found, limit) if folded else found.due_on
    total = limit.days if limit and due else None
    is_calendar = limit is not None and limit.kind == "calendar"
    return Clock(max(day, 0), total, due=due, state=state, started=found.clock_from, is_calendar=is_calendar)


def _listed_clock(found: CaseFacts, today: date) -> Clock | None:
    """Return the clock that runs by what the case keeps of it, for lists, which read no story: the days from its start
    to its last day, pauses among them. Counted in working days where every clock that may run counts so."""
    clocks = [each for each in cases.procedure_of(found).clocks.values() if found.state not in each.stops_in]
    if found.due_on is None or found.clock_from is None:
        return None
    kind = "working" if all(each.kind == "working" for each in clocks) else "calendar"
    total = days_between(kind, found.clock_from, end=found.due_on)
    used = days_between(kind, found.clock_from, end=today)
    if total is None or used is None:
        return None
    return Clock(used, total, due=found.due_on, started=found.clock_from, is_calendar=kind == "calendar")


def _own_clock(found: CaseFacts, today: date, *, folded: Folded) -> Clock | None:
    """Return the clock of a file's own days that presses most."""
    reading = folded.clock
    if reading is None:
        return None
    kind = cases.procedure_of(found).clocks[reading.name].kind
    if kind == "months":  # counted by days to its end, as it never stands
        kind, reading = "calendar", _by_days(reading)
    until = today if reading.is_running else reading.stopped_on or reading.met_on or today
    left = days_between(kind, until, end=reading.limit_on) if reading.limit_on and reading.limit_on >= until else None
    over = days_between(kind, reading.limit_on, end=until) if reading.limit_on and reading.limit_on < until else 0
    if over is None or (left is None and not over):
        return None
    used = reading.days + over if left is None else reading.days - left
    state = "run" if reading.is_running else "done" if reading.stopped_on else "stop"
    return Clock(used, reading.days, due=reading.limit_on, state=state, started=reading.started_on,
                 is_calendar=kind == "calendar")  # fmt: skip


def _by_days(reading: ClockReading) -> ClockReading:
    """Return a clock of months in days."""
    days = (reading.limit_on - reading.started_on).days if reading.limit_on else reading.days
    return replace(reading, days=days)


def _days_used(limit: Deadline | None, start: date, *, until: date) -> int | None:
    return limit.days_used(start=start, today=until) if limit else calendar.working_days_between(start, until)


def _last_day(found: CaseFacts, limit: Deadline | None) -> date | None:
    """Return the last day of a clock: kept by the case while it runs, that of the rule when it is done."""
    if not is_clock_stopped(found) or found.state == "returned":
        return found.due_on
    return limit.last_day(found.clock_from) if limit and found.clock_from else None


def is_clock_stopped(found: CaseFacts) -> bool:
    """Tell whether no clock of the procedure runs in the state of the case."""
    clocks = cases.procedure_of(found).clocks.values()
    return all(found.state in clock.stops_in or found.ended_at is not None for clock in clocks)


def limit_of(found: CaseFacts) -> Deadline | None:
    """Return the time limit that holds for a case, if any region above it sets one."""
    return cases.limit_of(found)


def days_words(kind: str, count: int) -> str:
    """Return a number of days of a kind in words."""
    if kind == "working":
        return ngettext("{n} 个工作日", "{n} 个工作日", count).format(n=count)
    if kind == "months":
        return _("{n} 个月").format(n=count)
    return ngettext("{n} 个自然日", "{n} 个自然日", count).format(n=count)


def clock_cite(clock: ProcedureClock, value: str) -> RuleCite:
    """Return where the days of a clock of a file come from. value: what it says."""
    origin = clock.provenance
    return RuleCite(
        title=named(clock),
        clause=(origin.clause or "") if origin else "",
        value=value,
        status=origin.status if origin else "unknown",
        source=source_words(origin.sources) if origin else "",
        checked_by=origin.checked_by if origin else "",
    )


def _own_why(found: CaseFacts, folded: Folded) -> Why:
    """Return the why of the clocks of a file's own days: each with its days, its last day, and where it comes from."""
    clocks = cases.procedure_of(found).clocks
    cites = []
    for reading in folded.clocks:
        clock = clocks[reading.name]
        days = days_words(clock.kind, reading.days)
        value = _("{days}，最后一天 {day}").format(days=days, day=formats.day(reading.limit_on))
        cites.append(clock_cite(clock, value))
    facts = [(_("起算日（不计入）"), formats.day(found.clock_from))] if found.clock_from else []
    note = "" if cites else _("这个程序没有写明时限，所以不推算。")
    return Why(_("时限从哪里来"), facts=facts, rules=cites, note=note)


def clock_why(found: CaseFacts, limit: Deadline | None) -> Why:
    """Return the why of a clock: from which day, how many days, by which rule."""
    if cases.procedure_of(found).is_general:
        return _own_why(found, cases.folded(found))
    last = _last_day(found, limit)
    facts = [(_("起算日（不计入）"), formats.day(found.clock_from)), (_("最后一天"), formats.day(last))]
    if limit is None:
        return Why(_("时限从哪里来"), facts=facts, note=_("规则库里没有本地区这项时限，所以不推算。"))
    origin = limit.provenance
    cite = RuleCite(
        title=_("检定时限"),
        clause=origin.clause or "",
        value=days_words(limit.kind, limit.days),
        status=origin.status,
        source=source_words(origin.sources),
        checked_by=origin.checked_by,
    )
    note = origin.note_en if formats.is_english() else origin.note_zh
    return Why(_("时限从哪里来"), facts=facts, rules=[cite], note=note)


# ---------------------------------------------------------------- the story


Past = tuple[datetime, StoryItem]


def story_of(
    found: CaseFacts, acts: Sequence[ActFacts], *, names: Names, now: datetime, further: Sequence[Past] = ()
) -> list[StoryItem]:
    """Return the story, newest first: what is still to come, where it stands, what was done.

    further: what happened besides the acts of the case, with its time.
    """
    procedure = cases.procedure_of(found)
    told = [
        (group[-1].at, item)
        for group in _runs(acts, procedure)
        for item in _told(group, procedure, names=names, now=now)
    ]
    past = [item for _at, item in sorted([*told, *further], key=lambda each: each[0])]
    return [*reversed(_future(found, procedure)), *_now(found, procedure, names=names), *reversed(past)]


def ends_of_documents(documents: Sequence[CertificateFacts], *, now: datetime) -> list[Past]:
    """Return what became of documents after their issue: revoked, or replaced by which of them."""
    issued_at = {each.number: each.issued_at for each in documents}
    items = []
    for document in documents:
        for event in document.events:
            if event.kind == "revoked":
                title = _("撤销 {number}").format(number=document.number)
                items.append((event.at, StoryItem(when_words(event.at, now), title, "bad", written=event.reason)))
        if document.replaced_by in issued_at:
            at = issued_at[document.replaced_by]
            title = _("{number} 由 {new} 更换").format(number=document.number, new=document.replaced_by)
            items.append((at, StoryItem(when_words(at, now), title, "bad")))
    return items


def _now(found: CaseFacts, procedure: Procedure, *, names: Names) -> list[StoryItem]:
    items = []
    for state, awaited in groupby(awaited_acts(found), lambda each: each.state):
        act = next(awaited).act
        person = found.people.get(act.person.get(state, ""))
        who = names.people.get(str(person), "") if person and not names.is_public else ""
        note = _("下一步“{act}”，由{role}办理").format(act=named(act), role=roles_words(act.roles))
        items.append(StoryItem(_("现在"), _standing_words(procedure, state), kind="now", who=who, note=note))
    return items


def _standing_words(procedure: Procedure, state: str) -> str:
    """Return the name of a state, with its track where it is one of a track."""
    now = procedure.states[state]
    if not now.track:
        return named(now)
    return _("{track}：{state}").format(track=named(procedure.tracks[now.track]), state=named(now))


def _future(found: CaseFacts, procedure: Procedure) -> list[StoryItem]:
    items: list[StoryItem] = []
    state, seen = found.state, {""}
    while state not in seen:
        seen.add(state)
        awaited = [each for each in procedure.possible((state,), found.details) if each.is_awaited]
        if awaited and state != found.state:
            items.append(StoryItem("", named(awaited[0].act), kind="next", who=roles_words(awaited[0].act.roles)))
        joined = (join.to for join in procedure.joins if join.during == state)
        state = next(joined, "") or (awaited[0].act.targets[-1] if awaited else "")
    return items


def _runs(acts: Sequence[ActFacts], procedure: Procedure) -> Iterable[list[ActFacts]]:
    """Group acts on single jobs that one person did one after another; any other act stands alone."""

    def key(act: ActFacts) -> object:
        if not procedure.act_done(act.name).per_job:
            return act.id
        return (act.name, act.person_id, act.behalf_id, timezone.localdate(act.at))

    return [list(group) for _key, group in groupby(acts, key)]


def _told(group: list[ActFacts], procedure: Procedure, *, names: Names, now: datetime) -> list[StoryItem]:
    first, last = group[0], group[-1]
    definition = procedure.act_done(first.name)
    who = role_words(first.role) if names.is_public else f"{doer_words(first, names.people)} · {role_words(first.role)}"
    when = when_words(last.at, now)
    if not definition.per_job:
        kind = "bad" if definition.needs_reason else ""
        return [
            StoryItem(when, named(definition), kind=kind, who=who, note=_form_words(definition, first, names=names))
        ]
    failed = [act for act in group if _fact(act, "verdict") == "fail"]
    passed = [act for act in group if act not in failed]
    items = [
        (
            act.at,
            StoryItem(
                when_words(act.at, now),
                _("{job}不合格").format(job=names.jobs.get(_fact(act, "job"), "")),
                kind="bad",
                who=who,
                note=_("原始记录 {number}").format(number=_fact(act, "record")),
            ),
        )
        for act in failed
    ]
    if passed:
        when = when_words(passed[-1].at, now)
        items.append((passed[-1].at, _job_item(definition, passed, when=when, who=who, names=names)))
    return [item for _at, item in sorted(items, key=lambda told: told[0])]


def _job_item(definition: Act, acts: list[ActFacts], *, when: str, who: str, names: Names) -> StoryItem:
    jobs = [names.jobs.get(_fact(act, "job"), "") for act in acts]
    shown = ("、" if not formats.is_english() else ", ").join(job for job in jobs if job)
    numbers = [_fact(act, "certificate") or _fact(act, "record") for act in acts]
    title = named(definition)
    if len(acts) > 1:
        title = ngettext("{act}，{n} 台", "{act}，{n} 台", len(acts)).format(act=title, n=len(acts))
    note = f"{shown} {numbers[0]}".strip() if len(acts) == 1 else shown
    return StoryItem(when, title, who=who, note=note)


def _fact(act: ActFacts, name: str) -> str:
    facts = act.data.get("facts", {})
    return str(facts.get(name, "")) if isinstance(facts, Mapping) else ""


def _form_words(definition: Act, act: ActFacts, *, names: Names) -> str:
    """Return what was written in the form: reason and remarks as they are, choices by their names."""
    form = act.data.get("form", {})
    if not isinstance(form, Mapping) or definition.sections:
        return ""  # a form in sections stands on the page by itself
    parts = [
        _field_words(each, form[each.key], names=names)
        for each in definition.form
        if each.key in form and each.key not in NOT_TOLD and each.type not in {"file", "group"}
    ]
    return formats.joined(parts)


def _field_words(definition: Field, value: object, *, names: Names) -> str:
    options = {each.value: named(each) for each in definition.choices}
    if isinstance(value, bool):
        return f"{named(definition)} {_('是') if value else _('否')}"
    if definition.type == "person":
        name = names.people.get(str(value), "")
        return f"{named(definition)} {name}" if name and not names.is_public else ""
    if definition.type == "date":
        return f"{named(definition)} {value}"
    said = value if isinstance(value, list | tuple) else [value]
    return formats.joined([options.get(str(each), str(each)) for each in said])


def when_words(at: datetime, now: datetime) -> str:
    """Return a moment of the story: without the year within the year of the reader, else the day."""
    local, today = timezone.localtime(at), timezone.localtime(now)
    return local.strftime("%m-%d %H:%M") if local.year == today.year else formats.day(at)
