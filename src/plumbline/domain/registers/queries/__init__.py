"""Reads of the registers: sites, instruments, measurement standards, scopes, and which statement attests what.

What the running scope may not see does not exist here: unknown and foreign give the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from plumbline.domain.ledger import queries as log
from plumbline.domain.registers import intake, lists, searching
from plumbline.domain.registers.models import (
    Attestation,
    Instrument,
    MeasurementStandard,
    Scope,
    Site,
    StandardCertificate,
)
from plumbline.domain.registers.types import (
    InstrumentFacts,
    InstrumentFilter,
    InstrumentPage,
    ScopeFacts,
    SiteFacts,
    StandardFacts,
)
from plumbline.domain.rows.codes import read_identity
from plumbline.domain.rows.findings import Sentences
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.domain.rows.searching.asking import Query
from plumbline.domain.rows.searching.taking import Found
from plumbline.domain.rows.types import Scope as Seen
from plumbline.errors import Hidden, InputError, RuleError, StateError, say
from plumbline.evidence.statement import read_payload
from plumbline.gateways.tables.template import Template

search_instruments, SEARCHED = searching.instruments, searching.KINDS
list_of_instruments, list_of_sites = lists.instruments, lists.sites
list_of_standards, list_of_scopes = lists.standards, lists.scopes
named_sites, instrument_states = lists.sites_named, lists.instrument_states
INSTRUMENT_STATES = lists.INSTRUMENT_STATES
PAGE_ROWS = 50
PAGE_MOST = 500


def site(site_id: UUID) -> SiteFacts:
    """Return a site. Raises: Hidden when it does not exist or is not visible to the scope."""
    row = Site.objects.filter(pk=site_id).first()
    if row is None:
        raise Hidden(say("没有这个地点，或者您无权查看"), remedy=say("从地点名单里重新选择"))
    return site_facts(row)


def sites_of(owner_id: UUID) -> tuple[SiteFacts, ...]:
    """Return the sites of an organisation, in order of name."""
    return tuple(site_facts(row) for row in Site.objects.filter(owner_id=owner_id).order_by("name_zh"))


def sites_by_id(site_ids: Iterable[UUID]) -> dict[UUID, SiteFacts]:
    """Return several sites by id in one query."""
    return {row.id: site_facts(row) for row in Site.objects.filter(pk__in=list(site_ids))}


def instrument(instrument_id: UUID) -> InstrumentFacts:
    """Return an instrument. Raises: Hidden when it does not exist or is not visible to the scope."""
    row = Instrument.objects.filter(pk=instrument_id).first()
    if row is None:
        raise no_such_instrument()
    return instrument_facts(row)


def instrument_by_identity(text: str) -> InstrumentFacts:
    """Return the instrument of an identity as typed. Raises: InputError for a wrong code; Hidden if not seen."""
    row = Instrument.objects.filter(identity=read_identity(text)).first()
    if row is None:
        raise no_such_instrument()
    return instrument_facts(row)


def instruments_by_id(instrument_ids: Iterable[UUID]) -> tuple[InstrumentFacts, ...]:
    """Return several instruments in one query, those that are visible, in order of registration."""
    rows = Instrument.objects.filter(pk__in=list(instrument_ids)).order_by("id")
    return tuple(instrument_facts(row) for row in rows)


def instruments(wanted: InstrumentFilter, *, after: UUID | None = None, limit: int = PAGE_ROWS) -> InstrumentPage:
    """Return one page of a list by keyset: the rows after a key, at most `limit` (500 at most) of them."""
    most = min(max(limit, 1), PAGE_MOST)
    rows = _filtered(wanted).order_by("id")
    rows = rows.filter(pk__gt=after) if after else rows
    found = [instrument_facts(row) for row in rows[: most + 1]]
    return InstrumentPage(tuple(found[:most]), found[most - 1].id if len(found) > most else None)


def search_standards(query: Query, *, scope: Seen, on: date) -> Found[StandardFacts]:
    """Return the measurement standards of the houses of a scope that are meant by what was typed."""
    found = searching.standards(query, scope=scope)
    facts = _standard_facts(_standards(on).filter(pk__in=found.hits)) if found.hits else ()
    held = {each.id: each for each in facts}
    return found.of([held[key] for key in found.hits if key in held])


def standard(standard_id: UUID, on: date | None = None) -> StandardFacts:
    """Return a measurement standard under the certificate valid on a day, else under its newest.

    Raises: Hidden when it does not exist.
    """
    found = _standard_facts(_standards(on).filter(pk=standard_id))
    if not found:
        raise no_such_standard()
    return found[0]


def standard_as_certified(standard_id: UUID, certificate_no: str) -> StandardFacts:
    """Return a measurement standard as one of its certificates says, whatever was recorded since.

    Raises: Hidden when it does not exist, or has no such certificate.
    """
    wanted = StandardCertificate.objects.filter(standard_id=OuterRef("pk"), certificate_no=certificate_no)
    rows = MeasurementStandard.objects.annotate(certificate_id=Subquery(wanted.values("id")[:1]))
    found = _standard_facts(rows.filter(pk=standard_id, certificate_id__isnull=False))
    if not found:
        raise no_such_standard()
    return found[0]


def certifications_of(standard_id: UUID) -> tuple[StandardFacts, ...]:
    """Return a measurement standard under each of its certificates, the one that ends last on top."""
    rows = StandardCertificate.objects.filter(standard_id=standard_id).select_related("standard")
    return tuple(_merged(row.standard, row) for row in rows.order_by("-valid_to", "-id"))


def standards_of(owner_id: UUID, *, on: date | None = None) -> tuple[StandardFacts, ...]:
    """Return the measurement standards of an institution, also lapsed ones, in order of code."""
    return _standard_facts(_standards(on).filter(owner_id=owner_id).order_by("code"))


def standards_valid(owner_id: UUID, category: str, *, on: date) -> tuple[StandardFacts, ...]:
    """Return the measurement standards of an institution that serve a category and are in validity on a day."""
    found = _standard_facts(_standards(on).filter(owner_id=owner_id, category=category).order_by("code"))
    return tuple(facts for facts in found if facts.valid_from <= on <= facts.valid_to)


def scope_for(institution_id: UUID, category: str, *, region_code: str, on: date) -> ScopeFacts | None:
    """Return the scope under which an institution may verify a category in a region on a day; None if it has none."""
    rows = _scopes(region_code, on).filter(institution_id=institution_id, category=category)
    row = rows.order_by("-valid_to", "id").first()
    return scope_facts(row) if row else None


def scopes_of(institution_id: UUID) -> tuple[ScopeFacts, ...]:
    """Return all scopes of an institution, newest first."""
    rows = Scope.objects.filter(institution_id=institution_id).order_by("-valid_from", "category")
    return tuple(scope_facts(row) for row in rows)


def scopes_in(institution_id: UUID, region_code: str, *, on: date) -> tuple[ScopeFacts, ...]:
    """Return the scopes of an institution that hold in a region on a day."""
    rows = _scopes(region_code, on).filter(institution_id=institution_id)
    return tuple(scope_facts(row) for row in rows.order_by("category", "id"))


def bodies_with_scope(category: str, region_code: str, *, on: date) -> tuple[UUID, ...]:
    """Return the institutions that may verify a category in a region on a day, the most local first.

    Most local = the scope whose area has the fewest codes; then the oldest scope.
    """
    rows = sorted(_scopes(region_code, on).filter(category=category), key=lambda row: (len(row.region_codes), row.id))
    return tuple(dict.fromkeys(row.institution_id for row in rows))


def attestation(kind: str, subject_id: UUID, *, on: date | None = None) -> UUID:
    """Return the newest logged statement that attests a fact, with `on` the newest whose span covers the day.

    kind: body, body_key, qualification, scope or standard. Raises: StateError if nothing attests it.
    """
    rows = Attestation.objects.filter(kind=kind, subject_id=subject_id)
    if on is not None:
        rows = rows.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=on, valid_to__gte=on))
    found = rows.order_by("-id").values_list("statement_id", flat=True).first()
    if found is None:
        raise _not_attested()
    return found


def require_seal(institution_id: UUID, *, on: date) -> None:
    """Pass if an announcement of the institution's seal covers a day. Raises: RuleError naming the day."""
    spans = Attestation.objects.filter(kind="body_key", subject_id=institution_id)
    if not spans.filter(valid_from__lte=on, valid_to__gte=on).exists():
        raise RuleError(
            say("本机构的电子签章在 {day} 没有登记有效期，签发的文件验不过", day=on),
            remedy=say("请登记机关续登电子签章后再办"),
        )


