"""Search in the console: one box over everything an officer may open, as a page and while one types.

Unknown and forbidden look the same: what a role has no right to is not asked for, and rows beyond the reader's scope do
not exist for the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import OrganisationFacts
from plumbline.domain.registers import queries as registers
from plumbline.domain.registers.queries import entries as kept
from plumbline.domain.registers.types import InstrumentFacts, PeriodFacts, StandardFacts
from plumbline.domain.rows.searching import asking, phrases, texts
from plumbline.domain.rows.searching.asking import Query
from plumbline.errors import InputError
from plumbline.faces.console.shell import Place, faults_of, may, officer, page
from plumbline.faces.console.words import certificate_state, instrument_state, standard_state
from plumbline.faces.kit import entries as words
from plumbline.faces.kit import formats
from plumbline.faces.kit.case_story import state_kind, state_word
from plumbline.faces.kit.case_titles import titled
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.nav import is_staff
from plumbline.faces.kit.search import Answer, AnswerGroup, Kind, group, worth_showing
from plumbline.faces.kit.shapes import Crumb
from plumbline.rulebook import catalogue, rights
from plumbline.rulebook import registers as rulebook
from plumbline.rulebook import regulations as book


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found; a whole number or code leads to its page. Whoever is no officer searches in the portal."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor) or not is_staff(actor):
        return redirect(f"{reverse('portal-home')}?{urlencode({'q': request.GET.get('q', '')})}")
    text = request.GET.get("q", "")
    context: dict[str, object] = {"search_query": text, "groups": []}
    status = 200
    if text.strip():
        try:
            query = asking.read(text)
            groups = found(query, actor)
            if address := exact(query, groups):
                return redirect(address)
            context |= {"groups": groups, "query": query.text}
        except InputError as error:
            context["faults"], status = faults_of(error), 422
    return page(request, "search", context=context, place=Place("", [Crumb(_("搜索"))]), status=status)


@require_safe
@officer
def suggest(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Return the answers alone, for the box while one types."""
    try:
        context: dict[str, object] = {"groups": found(asking.read(request.GET.get("q", "")), actor)}
    except InputError as error:
        context = {"fault": error}
    return render(request, "kit/_suggested.html", context)


def exact(query: Query, groups: Sequence[AnswerGroup]) -> str:
    """Return the address of the one thing whose whole number or code was typed; nothing where it names none."""
    if not query.is_number_like:
        return ""
    for each in groups:
        is_one = len(each.answers) == 1 and not each.is_near
        if each.name == "instruments" and is_one and (query.identity or query.lookup_code):
            return each.answers[0].url
        if each.name in {"cases", "certificates"} and is_one and asking.folded(each.answers[0].title) == query.whole:
            return each.answers[0].url
    return ""


def found(query: Query, actor: Actor) -> list[AnswerGroup]:
    """Return the groups of answers an officer may open."""
    if not (query.identity or query.lookup_code):
        phrases.gather(query, (*registers.SEARCHED, *directory.SEARCHED, *cases.SEARCHED))
    today = timezone.localdate()
    sure = worth_showing(_groups(replace(query, wants_near=False), actor, today=today))
    if sure:  # answers, or what is too common to be looked up: neither was a slip
        return sure
    return worth_showing(_groups(replace(query, wants_sure=False), actor, today=today))


def _groups(query: Query, actor: Actor, *, today: date) -> Iterator[AnswerGroup]:
    """Yield each kind of answers; a code that names one thing is asked for where it can stand alone."""
    is_code = bool(query.identity or query.lookup_code)
    reads = may(actor, "register.read")
    if reads:
        yield _instruments(query, actor)
    if may(actor, "case.read") and not is_code:
        yield _cases(query, actor, today=today)
    if reads:
        yield _certificates(query, actor, today=today)
    if reads and not is_code:
        yield _organisations(query, actor)
        yield _standards(query, actor, today=today)
    if not is_code:
        yield _entries(query, actor, today=today)
        yield _methods(query)


