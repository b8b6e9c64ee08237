"""The one mechanism of the register forms: a form is described once, shown by the kit, read back, faults beside fields.

Leaves which forms there are to `register_entries`, and what may be entered to the actions they call: here only what
every form asks is asked (filled in, readable as a day, one of the choices, not longer than its column).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.utils import timezone

from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory import queries as directory
from plumbline.errors import InputError, InputErrors, PlumblineError, Term, Text, say
from plumbline.faces.console.reach import houses
from plumbline.faces.kit.act_form import FormField, errors_by_field
from plumbline.faces.kit.shapes import Option
from plumbline.faces.kit.templatetags.kit import text_of
from plumbline.rulebook import catalogue

Typed = Mapping[str, str]
Offer = Callable[[Actor, Typed], Sequence[Option]]
KINDS = {"text": "text", "organisation": "text", "number": "number", "date": "date", "choice": "choice"}
"""Type of a field to the component that shows it; every other type is a list to choose from."""
CHOSEN = frozenset({"choice", "select", "category", "institution", "person"})


@dataclass(frozen=True)
class Field:
    """One field. type: text, number, date, choice (few, all seen), select, category, region, institution, organisation
    (by its credit code) or person. offers: the choices of choice, select and person; begins: what is filled in first;
    names: what a code typed stands for, an InputError if for nothing; most: characters.
    """

    name: str
    label: Text | Term
    type: str = "text"
    help: Text | None = None
    required: bool = True
    offers: Offer | None = None
    begins: Callable[[date], str] | None = None
    names: Callable[[str], str] | None = None
    most: int = 200


@dataclass(frozen=True)
class Given:
    """What was typed, every field of the form by name, sound as far as `read` asks."""

    texts: Typed

    def __getitem__(self, name: str) -> str:
        return self.texts[name]

    def day(self, name: str) -> date:
        """Return a day that is required."""
        return date.fromisoformat(self.texts[name])

    def day_or_none(self, name: str) -> date | None:
        """Return a day, None where none was typed."""
        return self.day(name) if self.texts[name] else None


@dataclass(frozen=True)
class Secret:
    """What is shown this once: what it is called, and what to do with it."""

    text: str
    title: Text
    note: Text


@dataclass(frozen=True)
class Done:
    """What was done: the sentence, the page to look at next, and a secret that is shown this once."""

    told: Text
    url: str
    secret: Secret | None = None


class Doing(Protocol):
    """What a form does: turns what was typed into an entry, calls the action, and says what was done."""

    def __call__(self, actor: Actor, given: Given, *, at: datetime) -> Done: ...


@dataclass(frozen=True)
class RegisterForm:
    """A form. `first` are asked before the others, whose choices hang on them; `more` are fields they bring with them.

    line: the page of the side bar it belongs to; right: opens the form; whether it reaches a thing, the action asks.
    """

    name: str
    line: str
    title: Text
    button: Text
    right: str
    fields: tuple[Field, ...]
    act: Doing
    first: tuple[Field, ...] = ()
    more: Callable[[Actor, Typed], tuple[Field, ...]] | None = None
    note: Text | None = None

    def all_fields(self, actor: Actor, typed: Typed) -> tuple[Field, ...]:
        """Return every field, now that the first ones are answered."""
        return (*self.first, *self.fields, *(self.more(actor, typed) if self.more else ()))


def read(fields: Sequence[Field], actor: Actor, *, typed: Typed) -> Given:
    """Return what was typed. Raises: InputErrors with a sentence for each field at fault."""
    texts = {field.name: typed.get(field.name, "").strip() for field in fields}
    faults = [fault for field in fields if (fault := _fault(field, texts[field.name], actor=actor, typed=texts))]
    if faults:
        raise InputErrors(faults)
    return Given(texts)


def _fault(field: Field, text: str, *, actor: Actor, typed: Typed) -> InputError | None:
    label = field.label
    if not text:
        return (
            _wrong(field, say("“{label}”没有填写", label=label), remedy=say("填写这一项")) if field.required else None
        )
    if len(text) > field.most:
        limit = say("内容太长，最多 {limit} 个字符", limit=field.most)
        return _wrong(field, limit, remedy=say("缩短这一项"))
    if not text.isprintable():
        return _wrong(field, say("“{label}”里有看不见的字符", label=label), remedy=say("删掉重新输入，不要从别处粘贴"))
    if field.type == "date" and not _is_day(text):
        return _wrong(field, say("“{text}”不是日期", text=text[:20]), remedy=say("写成 2026-11-21 的样子"))
    options = options_of(field, actor, typed=typed)
    if (options or field.type in CHOSEN) and text not in {option.value for option in options}:
        return _wrong(field, say("“{label}”要从名单里选", label=label), remedy=say("从名单里选一项"))
    return _unknown(field, text)


def _wrong(field: Field, what: Text, *, remedy: Text) -> InputError:
    return InputError(what, remedy=remedy, field=field.name)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _unknown(field: Field, text: str) -> InputError | None:
    try:
        _name(field, text)
    except InputError as error:
        return InputError(error.what, remedy=error.remedy, field=field.name)
    return None


def _name(field: Field, text: str) -> str:
    """Return what a code typed stands for; the text itself where a field is no code. Raises: InputError."""
    if field.names:
        return field.names(text)
    if field.type != "organisation":
        return text
    found = directory.organisation_by_uscc(text)
    return f"{found.uscc} {found.name_zh}"


def options_of(field: Field, actor: Actor, *, typed: Typed) -> Sequence[Option]:
    """Return what a field offers to an actor, the first fields being answered."""
    if field.offers:
        return field.offers(actor, typed)
    offered = {"category": _categories, "region": _regions, "institution": _institutions}.get(field.type)
    return offered(actor) if offered else ()


def shown(
    fields: Sequence[Field], actor: Actor, *, typed: Typed, error: PlumblineError | None = None
) -> list[FormField]:
    """Return the fields as the kit shows them, with what was typed and the fault beside each."""
    errors = errors_by_field(error)
    today = timezone.localdate()
    found = []
    for field in fields:
        options = options_of(field, actor, typed=typed)
        value = typed.get(field.name, field.begins(today) if field.begins else "")
        found.append(
            FormField(
                name=field.name,
                kind=KINDS.get(field.type, "select" if options or field.type in CHOSEN else "text"),
                label=text_of(field.label),
                hint=text_of(field.help),
                is_required=field.required,
                value=value,
                options=options,
                error=errors.get(field.name),
            )
        )
    return found


def label_of(field: Field, actor: Actor, *, typed: Typed) -> str:
    """Return what stands for a value already answered: the words of the choice, or what its code names."""
    text = typed.get(field.name, "")
    chosen = next((option.label for option in options_of(field, actor, typed=typed) if option.value == text), "")
    return chosen or _name(field, text)


def _institutions(actor: Actor) -> list[Option]:
    return [Option(body.institution_code, body.name_zh, hint=body.institution_code) for body in houses(actor)]


def _categories(_actor: Actor) -> list[Option]:
    return [Option(code, f"{code} {text_of(Term(each.zh, each.en))}") for code, each in catalogue.categories().items()]


def _regions(actor: Actor) -> list[Option]:
    """Return the divisions of the actor's area that stand today; nothing for a role without an area, who types one."""
    return [Option(each.code, f"{each.code} {each.name}") for each in directory.current_regions(actor.regions)]