def standard_attestation(standard_id: UUID, certificate_no: str) -> UUID:
    """Return the logged statement that attests one certificate of a measurement standard.

    Raises: StateError if nothing attests it.
    """
    rows = Attestation.objects.filter(kind="standard", subject_id=standard_id).order_by("-id")
    ids = list(rows.values_list("statement_id", flat=True))
    with scoped(EVERYTHING):
        said = log.statements(ids)
    for statement_id in ids:
        if read_payload(said[statement_id].payload)["certificate_no"] == certificate_no:
            return statement_id
    raise _not_attested()


def _not_attested() -> StateError:
    return StateError(say("这项依据还没有登记到公开日志"), remedy=say("由登记它的机构补登记后再办"))


def instrument_template() -> Template:
    """Return the columns an import of instruments knows."""
    return intake.TEMPLATE


def instrument_sentences() -> dict[str, Sentences]:
    """Return the sentences of what an import of instruments finds."""
    return intake.SENTENCES


def no_such_instrument() -> Hidden:
    """Return the one answer for an instrument that is unknown or foreign."""
    return Hidden(say("没有这台器具，或者您无权查看"), remedy=say("核对器具码，或从台账里重新选择"))


def no_such_standard() -> Hidden:
    """Return the one answer for a measurement standard that is not there."""
    return Hidden(say("没有这台计量标准，或者您无权查看"), remedy=say("从计量标准名单里重新选择"))