def _more(name: str, query: Query, **also: str) -> str:
    return f"{reverse(f'console:{name}')}?{urlencode({'q': query.text, **also})}"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _instruments(query: Query, actor: Actor) -> AnswerGroup:
    found = registers.search_instruments(query, scope=actor.scope)
    held = {each.id: each for each in registers.instruments_by_id(found.hits)} if found.hits else {}
    owners = directory.organisations({each.owner_id for each in held.values()}) if held else {}

    def shown(each: InstrumentFacts) -> Answer:
        owner = owners[each.owner_id]
        note = _joined(each.identity, each.serial, formats.either(owner.name_zh, owner.name_en))
        kind, word = instrument_state(each.state)
        url = reverse("console:instrument", args=[each.identity])
        return Answer(formats.either(each.name_zh, each.name_en), url, note, kind, word)

    hits = [held[key] for key in found.hits if key in held]
    return group(Kind("instruments", _("计量器具"), "gauge"), found.of(hits), shown=shown,
                 more_url=_more("instruments", query))  # fmt: skip


def _cases(query: Query, actor: Actor, *, today: date) -> AnswerGroup:
    found = cases.search_cases(query, scope=actor.scope)

    def shown(each: CaseFacts) -> Answer:
        note = _joined(each.title, formats.either(each.owner_name, each.owner_name_en))
        url = reverse("console:case", args=[each.number])
        return Answer(each.number, url, note, state_kind(each, today), state_word(each))

    return group(Kind("cases", _("业务"), "case"), found.of(titled(found.hits)), shown=shown,
                 more_url=_more("cases", query, phase=cases.ALL))  # fmt: skip


def _certificates(query: Query, actor: Actor, *, today: date) -> AnswerGroup:
    found = certificates.search_certificates(query, scope=actor.scope, on=today)

    def shown(each: CertificateFacts) -> Answer:
        said = each.facts.get("instrument", {})
        parts = [str(said.get(key) or "") for key in ("model", "serial", "position")] if isinstance(said, dict) else []
        url = reverse("console:certificate", args=[each.number])
        return Answer(each.number, url, _joined(*parts), *certificate_state(each.status))

    return group(Kind("certificates", _("证书"), "cert"), found, shown=shown, more_url=_more("certificates", query))


def _organisations(query: Query, actor: Actor) -> AnswerGroup:
    def shown(each: OrganisationFacts) -> Answer:
        url = reverse("console:organisation", args=[each.uscc])
        return Answer(formats.either(each.name_zh, each.name_en), url, _joined(each.uscc, each.institution_code))

    found = directory.search_organisations(query, scope=actor.scope)
    return group(Kind("organisations", _("单位"), "map"), found, shown=shown, more_url=_more("organisations", query))


def _standards(query: Query, actor: Actor, *, today: date) -> AnswerGroup:
    def shown(each: StandardFacts) -> Answer:
        url = reverse("console:standard", args=[each.id])
        kind, word = standard_state(each.valid_from, each.valid_to, today=today)
        return Answer(formats.either(each.name_zh, each.name_en), url, _joined(each.code, each.range_text), kind, word)

    found = registers.search_standards(query, scope=actor.scope, on=today)
    return group(Kind("standards", _("计量标准"), "std"), found, shown=shown, more_url=_more("standards", query))


def _entries(query: Query, actor: Actor, *, today: date) -> AnswerGroup:
    held = rights.of_role(actor.role)
    readable = {key: each for key, each in rulebook.all_registers().items() if f"entry.{key}.read" in held}

    def shown(each: PeriodFacts) -> Answer:
        register = readable[each.register]
        kind, word = words.state_words(register, each.state)
        url = reverse("console:entry", args=[each.register, each.number])
        return Answer(each.title, url, _joined(named(register), each.key if each.key != each.title else ""), kind, word)

    found = kept.search_entries(query, registers=readable, on=today)
    return group(Kind("entries", _("名册"), "list"), found, shown=shown, more_url=reverse("console:registers"))


def _methods(query: Query) -> AnswerGroup:
    """Search the editions of the rulebook by number, name and the category they serve."""
    editions = book.all_regulations()
    categories = catalogue.categories()
    called = {key: (each.title, each.zh, each.en, categories[each.category].zh) for key, each in editions.items()}

    def shown(key: str) -> Answer:
        return Answer(editions[key].title, reverse("console:rule", args=[key]), named(editions[key]))

    found = texts.meant(query, called)
    return group(Kind("methods", _("规程"), "file"), found, shown=shown, more_url=reverse("console:rules"))
