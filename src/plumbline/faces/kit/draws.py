"""The draw of a case as its pages show it: who was frozen, each ticket and why they were taken or not, the parties; and
its file, with which anybody does it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.directory import queries as directory
from plumbline.domain.journal.types import ActFacts
from plumbline.domain.procedures import queries as procedures
from plumbline.domain.procedures.types import DrawFacts
from plumbline.errors import Hidden, say
from plumbline.evidence.draw import record
from plumbline.evidence.draw.ceremony import randomness
from plumbline.evidence.draw.manifest import Ceremony
from plumbline.evidence.draw.tickets import inspector_ticket, seed_of
from plumbline.faces.kit import formats
from plumbline.faces.kit.acting import actor_of
from plumbline.faces.kit.downloads import attachment
from plumbline.faces.kit.evaluation import named
from plumbline.rulebook.procedures import Procedure
from plumbline.rulebook.procedures.drawing import OPEN, SEAL, party_of, step_of

SHOWN_DIGITS = 12
"""How much of a ticket a page shows; all of it is in the file, or made anew from it."""


@dataclass(frozen=True)
class PersonLine:
    """Somebody who was frozen. name: for who may know it, else a code; ticket: empty before the draw."""

    name: str
    ticket: str
    kind: str
    word: str


@dataclass(frozen=True)
class PartyLine:
    """A party: the name of its step, its house, and how far it is."""

    name: str
    house: str
    kind: str
    word: str


@dataclass(frozen=True)
class DrawShown:
    """The newest draw of a case. acts: act=party of the steps with a nonce, for the page's script."""

    id: str
    sha256: str
    replaces: str
    kind: str
    word: str
    people: Sequence[PersonLine]
    parties: Sequence[PartyLine]
    acts: str
    has_file: bool


def draw_shown(found: CaseFacts, story: Sequence[ActFacts], *, reader: Actor) -> DrawShown | None:
    """Return the draw of a case as a reader may see it, None where there is none: names are not told to who applied."""
    procedure = cases.procedure_of(found)
    now = procedures.draw_of(procedure, story)
    if now is None:
        return None
    steps = [act for act in procedure.acts.values() if step_of(act) in {SEAL, OPEN}]
    kind, word = ("ok", _("已抽出")) if now.is_drawn else ("rev", _("已作废")) if now.is_void else ("run", _("进行中"))
    return DrawShown(
        id=now.manifest.draw_id,
        sha256=now.manifest.sha256.hex(),
        replaces=now.replaces,
        kind=kind,
        word=word,
        people=_people(now, found, names=_names(now, found, reader=reader)),
        parties=_parties(now, procedure),
        acts=" ".join(f"{act.name}={party_of(act)}" for act in steps),
        has_file=now.is_drawn,
    )


def _names(now: DrawFacts, found: CaseFacts, *, reader: Actor) -> Mapping[str, str]:
    if reader.organisation_id == found.owner_id:
        return {}
    people = directory.people([UUID(each.id) for each in now.manifest.inspectors])
    return {str(key): formats.either(person.name_zh, person.name_en) for key, person in people.items()}


def _people(now: DrawFacts, found: CaseFacts, *, names: Mapping[str, str]) -> list[PersonLine]:
    """Return everyone frozen: by ticket once there are tickets, those left out last."""
    tickets = _tickets(now, found)
    team = list((now.done.drawn[0].teams[found.number] if now.done else None) or ())
    ids = [each.id for each in now.manifest.inspectors]
    ids.sort(key=lambda person: (person in now.why, tickets.get(person, "")))
    return [
        PersonLine(
            names.get(person, _("候选人 {code}").format(code=person[-SHOWN_DIGITS:])),
            tickets.get(person, "")[:SHOWN_DIGITS],
            *_outcome(person, now, team=team),
        )
        for person in ids
    ]


def _tickets(now: DrawFacts, found: CaseFacts) -> dict[str, str]:
    if not now.is_drawn or not isinstance(now.manifest.chance, Ceremony):
        return {}
    seed = seed_of(now.manifest, randomness(now.manifest.chance, now.sealed, nonces=now.nonces))
    return {each.id: inspector_ticket(seed, found.number, inspector=each.id).hex() for each in now.manifest.inspectors}


def _outcome(person: str, now: DrawFacts, *, team: Sequence[str]) -> tuple[str, str]:
    """Return the kind of state and the words for what became of somebody."""
    reasons = {
        "house": _("回避：申请单位的人"),
        "did": _("回避：办过这件事"),
        "away": _("不在"),
        "excluded": _("回避：经办人写明理由"),
    }
    if person in now.why:
        return "unk", reasons.get(now.why[person], now.why[person])
    if person in team:
        return "ok", _("抽中，第 {n} 位").format(n=list(team).index(person) + 1)
    return ("unk", _("没有抽中")) if now.is_drawn else ("run", _("待抽"))


def _parties(now: DrawFacts, procedure: Procedure) -> list[PartyLine]:
    houses = directory.organisations(set(now.houses.values()))
    lines = []
    for party in now.parties:
        act = next(act for act in procedure.acts.values() if step_of(act) == SEAL and party_of(act) == party)
        house = houses.get(now.houses[party]) if party in now.houses else None
        state = ("due", _("还没有封存"))
        if party in now.sealed:
            state = ("ok", _("已公开")) if party in now.nonces else ("run", _("已封存"))
        lines.append(PartyLine(named(act), formats.either(house.name_zh, house.name_en) if house else "", *state))
    return lines


@require_safe
def draw_file(request: HttpRequest, number: str) -> HttpResponse:
    """Return the file of the draw of a case. Raises: Hidden when the case is not theirs, or nothing was drawn."""
    actor_of(request)
    found = cases.case_by_number(number)
    now = procedures.draw_of(cases.procedure_of(found), cases.story(found.id))
    if now is None or now.done is None:
        raise Hidden(say("这项业务还没有抽签结果"), remedy=say("抽签完成以后再下载"))
    return attachment(record.write(now.done), "application/json", name=f"{number}.draw.json")