def site_facts(row: Site) -> SiteFacts:
    """Return the value of a row."""
    return SiteFacts(
        row.id, row.owner_id, row.name_zh, row.name_en, row.address_zh, row.address_en, row.region_code, row.is_demo
    )


def instrument_facts(row: Instrument) -> InstrumentFacts:
    """Return the value of a row."""
    return InstrumentFacts(**{part.name: getattr(row, part.name) for part in fields(InstrumentFacts)})


def standards_ending(*, first: date, last: date) -> tuple[StandardFacts, ...]:
    """Return the measurement standards whose newest certificate ends on some days."""
    newest = Subquery(
        StandardCertificate.objects.filter(standard_id=OuterRef("pk")).order_by("-valid_to").values("valid_to")[:1]
    )
    rows = _standards(None).annotate(ends=newest).filter(ends__range=(first, last))
    return _standard_facts(rows.order_by("ends", "id"))


def scopes_ending(*, first: date, last: date) -> tuple[ScopeFacts, ...]:
    """Return the scopes that end on some days and that no later one for the same item and area follows."""
    later = Scope.objects.filter(
        institution_id=OuterRef("institution_id"), category=OuterRef("category"), region_code=OuterRef("region_code"),
        valid_to__gt=OuterRef("valid_to"),
    )  # fmt: skip
    rows = Scope.objects.filter(~Exists(later), valid_to__range=(first, last)).order_by("valid_to", "id")
    return tuple(scope_facts(row) for row in rows)


def scope_facts(row: Scope) -> ScopeFacts:
    """Return the value of a row."""
    return ScopeFacts(**{part.name: getattr(row, part.name) for part in fields(ScopeFacts)})


def _standard_facts(query: QuerySet[MeasurementStandard]) -> tuple[StandardFacts, ...]:
    """Return the values of annotated standards, in two queries whatever their number."""
    rows = list(query)
    keys = [row.certificate_id for row in rows]  # type: ignore[attr-defined]  # annotated by _standards
    certificates = StandardCertificate.objects.in_bulk(keys)
    return tuple(_merged(row, certificates[key]) for row, key in zip(rows, keys, strict=True))


def _merged(row: MeasurementStandard, certificate: StandardCertificate) -> StandardFacts:
    own = {"id", "owner_id", "code", "name_zh", "name_en", "category", "level", "custodian_id", "is_demo"}
    names = [part.name for part in fields(StandardFacts)]
    return StandardFacts(**{name: getattr(row if name in own else certificate, name) for name in names})


def _standards(on: date | None) -> QuerySet[MeasurementStandard]:
    """Return standards annotated with the id of the certificate that holds on a day, else of the newest."""
    newest = StandardCertificate.objects.filter(standard_id=OuterRef("pk")).order_by("-valid_to", "-id")
    if on is not None:
        covers = Q(valid_from__lte=on, valid_to__gte=on)
        newest = newest.annotate(covers=covers).order_by("-covers", "-valid_to", "-id")
    return MeasurementStandard.objects.annotate(certificate_id=Subquery(newest.values("id")[:1]))


def _scopes(region_code: str, on: date) -> QuerySet[Scope]:
    return Scope.objects.filter(region_codes__contains=[region_code], valid_from__lte=on, valid_to__gte=on)


def _filtered(wanted: InstrumentFilter) -> QuerySet[Instrument]:
    rows = Instrument.objects.all()
    if wanted.owner_id:
        rows = rows.filter(owner_id=wanted.owner_id)
    if wanted.region_codes:
        rows = rows.filter(region_code__in=wanted.region_codes)
    if wanted.site_id:
        rows = rows.filter(site_id=wanted.site_id)
    if wanted.category:
        rows = rows.filter(category=wanted.category)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    return _matching(rows, wanted.text.strip()) if wanted.text.strip() else rows


def _matching(rows: QuerySet[Instrument], text: str) -> QuerySet[Instrument]:
    try:
        return rows.filter(identity=read_identity(text))
    except InputError:
        spellings = {text, text.upper(), text.lower()}
        return rows.filter(Q(serial__in=spellings) | Q(external_id__in=spellings))
