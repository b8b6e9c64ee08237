"""What a form was answered, as pages show it: names of choices, rows of groups, files to be fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.directory import queries as directory
from plumbline.domain.journal.types import ActFacts
from plumbline.faces.kit import formats
from plumbline.faces.kit.evaluation import named
from plumbline.rulebook.forms import Field
from plumbline.rulebook.procedures import ABOUT, REMARK, REMARKS, Act

NOTHING: tuple[object, ...] = (None, "", [])
"""What is no answer; a "no" is one."""


@dataclass(frozen=True)
class FileAnswer:
    """A file of an answer; url empty before the case is there."""

    name: str
    size: int
    url: str


@dataclass(frozen=True)
class Answered:
    """One answer. words: where it is a text; rows: of a group, each with its own answers; files: where it is files."""

    label: str
    words: str = ""
    rows: Sequence[Sequence[Answered]] = ()
    files: Sequence[FileAnswer] = ()


def answers_of(act: Act, form: Mapping[str, object], *, number: str = "", address: str = "") -> list[Answered]:
    """Return what the form of an act was answered. number, address: of the case and the page that gives its files."""
    return [
        answer_of(each, form[each.key], number=number, address=address)
        for each in act.form
        if form.get(each.key) not in NOTHING
    ]


@dataclass(frozen=True)
class Handed:
    """What an act after the opening one handed in: its name, and what its form was answered."""

    title: str
    answers: Sequence[Answered]


def handed_in(found: CaseFacts, story: Sequence[ActFacts], *, reader: Actor, address: str) -> list[Handed]:
    """Return what later acts said that is more than a sentence of the story: groups, files, people; newest first."""
    procedure = cases.procedure_of(found)
    lines = []
    for act in reversed(story[1:]):
        definition = procedure.act_done(act.name)
        if definition.amends:
            continue
        said = said_in(found, act, reader=reader)
        long = {each.key for each in definition.form if each.type in {"group", "file"} or each.is_personal}
        told = {key: said[key] for key in said if key in long}
        answers = answers_of(definition, told, number=found.number, address=address)
        lines += [Handed(named(definition), answers)] if answers else []
    return lines


def remarks_on(story: Sequence[ActFacts]) -> dict[str, list[str]]:
    """Return what is to be mended by field of the application, as the last act says it."""
    form = story[-1].data.get("form") if story else None
    rows = form.get(REMARKS) if isinstance(form, Mapping) else None
    found: dict[str, list[str]] = {}
    for row in rows if isinstance(rows, list) else []:
        found.setdefault(str(row[ABOUT]), []).append(str(row[REMARK]))
    return found


def said_in(found: CaseFacts, act: ActFacts, *, reader: Actor) -> dict[str, object]:
    """Return what a later act said as a reader of the case may know it.

    Whom an act of others names is not told to the house that applied.
    """
    form = act.data.get("form")
    said = dict(form) if isinstance(form, Mapping) else {}
    is_theirs = reader.organisation_id == act.organisation_id or reader.organisation_id != found.owner_id
    return said | (dict(found.told.get(str(act.sequence), {})) if is_theirs else {})


def answer_of(field: Field, value: object, *, number: str = "", address: str = "") -> Answered:
    """Return one answer."""
    held = value if isinstance(value, list | tuple) else [value]
    maps = [each for each in held if isinstance(each, Mapping)]
    if field.type == "file":
        urls = [reverse(address, args=[number, each["sha256"]]) if address else "" for each in maps]
        files = [FileAnswer(str(each["name"]), int(each["size"]), url) for each, url in zip(maps, urls, strict=True)]
        return Answered(named(field), files=files)
    if field.type == "group":
        rows = [
            [
                answer_of(one, row[one.key], number=number, address=address)
                for one in field.fields
                if row.get(one.key) not in NOTHING
            ]
            for row in maps
        ]
        return Answered(named(field), rows=rows)
    return Answered(named(field), formats.joined([_words(field, each) for each in held]))


def _words(field: Field, value: object) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if field.type == "person":
        return "".join(
            formats.either(each.name_zh, each.name_en) for each in directory.people([UUID(str(value))]).values()
        )
    choice = field.choice(str(value))
    said = named(choice) if choice else str(value)
    return f"{said} {field.unit}" if field.unit and field.unit != "1" else said
