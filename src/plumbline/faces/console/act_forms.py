"""Forms of acts, built from the procedure's definition alone: fields, choices, what was typed, faults beside fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.http.request import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.directory import queries as directory
from plumbline.domain.procedures import actions as procedures
from plumbline.domain.procedures import queries as opening
from plumbline.domain.procedures.queries import BODIES
from plumbline.errors import PlumblineError
from plumbline.faces.console.case_data import CaseData
from plumbline.faces.console.shell import faults_of
from plumbline.faces.kit import formats
from plumbline.faces.kit.act_form import Filled, FormField, errors_by_field, form_fields
from plumbline.faces.kit.acting import act_request, new_request_id
from plumbline.faces.kit.answers import remarks_on
from plumbline.faces.kit.case_story import state_word
from plumbline.faces.kit.doers import away_words
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.shapes import Fault, Option
from plumbline.rulebook.forms import BY_LOAD, Field
from plumbline.rulebook.procedures import Act


@dataclass(frozen=True)
class ActForm:
    """The form of one act on a case. kind: the style of its button; request_id: key against doing it twice."""

    name: str
    label: str
    kind: str
    fields: Sequence[FormField]
    request_id: str
    seen: int
    is_open: bool = False

    @property
    def has_required(self) -> bool:
        """True when something must be filled in before the button."""
        return any(field.is_required for field in self.fields)


@dataclass(frozen=True)
class Typed:
    """What came with a request that was refused, or that only asked for another row: what was posted, why it was
    refused, and its form as it was read."""

    posted: QueryDict
    error: PlumblineError | None
    form: Mapping[str, object] = field(default_factory=dict)

    @property
    def act(self) -> str:
        """The act asked for."""
        return self.posted.get("act", "")


@dataclass(frozen=True)
class Setting:
    """Where a form is shown: the case, who reads it, on which day."""

    data: CaseData
    actor: Actor
    today: date


def form_of(act: Act, setting: Setting, *, typed: Typed | None = None) -> ActForm:
    """Return the form of an act, with what was typed where it has just been refused."""
    is_typed = typed is not None and typed.act == act.name
    values = typed.form if typed and is_typed else _known(act, setting.data.case)
    asked = {each.key: each for each in act.form if not each.is_drawn}
    asked |= {f"{each.key}.{one.key}": one for each in act.form for one in each.fields}
    choices = {
        key: list(_options(each, setting)) for key, each in asked.items() if each.type == "person" or each.choices_from
    }
    return ActForm(
        name=act.name,
        label=named(act),
        kind="dan" if act.needs_reason else "",
        fields=form_fields(
            act,
            Filled(
                values,
                typed.error if typed and is_typed else None,
                remarks_on(setting.data.story) if act.amends else {},
            ),
            choices=choices,
            actor=setting.actor,
            prefix=f"{act.name}-",
        ),
        request_id=new_request_id(),
        seen=setting.data.case.sequence,
        is_open=is_typed,
    )


def _known(act: Act, found: CaseFacts) -> dict[str, object]:
    """Return what is known already: the persons assigned before; what was applied for, where the act amends it."""
    if act.amends:
        return dict(found.details)
    return {
        each.key: str(found.people[each.key]) for each in act.form if each.type == "person" and each.key in found.people
    }


def _options(field: Field, setting: Setting) -> Iterable[Option]:
    if field.type == "person":
        return _anyone(field, setting) if setting.data.procedure.is_general else _people(field, setting)
    if field.choices_from == BODIES:
        found = opening.other_bodies(setting.data.case, at=timezone.now())
        return [Option(str(each.id), formats.either(each.name_zh, each.name_en)) for each in found]
    return [Option(str(job.facts.id), job.label) for job in setting.data.jobs]


def _anyone(field: Field, setting: Setting) -> list[Option]:
    """Return who may be assigned, with what each has in hand; by load, who has least of those there is chosen first."""
    found = opening.assignable(field.role, setting.data.case, at=timezone.now())
    known = directory.people([each.person_id for each in found])
    options = [
        Option(
            str(each.person_id),
            formats.either(known[each.person_id].name_zh, known[each.person_id].name_en),
            word=formats.joined((away_words(each.away), _in_hand(each.in_hand))),
        )
        for each in found
    ]
    if field.by == BY_LOAD and found and found[0].away is None:
        options[0] = replace(options[0], is_selected=True)
    return options


def _in_hand(count: int) -> str:
    return ngettext("在办 {n} 件", "在办 {n} 件", count).format(n=count)


def _people(field: Field, setting: Setting) -> list[Option]:
    """Return the people of the house in the role asked for, who of them is away; whether a verifier is qualified."""
    data, today = setting.data, setting.today
    able = dict(accounts.people_with_role(setting.actor.organisation_id, field.role, on=today))
    known = directory.people(able)
    people = [(key, formats.either(known[key].name_zh, known[key].name_en)) for key in able]
    away = accounts.absences(setting.actor.organisation_id, on=today)
    loads = cases.open_loads(able)
    if field.role != "verifier":
        return [
            Option(str(person), name, word=formats.joined((away_words(away.get(person)), _in_hand(loads[person]))))
            for person, name in people
        ]
    held = directory.qualifications_at(data.case.body_id, on=today)
    wanted = {job.instrument.category for job in data.jobs}
    options = []
    for person, name in people:
        ends = [each.valid_to for each in held if each.person_id == person and each.category in wanted]
        covered = {each.category for each in held if each.person_id == person} >= wanted
        word = _("资格至 {day}").format(day=min(ends).isoformat()) if covered and ends else _("没有有效资格")
        words = formats.joined((word, away_words(away.get(person)), _in_hand(loads[person])))
        options.append(Option(str(person), name, word=words, state="ok" if covered else "over"))
    return options


def left_over(typed: Typed | None, forms: Sequence[ActForm]) -> list[str]:
    """Return the texts of a refused act whose form the case no longer offers, so that nothing typed is lost."""
    if typed is None or any(form.name == typed.act for form in forms):
        return []
    hidden = {"act", "request_id", "seen", "csrfmiddlewaretoken"}
    return [
        value for name in typed.posted if name not in hidden for value in typed.posted.getlist(name) if value.strip()
    ]


def faults_of_form(typed: Typed) -> list[Fault]:
    """Return the summary of errors of a refused act, each leading to its field."""
    if typed.error is None:
        return []
    return faults_of(typed.error, {name: f"{typed.act}-{name}" for name in errors_by_field(typed.error)})


def do_act(actor: Actor, data: CaseData, *, posted: QueryDict, form: Mapping[str, object], at: datetime) -> str:
    """Do the posted act; returns the sentence that says what was done. Raises: what the act raises."""
    act = data.procedure.act(posted.get("act", ""))
    request = act_request(posted, act.name, form=form)
    after = procedures.perform(actor, data.case.id, request=request, at=at)
    return _("已办“{act}”，业务 {number} 现在是“{state}”").format(
        act=named(act), number=after.number, state=state_word(after)
    )
