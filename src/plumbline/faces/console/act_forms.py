"""Forms of acts, built from the procedure's definition alone: fields, choices, what was typed, faults beside fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http.request import QueryDict
from django.utils.translation import gettext as _

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, Subject
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.directory import queries as directory
from plumbline.domain.procedures import acting
from plumbline.errors import PlumblineError, Text
from plumbline.faces.console.case_data import CaseData
from plumbline.faces.console.shell import faults_of
from plumbline.faces.kit import formats
from plumbline.faces.kit.act_form import errors_by_field
from plumbline.faces.kit.acting import act_request, new_request_id
from plumbline.faces.kit.case_story import state_word
from plumbline.faces.kit.doers import away_words
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.shapes import Fault, Option
from plumbline.rulebook.forms import Field
from plumbline.rulebook.procedures import Act


@dataclass(frozen=True)
class FormField:
    """One field as a template shows it. widget: area, text, date, choice, many or select; value: as typed."""

    id: str
    name: str
    widget: str
    label: str
    hint: str
    required: bool
    value: str
    error: Text | None
    options: Sequence[Option] = ()


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
        return any(field.required for field in self.fields)


@dataclass(frozen=True)
class Typed:
    """What came with a refused request: the act, its form as typed, and why it was refused."""

    posted: QueryDict
    error: PlumblineError

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


def possible_acts(data: CaseData, actor: Actor) -> list[Act]:
    """Return the acts this actor may do now, the awaited ones first; those on single jobs are left to their pages."""
    found = data.case
    subject = Subject(found.owner_id, found.body_id, found.region_code)
    acts = [
        act
        for act in data.procedure.acts_from(found.state, found.details)
        if accounts.may(actor, f"{data.procedure.id}.{act.name}", subject=subject)
        and _is_holder(act, found, actor=actor)
    ]
    return sorted(acts, key=lambda act: found.state in act.aside_from)


def _is_holder(act: Act, found: CaseFacts, *, actor: Actor) -> bool:
    duty = act.person.get(found.state)
    return duty is None or found.people.get(duty) == actor.duty_of


def form_of(act: Act, setting: Setting, *, typed: Typed | None = None) -> ActForm:
    """Return the form of an act, with what was typed where it has just been refused."""
    is_typed = typed is not None and typed.act == act.name
    posted = typed.posted if typed and is_typed else None
    errors = errors_by_field(typed.error) if typed and is_typed else {}
    return ActForm(
        name=act.name,
        label=named(act),
        kind="dan" if act.needs_reason else "",
        fields=[_field(act, field, setting=setting, posted=posted, errors=errors) for field in act.form],
        request_id=new_request_id(),
        seen=setting.data.case.sequence,
        is_open=is_typed,
    )


def _field(
    act: Act, field: Field, *, setting: Setting, posted: QueryDict | None, errors: Mapping[str, Text]
) -> FormField:
    chosen = posted.getlist(field.key) if posted is not None else _known(field, setting.data.case)
    return FormField(
        id=f"{act.name}-{field.key}",
        name=field.key,
        widget=_widget(field),
        label=named(field),
        hint=field.help_en if formats.is_english() else field.help_zh,
        required=field.is_required,
        value=chosen[0] if chosen else "",
        error=errors.get(field.key),
        options=[_chosen(each, chosen) for each in _options(field, setting)],
    )


def _known(field: Field, found: CaseFacts) -> list[str]:
    """Return what is known already: the persons assigned before."""
    person = found.people.get(field.key)
    return [str(person)] if field.type == "person" and person else []


def _widget(field: Field) -> str:
    if field.type == "choice":
        return "many" if field.many else "choice"
    return {"long_text": "area", "person": "select", "date": "date"}.get(field.type, "text")


def _chosen(option: Option, chosen: Sequence[str]) -> Option:
    is_selected = option.value in chosen
    return Option(option.value, option.label, option.hint, is_selected, option.is_disabled, option.state, option.word)


def _options(field: Field, setting: Setting) -> Iterable[Option]:
    if field.type == "person":
        return _people(field, setting)
    if field.choices_from == "case_jobs":
        return [Option(str(job.facts.id), job.label) for job in setting.data.jobs]
    return [Option(each.value, named(each)) for each in field.choices]


def _people(field: Field, setting: Setting) -> list[Option]:
    """Return the people of the house in the role asked for, who of them is away; whether a verifier is qualified."""
    data, today = setting.data, setting.today
    able = dict(accounts.people_with_role(setting.actor.organisation_id, field.role, on=today))
    known = directory.people(able)
    people = [(key, formats.either(known[key].name_zh, known[key].name_en)) for key in able]
    away = accounts.absences(setting.actor.organisation_id, on=today)
    if field.role != "verifier":
        return [Option(str(person), name, word=away_words(away.get(person))) for person, name in people]
    held = directory.qualifications_at(data.case.body_id, on=today)
    wanted = {job.instrument.category for job in data.jobs}
    options = []
    for person, name in people:
        ends = [each.valid_to for each in held if each.person_id == person and each.category in wanted]
        covered = {each.category for each in held if each.person_id == person} >= wanted
        word = _("资格至 {day}").format(day=min(ends).isoformat()) if covered and ends else _("没有有效资格")
        words = formats.joined((word, away_words(away.get(person))))
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
    return faults_of(typed.error, {name: f"{typed.act}-{name}" for name in errors_by_field(typed.error)})


def do_act(actor: Actor, data: CaseData, *, posted: QueryDict, at: datetime) -> str:
    """Do the posted act; returns the sentence that says what was done. Raises: what the act raises."""
    act = data.procedure.act(posted.get("act", ""))
    form: dict[str, object] = {
        field.key: posted.getlist(field.key) if field.many else posted.get(field.key) for field in act.form
    }
    request = act_request(posted, act.name, form=form)
    after = acting.perform(actor, data.case.id, request=request, at=at)
    return _("已办“{act}”，业务 {number} 现在是“{state}”").format(
        act=named(act), number=after.number, state=state_word(after)
    )
