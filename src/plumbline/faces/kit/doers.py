"""Who did an act, in words: the person, and in whose place where it was in another's; and who is away until when."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import AbsenceFacts, Actor
from plumbline.domain.journal.types import ActFacts
from plumbline.faces.kit import formats


def doer_words(act: ActFacts, people: Mapping[str, str] | None = None) -> str:
    """Return who did an act. people: names in the reader's language by id, where they are known."""
    names = people or {}
    person = names.get(str(act.person_id), act.person_name)
    if act.behalf_id is None:
        return person
    return _("{person}（代{other}）").format(person=person, other=names.get(str(act.behalf_id), act.behalf_name))


def actor_words(actor: Actor) -> str:
    """Return who acts, as the frame of every page says it."""
    person = formats.either(actor.name, actor.name_en)
    if actor.behalf is None:
        return person
    other = formats.either(actor.behalf.name, actor.behalf.name_en)
    return _("{person}（代{other}）").format(person=person, other=other)


def away_words(found: AbsenceFacts | None) -> str:
    """Return that somebody is away and until when; nothing for somebody who is there."""
    return _("不在，至 {day}").format(day=found.last_day.isoformat()) if found else ""


def who_is_away(found: AbsenceFacts | None) -> str:
    """Return who is away and until when, where the name does not stand beside it; nothing for somebody who is there."""
    if found is None:
        return ""
    name = formats.either(found.person.name, found.person.name_en)
    return _("{name}不在，至 {day}").format(name=name, day=found.last_day.isoformat())
