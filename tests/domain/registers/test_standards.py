"""Measurement standards, scopes, qualifications: granted by those who may, logged, and asked by day."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import OrganisationEntry, QualificationEntry
from plumbline.domain.ledger import queries as ledger
from plumbline.domain.registers import actions, queries
from plumbline.domain.registers.models import Attestation
from plumbline.domain.registers.types import (
    InstrumentFilter,
    ScopeEntry,
    StandardCertification,
    StandardEntry,
    StandardFacts,
)
from plumbline.domain.rows.scope import EVERYTHING, NOTHING, Scope, scoped
from plumbline.errors import AccessError, InputError, StateError
from tests.domain.registers import city as made
from tests.domain.registers.city import AT, City
from tests.world import MEASURE

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
CERTIFICATE = StandardCertification("JL-2026-1", "示例省计量院", FIRST, LAST, "20 L", "U = 5 mL, k = 2", "2", MEASURE)


@pytest.fixture
def city() -> City:
    return made.build()


def measure_of(city: City) -> StandardFacts:
    keeper = city.actor(made.KEEPER)
    entry = StandardEntry(city.institute.id, "V20-01", "标准金属量器", made.FUEL, "municipal", is_demo=True)
    with scoped(keeper.scope):
        return actions.register_standard(keeper, entry, certification=CERTIFICATE, at=AT)


def scope_of(city: City, *, region: str = "330300", username: str = made.OFFICE) -> UUID:
    actor = city.actor(username)
    entry = ScopeEntry(city.institute.id, made.FUEL, region, "授权 1", FIRST, LAST, "(5~60) L/min", "U = 0.06 %")
    with scoped(actor.scope):
        return actions.grant_scope(actor, entry, at=AT).id


def said(statement_id: UUID) -> dict[str, object]:
    with scoped(EVERYTHING):
        found: dict[str, object] = json.loads(ledger.statement(statement_id).payload)
    return found


def test_standard_is_valid_on_its_first_and_last_day_and_not_beside(city: City) -> None:
    measure_of(city)
    days = (date(2025, 12, 31), FIRST, LAST, date(2027, 1, 1))

    with scoped(city.actor(made.KEEPER).scope):
        counts = [len(queries.standards_valid(city.institute.id, made.FUEL, on=day)) for day in days]

    assert counts == [0, 1, 1, 0]


def test_new_certificate_leaves_the_old_one_for_the_days_it_covered(city: City) -> None:
    measure = measure_of(city)
    keeper = city.actor(made.KEEPER)
    later = replace(CERTIFICATE, certificate_no="JL-2027-1", valid_from=date(2027, 1, 1), valid_to=date(2027, 12, 31))

    with scoped(keeper.scope):
        newest = actions.certify_standard(keeper, measure.id, certification=later, at=AT)
        then = queries.standard(measure.id, date(2026, 6, 1))
        attested = [queries.attestation("standard", measure.id, on=on) for on in (FIRST, date(2027, 6, 1))]

    assert (newest.certificate_no, then.certificate_no) == ("JL-2027-1", "JL-2026-1")
    assert [said(each)["certificate_no"] for each in attested] == ["JL-2026-1", "JL-2027-1"]


def test_statement_of_a_standard_says_what_a_later_check_needs(city: City) -> None:
    measure = measure_of(city)

    with scoped(city.actor(made.KEEPER).scope):
        payload = said(queries.attestation("standard", measure.id))

    assert payload | {"salt": ""} == {
        "v": 1, "type": "standard.certified", "issuer": "DEMO1", "demo": True, "salt": "", "standard": "V20-01",
        "items": [made.FUEL], "level": "municipal", "certificate_no": "JL-2026-1", "certified_by": "示例省计量院",
        "range": "20 L", "U": "U = 5 mL, k = 2", "k": "2", "valid_from": "2026-01-01", "valid_until": "2026-12-31",
    }  # fmt: skip


def test_owner_of_instruments_certifies_no_standard(city: City) -> None:
    measure = measure_of(city)
    owner = city.actor(made.OWNER)

    with pytest.raises(AccessError), scoped(owner.scope):
        actions.certify_standard(owner, measure.id, certification=replace(CERTIFICATE, certificate_no="x"), at=AT)


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"valid_to": date(2025, 1, 1)}, "valid_to"), ({"certificate_no": "JL-2026-1"}, "certificate_no")],
)
def test_wrong_certificate_is_refused_beside_its_field(city: City, changed: dict[str, object], field: str) -> None:
    measure = measure_of(city)
    keeper = city.actor(made.KEEPER)
    given = replace(replace(CERTIFICATE, certificate_no="JL-2"), **changed)  # type: ignore[arg-type]  # wrong on purpose

    with pytest.raises(InputError) as caught, scoped(keeper.scope):
        actions.certify_standard(keeper, measure.id, certification=given, at=AT)

    assert caught.value.field == field


def test_scope_covers_the_tree_of_its_area_and_its_old_codes(city: City) -> None:
    scope_of(city)

    with scoped(city.actor(made.OWNER).scope):
        found = [
            queries.scope_for(city.institute.id, made.FUEL, region_code=code, on=FIRST) is not None
            for code in ("330300", "330305", "330322", "330102")
        ]

    assert found == [True, True, True, False]


def test_scope_ends_after_its_last_day(city: City) -> None:
    scope_of(city)

    with scoped(city.actor(made.OWNER).scope):
        assert queries.scope_for(city.institute.id, made.FUEL, region_code="330305", on=date(2027, 1, 1)) is None


def test_body_for_a_region_is_the_most_local_one(city: City) -> None:
    scope_of(city)
    with scoped(EVERYTHING):
        entry = OrganisationEntry(made.credit_code(31), "示例区计量所", "330305", institution_code="DEMO2")
        local = actions.register_organisation(city.actor(made.OFFICE), entry, at=AT)
        actions.grant_scope(
            city.actor(made.OFFICE), ScopeEntry(local.id, made.FUEL, "330305", "授权 2", FIRST, LAST), at=AT
        )
        assert queries.bodies_with_scope(made.FUEL, "330305", on=FIRST) == (local.id, city.institute.id)
        assert queries.bodies_with_scope(made.FUEL, "330302", on=FIRST) == (city.institute.id,)


def test_institute_cannot_grant_itself_a_scope(city: City) -> None:
    with pytest.raises(AccessError):
        scope_of(city, username=made.KEEPER)


def test_institute_sees_the_instruments_of_its_scope_and_no_others(city: City) -> None:
    inside = made.nozzle_at(city, made.site_of(city, city.company))
    reception = city.actor(made.RECEPTION)
    before = visible(city, reception.organisation_id)

    scope_of(city, region="330305")
    made.nozzle_at(city, made.site_of(city, made.another_company(), region="330302"))

    assert before == []
    assert visible(city, reception.organisation_id) == [inside.id]


def visible(city: City, organisation_id: UUID) -> list[UUID]:
    with scoped(Scope((organisation_id,))):
        return [each.id for each in queries.instruments(InstrumentFilter()).instruments]


def test_qualification_is_said_without_the_name_of_the_person(city: City) -> None:
    person = made.person_of(city, city.institute.id, "张示例")
    office = city.actor(made.OFFICE)

    with scoped(office.scope):
        entry = QualificationEntry(person, city.institute.id, made.FUEL, "资格 1", FIRST, LAST)
        held = actions.grant_qualification(office, entry, at=AT)
        payload = said(queries.attestation("qualification", held.id))

    assert payload["person"] == str(person)
    assert "张示例" not in json.dumps(payload, ensure_ascii=False)
    assert "资格 1" not in json.dumps(payload, ensure_ascii=False)


def test_qualification_holds_on_its_days_for_its_item_at_its_institution(city: City) -> None:
    person = made.person_of(city, city.institute.id)
    office = city.actor(made.OFFICE)
    with scoped(office.scope):
        actions.grant_qualification(
            office, QualificationEntry(person, city.institute.id, made.FUEL, "资格 1", FIRST, LAST), at=AT
        )

    def holds(category: str, institution: UUID, on: date) -> bool:
        held = directory.qualifications(person, category, institution_id=institution)
        return any(each.covers(category, on) for each in held)

    assert holds(made.FUEL, city.institute.id, LAST)
    assert not holds(made.FUEL, city.institute.id, date(2027, 1, 1))
    assert not holds("MV-NAWI", city.institute.id, LAST)
    assert not holds(made.FUEL, city.company.id, LAST)


def qualified(city: City, person: UUID, valid_from: date, valid_to: date) -> UUID:
    office = city.actor(made.OFFICE)
    entry = QualificationEntry(person, city.institute.id, made.FUEL, "资格 1", valid_from, valid_to)
    with scoped(office.scope):
        return actions.grant_qualification(office, entry, at=AT).id


def test_qualification_from_the_same_day_with_another_end_is_refused(city: City) -> None:
    person = made.person_of(city, city.institute.id)
    held = qualified(city, person, FIRST, LAST)
    with pytest.raises(InputError, match="已登记到 2026-12-31") as refused:
        qualified(city, person, FIRST, date(2027, 12, 31))
    with scoped(city.actor(made.OFFICE).scope):
        logged = said(queries.attestation("qualification", held))
    assert (refused.value.field, logged["valid_until"]) == ("valid_to", "2026-12-31")


def test_qualification_is_extended_by_a_row_of_its_own(city: City) -> None:
    person = made.person_of(city, city.institute.id)
    held = qualified(city, person, FIRST, LAST)
    later = qualified(city, person, date(2027, 1, 1), date(2027, 12, 31))
    with scoped(city.actor(made.OFFICE).scope):
        ends = [said(queries.attestation("qualification", each))["valid_until"] for each in (held, later)]
    assert ends == ["2026-12-31", "2027-12-31"]


def test_what_is_granted_twice_alike_is_said_once(city: City) -> None:
    person = made.person_of(city, city.institute.id)
    before = [qualified(city, person, FIRST, LAST), scope_of(city)]
    with scoped(EVERYTHING):
        count = Attestation.objects.count()
    assert [qualified(city, person, FIRST, LAST), scope_of(city)] == before
    with scoped(EVERYTHING):
        assert Attestation.objects.count() == count


def test_scope_from_the_same_day_on_other_terms_is_refused(city: City) -> None:
    scope_of(city)
    office = city.actor(made.OFFICE)
    wider = ScopeEntry(
        city.institute.id, made.FUEL, "330300", "授权 1", FIRST, date(2040, 1, 1), "(5~60) L/min", "U = 0.06 %"
    )
    with pytest.raises(InputError, match="已登记到 2026-12-31") as refused, scoped(office.scope):
        actions.grant_scope(office, wider, at=AT)
    assert refused.value.field == "valid_to"


def test_company_without_an_institution_code_grants_nothing(city: City) -> None:
    person = made.person_of(city, city.company.id)
    office = city.actor(made.OFFICE)

    with pytest.raises(InputError, match="机构代号"), scoped(office.scope):
        actions.grant_qualification(
            office, QualificationEntry(person, city.company.id, made.FUEL, "资格 1", FIRST, LAST), at=AT
        )


def test_fact_that_nobody_attested_is_told_apart(city: City) -> None:
    with pytest.raises(StateError), scoped(EVERYTHING):
        queries.attestation("scope", city.company.id)


def test_institution_is_said_to_the_log_and_so_is_its_key(city: City) -> None:
    office = city.actor(made.OFFICE)
    with scoped(office.scope):
        entry = OrganisationEntry(made.credit_code(41), "示例区计量所", "330305", institution_code="DEMO3")
        body = actions.register_organisation(office, entry, at=AT)
        actions.attest_body_key(office, body.id, valid_from=FIRST, valid_to=LAST, at=AT)
        types = [said(queries.attestation(kind, body.id))["type"] for kind in ("body", "body_key")]

    assert types == ["body.registered", "key.added"]


def test_seal_is_renewed_by_announcing_it_for_the_days_that_follow(city: City) -> None:
    office, body = city.actor(made.OFFICE), city.institute.id
    later = FIRST.replace(year=LAST.year + 1), LAST.replace(year=LAST.year + 1)
    with scoped(office.scope):
        first = actions.attest_body_key(office, body, valid_from=FIRST, valid_to=LAST, at=AT)
        second = actions.attest_body_key(office, body, valid_from=later[0], valid_to=later[1], at=AT)
        found = [queries.attestation("body_key", body, on=day) for day in (FIRST, LAST, *later)]

    assert found == [first, first, second, second]


def test_seal_is_not_announced_for_days_in_the_wrong_order(city: City) -> None:
    office = city.actor(made.OFFICE)
    with pytest.raises(InputError, match="早于"), scoped(office.scope):
        actions.attest_body_key(office, city.institute.id, valid_from=LAST, valid_to=FIRST, at=AT)


def test_organisation_is_registered_once(city: City) -> None:
    office = city.actor(made.OFFICE)
    entry = OrganisationEntry(city.company.uscc, "示例重名", "330305")

    with pytest.raises(InputError, match="示例石油公司"), scoped(office.scope):
        actions.register_organisation(office, entry, at=AT)


def test_connection_without_a_scope_reads_no_standard_and_no_scope(city: City) -> None:
    measure_of(city)
    scope_of(city)

    with scoped(NOTHING):
        assert queries.standards_of(city.institute.id) == ()
        assert queries.scopes_of(city.institute.id) == ()
