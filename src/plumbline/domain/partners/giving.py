"""What a package holds: the instruments under mandatory control that an office sees, each with its newest document.

Read page by page in order of registration, so that memory stays bounded; each page sees what holds when it is read. The
file ends with its count, so that one cut off is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.utils import timezone

from plumbline.domain.accounts.types import Actor
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import OrganisationFacts
from plumbline.domain.partners.models import Answer
from plumbline.domain.registers import queries as registers
from plumbline.domain.registers.types import InstrumentFacts, InstrumentFilter
from plumbline.domain.rows.scope import scoped
from plumbline.gateways.partners.answers import ACCEPTED
from plumbline.gateways.partners.files import Row, encoded
from plumbline.gateways.partners.model import Partner
from plumbline.rulebook import catalogue

PAGE_ROWS = 500
Houses = Mapping[UUID, OrganisationFacts]
Answered = Mapping[str, tuple[str, str]]


def content_of(actor: Actor, partner: Partner, *, package_id: UUID, only_new: bool) -> Iterator[bytes]:
    """Yield the file. only_new: without the things whose newest answer was to accept them."""
    return encoded(partner, str(package_id), rows=_rows(actor, partner, only_new=only_new))


def _rows(actor: Actor, partner: Partner, *, only_new: bool) -> Iterator[Row]:
    after: UUID | None = None
    while True:
        with scoped(actor.scope):
            page = registers.instruments(InstrumentFilter(region_codes=actor.regions), after=after, limit=PAGE_ROWS)
            wanted = [each for each in page.instruments if each.category != catalogue.OUTSIDE]
            rows = _page(partner, wanted, on=timezone.localdate(), only_new=only_new)
        yield from rows
        if page.next_after is None:
            return
        after = page.next_after


def _page(partner: Partner, instruments: Sequence[InstrumentFacts], *, on: date, only_new: bool) -> list[Row]:
    documents = certificates.current_of([each.id for each in instruments], on=on)
    documents = {key: each for key, each in documents.items() if not each.is_load_test}
    houses = directory.organisations(
        {each.owner_id for each in instruments} | {each.body_id for each in documents.values()}
    )
    known = _answered(partner.id, "instrument", keys=[each.identity for each in instruments])
    proved = _answered(partner.id, "result", keys=[each.number for each in documents.values()])
    rows: list[Row] = []
    for each in instruments:
        if not (only_new and known.get(each.identity, ("", ""))[0] == ACCEPTED):
            rows.append(_instrument(each, houses, their_id=known.get(each.identity, ("", ""))[1]))
        document = documents.get(each.id)
        if document and not (only_new and proved.get(document.number, ("", ""))[0] == ACCEPTED):
            rows.append(_result(each, document, houses=houses, their_id=proved.get(document.number, ("", ""))[1]))
    return rows


def _answered(partner_id: str, record: str, *, keys: Sequence[str]) -> Answered:
    """Return the outcome and identifier of the newest answer about each thing."""
    rows = Answer.objects.filter(partner=partner_id, record=record, key__in=keys).order_by("key", "-taken_at", "-id")
    return {key: (outcome, known) for key, outcome, known in
            rows.distinct("key").values_list("key", "outcome", "their_id")}  # fmt: skip


def _instrument(each: InstrumentFacts, houses: Houses, *, their_id: str) -> Row:
    owner = houses[each.owner_id]
    return _row(
        "instrument",
        identity=each.identity,
        their_id=their_id,
        category=each.category,
        name=each.name_zh,
        model=each.model,
        serial=each.serial,
        maker=each.maker,
        range=each.range_text,
        accuracy_class=each.accuracy_class,
        owner_uscc=owner.uscc,
        owner_name=owner.name_zh,
        region=each.region_code,
        place=each.place,
        state=each.state,
        demo=_yes_no(each),
    )


def _result(each: InstrumentFacts, document: CertificateFacts, *, houses: Houses, their_id: str) -> Row:
    body = houses[document.body_id]
    return _row(
        "result",
        certificate=document.number,
        their_id=their_id,
        identity=each.identity,
        conclusion="pass" if document.kind == "J" else "fail",
        performed_on=document.performed_on.isoformat(),
        valid_until=document.valid_until.isoformat() if document.valid_until else "",
        body_uscc=body.uscc,
        body_name=body.name_zh,
        standing=document.status if document.is_ended else "standing",
        demo=_yes_no(each),
    )


def _row(record: str, **values: str) -> Row:
    """Return a row: each text in one line, what is empty left out."""
    lines = {key: " ".join(text.split()) for key, text in values.items()}
    return Row(record, {key: text for key, text in lines.items() if text})


def _yes_no(each: InstrumentFacts) -> str:
    return "yes" if each.is_demo else "no"
