"""What search finds in the portal besides services: the reader's own papers, and what everybody may read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.registers import queries as registers
from plumbline.domain.registers.queries import entries as kept
from plumbline.domain.registers.types import InstrumentFacts
from plumbline.domain.rows.searching.asking import Query
from plumbline.faces.kit import formats
from plumbline.faces.kit.case_story import state_kind, state_word
from plumbline.faces.kit.case_titles import titled
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.search import Answer, AnswerGroup, Kind, group, worth_showing
from plumbline.rulebook import registers as rulebook


def found(query: Query, owner: Actor | None, *, has_instruments: bool = False) -> list[AnswerGroup]:
    """Return the groups of answers a reader of the portal may open. has_instruments: those are shown already."""
    sure = worth_showing(_groups(replace(query, wants_near=False), owner, has_instruments=has_instruments))
    if has_instruments or sure:  # answers, or what is too common to be looked up: neither was a slip
        return sure
    return worth_showing(_groups(replace(query, wants_sure=False), owner, has_instruments=has_instruments))


def _groups(query: Query, owner: Actor | None, *, has_instruments: bool) -> Iterator[AnswerGroup]:
    today = timezone.localdate()
    if owner is not None:
        if not has_instruments:
            yield _instruments(query, owner)
        yield _cases(query, owner, today=today)
        yield _certificates(query, owner, today=today)
    yield _published(query, today=today)


def _instruments(query: Query, owner: Actor) -> AnswerGroup:
    found = registers.search_instruments(query, scope=owner.scope)
    held = {each.id: each for each in registers.instruments_by_id(found.hits)}

    def shown(each: InstrumentFacts) -> Answer:
        note = " · ".join(part for part in (each.identity, each.serial, each.place) if part)
        return Answer(formats.either(each.name_zh, each.name_en), reverse("my-instrument", args=[each.identity]), note)

    hits = [held[key] for key in found.hits if key in held and held[key].owner_id == owner.organisation_id]
    more = f"{reverse('my-list', args=['instruments'])}?{urlencode({'q': query.text})}"
    return group(Kind("instruments", _("我的器具"), "gauge"), found.of(hits), shown=shown, more_url=more)


def _cases(query: Query, owner: Actor, *, today: date) -> AnswerGroup:
    found = cases.search_cases(query, scope=owner.scope)

    def shown(each: CaseFacts) -> Answer:
        url = reverse("my-case", args=[each.number])
        return Answer(each.number, url, each.title, state_kind(each, today), state_word(each))

    own = [each for each in titled(found.hits) if each.owner_id == owner.organisation_id]
    more = f"{reverse('my-cases')}?{urlencode({'q': query.text, 'phase': cases.ALL})}"
    return group(Kind("cases", _("我的业务"), "case"), found.of(own), shown=shown, more_url=more)


def _certificates(query: Query, owner: Actor, *, today: date) -> AnswerGroup:
    found = certificates.search_certificates(query, scope=owner.scope, on=today)

    def shown(each: CertificateFacts) -> Answer:
        said = each.facts.get("instrument", {})
        note = str(said.get("place") or said.get("position") or "") if isinstance(said, dict) else ""
        return Answer(each.number, reverse("my-certificate", args=[each.number]), note)

    own = [each for each in found.hits if each.owner_id == owner.organisation_id]
    more = f"{reverse('my-certificates')}?{urlencode({'q': query.text})}"
    return group(Kind("certificates", _("我的证书"), "cert"), found.of(own), shown=shown, more_url=more)


def _published(query: Query, *, today: date) -> AnswerGroup:
    found = kept.search_published(query, on=today)
    public = rulebook.all_registers()

    def shown(each: tuple[str, int, str]) -> Answer:
        register, number, title = each
        return Answer(title, reverse("public-entry", args=[register, number]), named(public[register]))

    return group(Kind("entries", _("公开名册"), "list"), found, shown=shown, more_url=reverse("public-registers"))
