"""Sites and instruments: who may register, move, hand over and retire them, and who sees them."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from plumbline.domain.journal import queries as journal
from plumbline.domain.registers import actions, queries
from plumbline.domain.registers.models import Instrument
from plumbline.domain.registers.types import (
    Change,
    InstrumentEntry,
    InstrumentFacts,
    InstrumentFilter,
    Placing,
    SiteEntry,
)
from plumbline.domain.rows.codes import read_identity
from plumbline.domain.rows.scope import NOTHING, Scope, scoped
from plumbline.errors import AccessError, Hidden, InputError, StateError
from tests.domain.registers import city as made
from tests.domain.registers.city import AT, City

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return made.build()


def test_instrument_gets_an_identity_for_life_and_a_code_that_tells_nothing(city: City) -> None:
    nozzle = made.nozzle_at(city, made.site_of(city, city.company))

    assert read_identity(nozzle.identity) == nozzle.identity
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{26}", nozzle.lookup_code)
    assert (nozzle.region_code, nozzle.is_in_use) == ("330305", True)


def test_owner_registers_its_own_instrument(city: City) -> None:
    site = made.site_of(city, city.company)
    owner = city.actor(made.OWNER)

    with scoped(owner.scope):
        entry = InstrumentEntry(made.FUEL, "油枪", owner.organisation_id, site.id)
        facts = actions.register_instrument(owner, entry, at=AT)

    assert facts.owner_id == owner.organisation_id


def test_nobody_registers_an_instrument_for_a_stranger(city: City) -> None:
    other = made.another_company()
    site = made.site_of(city, other, region="330302")
    owner = city.actor(made.OWNER)

    with pytest.raises(Hidden), scoped(owner.scope):
        actions.register_instrument(owner, InstrumentEntry(made.FUEL, "油枪", other.id, site.id), at=AT)


def test_office_registers_nothing_outside_its_area(city: City) -> None:
    far = made.another_company(21, region="330102")
    office = city.actor(made.OFFICE)

    with pytest.raises(AccessError), scoped(office.scope):
        actions.register_site(office, SiteEntry(far.id, "远站", "330102"), at=AT)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"category": "NONSENSE"}, "category"),
        ({"name_zh": "  "}, "name_zh"),
        ({"serial": "x" * 81}, "serial"),
        ({"site_id": None, "region_code": "999999"}, "region_code"),
    ],
)
def test_wrong_entry_is_refused_beside_its_field(city: City, changed: dict[str, str], field: str) -> None:
    site = made.site_of(city, city.company)
    office = city.actor(made.OFFICE)
    given = {"category": made.FUEL, "name_zh": "油枪", "owner_id": city.company.id, "site_id": site.id} | changed

    with pytest.raises(InputError) as caught, scoped(office.scope):
        actions.register_instrument(office, InstrumentEntry(**given), at=AT)  # type: ignore[arg-type]  # wrong on purpose

    assert caught.value.field == field


def test_owners_number_is_used_once(city: City) -> None:
    site = made.site_of(city, city.company)
    made.nozzle_at(city, site, external_id="A-1")

    with pytest.raises(InputError, match="A-1"):
        made.nozzle_at(city, site, "N-2", external_id="A-1")


def test_same_maker_model_and_serial_may_be_registered_twice(city: City) -> None:
    site = made.site_of(city, city.company)

    first, second = made.nozzle_at(city, site), made.nozzle_at(city, site)

    assert first.identity != second.identity


def test_moving_keeps_identity_and_leaves_an_act(city: City) -> None:
    nozzle = made.nozzle_at(city, made.site_of(city, city.company))
    other = made.site_of(city, city.company, "示例二站", region="330302")
    office = city.actor(made.OFFICE)

    with scoped(office.scope):
        moved = actions.move_instrument(office, nozzle.id, to=Placing(other.id, "3 号枪"), change=Change("迁站"), at=AT)
        story = journal.acts_of(nozzle.id)

    assert (moved.identity, moved.region_code, moved.place) == (nozzle.identity, "330302", "3 号枪")
    assert [act.name for act in story] == ["instrument.register", "instrument.move"]
    assert story[1].data["reason"] == "迁站"


def test_office_hands_an_instrument_over_with_its_identity(city: City) -> None:
    nozzle = made.nozzle_at(city, made.site_of(city, city.company), external_id="A-1")
    receiver = made.another_company()
    site = made.site_of(city, receiver, region="330302")
    office = city.actor(made.OFFICE)

    with scoped(office.scope):
        given = actions.change_owner(office, nozzle.id, to=Placing(site.id), change=Change("转让"), at=AT)

    assert (given.identity, given.owner_id) == (nozzle.identity, receiver.id)


def test_owner_alone_cannot_give_an_instrument_away(city: City) -> None:
    nozzle = made.nozzle_at(city, made.site_of(city, city.company))
    site = made.site_of(city, made.another_company(), region="330302")
    owner = city.actor(made.OWNER)

    with pytest.raises(AccessError), scoped(owner.scope):
        actions.change_owner(owner, nozzle.id, to=Placing(site.id), change=Change("转让"), at=AT)


def test_retired_instrument_stays_with_its_reason_and_changes_no_more(city: City) -> None:
    nozzle = made.nozzle_at(city, made.site_of(city, city.company))
    owner = city.actor(made.OWNER)

    with scoped(owner.scope):
        retired = actions.retire_instrument(owner, nozzle.id, change=Change("报废"), at=AT)
        story = journal.acts_of(nozzle.id)

    assert (retired.state, story[-1].data["reason"]) == ("retired", "报废")
    with pytest.raises(StateError), scoped(owner.scope):
        actions.change_state(owner, nozzle.id, state="in_use", change=Change("又用"), at=AT)


def test_retiring_without_a_reason_is_refused(city: City) -> None:
    nozzle = made.nozzle_at(city, made.site_of(city, city.company))
    owner = city.actor(made.OWNER)

    with pytest.raises(InputError) as caught, scoped(owner.scope):
        actions.retire_instrument(owner, nozzle.id, change=Change(" "), at=AT)

    assert caught.value.field == "reason"


def test_unknown_and_foreign_instruments_give_the_same_answer(city: City) -> None:
    other = made.another_company()
    nozzle = made.nozzle_at(city, made.site_of(city, other, region="330302"))
    owner = city.actor(made.OWNER)

    with scoped(owner.scope):
        with pytest.raises(Hidden) as foreign:
            queries.instrument(nozzle.id)
        with pytest.raises(Hidden) as unknown:
            queries.instrument(city.company.id)

    assert str(foreign.value) == str(unknown.value)


def test_connection_without_a_scope_sees_no_instrument(city: City) -> None:
    made.nozzle_at(city, made.site_of(city, city.company))

    with scoped(NOTHING):
        assert queries.instruments(InstrumentFilter()).instruments == ()


def test_public_code_opens_one_instrument_and_no_site(city: City) -> None:
    site = made.site_of(city, city.company)
    nozzle = made.nozzle_at(city, site)
    made.nozzle_at(city, site, "N-2")

    with scoped(Scope(lookup=nozzle.lookup_code)):
        assert [each.id for each in queries.instruments(InstrumentFilter()).instruments] == [nozzle.id]
        assert queries.sites_of(city.company.id) == ()


def test_whoever_holds_the_public_code_cannot_write(city: City) -> None:
    nozzle = made.nozzle_at(city, made.site_of(city, city.company))

    with scoped(Scope(lookup=nozzle.lookup_code)):
        changed = Instrument.objects.filter(pk=nozzle.id).update(serial="forged")

    assert changed == 0


def test_owner_cannot_write_an_instrument_into_a_foreign_register(city: City) -> None:
    nozzle = made.nozzle_at(city, made.site_of(city, city.company))
    stranger = made.another_company()
    owner = city.actor(made.OWNER)

    with pytest.raises(DatabaseError), scoped(Scope((owner.organisation_id,))), transaction.atomic():
        Instrument.objects.filter(pk=nozzle.id).update(owner_id=stranger.id, region_code="330102")


def test_list_is_paged_by_key_without_gap_or_repeat(city: City) -> None:
    site = made.site_of(city, city.company)
    all_of_them = [made.nozzle_at(city, site, f"N-{number}").id for number in range(5)]
    wanted = InstrumentFilter(owner_id=city.company.id, state="in_use", category=made.FUEL, site_id=site.id)

    with scoped(city.actor(made.OFFICE).scope):
        first = queries.instruments(wanted, limit=3)
        second = queries.instruments(wanted, after=first.next_after, limit=3)

    assert [each.id for each in (*first.instruments, *second.instruments)] == all_of_them
    assert second.next_after is None


@pytest.mark.parametrize("how", ["identity", "serial", "external_id"])
def test_instrument_is_found_by_what_is_at_hand(city: City, how: str) -> None:
    site = made.site_of(city, city.company)
    nozzle = made.nozzle_at(city, site, "SN-77", external_id="A-77")
    text = str(getattr(nozzle, how))

    with scoped(city.actor(made.OFFICE).scope):
        found = queries.instruments(InstrumentFilter(text=f" {text.lower()} "))

    assert [each.id for each in found.instruments] == [nozzle.id]


def test_a_page_of_a_list_is_one_query(city: City, django_assert_num_queries: object) -> None:
    site = made.site_of(city, city.company)
    made.nozzle_at(city, site)

    with scoped(city.actor(made.OFFICE).scope), django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's
        queries.instruments(InstrumentFilter(region_codes=("330305",)))


def test_application_role_cannot_delete_scopes_or_attestations(city: City) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from registers_attestation")


# ---- asked twice ---------------------------------------------------------------------------------------------------


def moved(city: City, nozzle: InstrumentFacts, *, to: Placing, change: Change) -> InstrumentFacts:
    """Move a nozzle by the office."""
    office = city.actor(made.OFFICE)
    with scoped(office.scope):
        return actions.move_instrument(office, nozzle.id, to=to, change=change, at=AT)


def told_of(city: City, nozzle: InstrumentFacts) -> list[str]:
    """Return the names of the acts in a nozzle's story."""
    with scoped(city.actor(made.OFFICE).scope):
        return [act.name for act in journal.acts_of(nozzle.id)]


def test_a_request_to_register_sent_twice_registers_one_instrument(city: City) -> None:
    site, key, office = made.site_of(city, city.company), uuid4(), city.actor(made.OFFICE)
    entry = InstrumentEntry(made.FUEL, "油枪", city.company.id, site.id, serial="N-9")
    with scoped(office.scope):
        first, second = (actions.register_instrument(office, entry, at=AT, request_id=key) for _ in range(2))
        assert (first.identity, Instrument.objects.count()) == (second.identity, 1)


def test_a_page_gone_back_to_and_changed_registers_nothing_and_says_so(city: City) -> None:
    site, key, office = made.site_of(city, city.company), uuid4(), city.actor(made.OFFICE)
    entry = InstrumentEntry(made.FUEL, "油枪", city.company.id, site.id, serial="N-9")
    with scoped(office.scope):
        actions.register_instrument(office, entry, at=AT, request_id=key)
        with pytest.raises(StateError, match="办成过一次"):
            actions.register_instrument(office, replace(entry, place="2 号枪"), at=AT, request_id=key)
        assert Instrument.objects.count() == 1


def test_a_request_to_move_sent_twice_moves_once(city: City) -> None:
    nozzle, key = made.nozzle_at(city, made.site_of(city, city.company)), uuid4()
    to = Placing(made.site_of(city, city.company, "另一站").id, "3 号枪")
    answers = {moved(city, nozzle, to=to, change=Change("迁站", key)).site_id for _ in range(2)}
    assert (answers, told_of(city, nozzle)) == ({to.site_id}, ["instrument.register", "instrument.move"])


def test_a_request_to_move_that_now_says_another_place_is_refused(city: City) -> None:
    nozzle, key = made.nozzle_at(city, made.site_of(city, city.company)), uuid4()
    to = Placing(made.site_of(city, city.company, "另一站").id, "3 号枪")
    moved(city, nozzle, to=to, change=Change("迁站", key))
    with pytest.raises(StateError, match="办成过一次"):
        moved(city, nozzle, to=replace(to, place="4 号枪"), change=Change("迁站", key))


def test_a_request_used_on_one_instrument_does_nothing_to_another(city: City) -> None:
    site, key, office = made.site_of(city, city.company), uuid4(), city.actor(made.OFFICE)
    first, second = made.nozzle_at(city, site), made.nozzle_at(city, site, "N-2")
    with scoped(office.scope):
        actions.retire_instrument(office, first.id, change=Change("报废", key), at=AT)
        with pytest.raises(StateError, match="办成过一次"):
            actions.retire_instrument(office, second.id, change=Change("报废", key), at=AT)
    assert told_of(city, second) == ["instrument.register"]


def test_a_change_of_state_sent_twice_is_told_once_even_when_it_was_undone_since(city: City) -> None:
    nozzle, key, office = made.nozzle_at(city, made.site_of(city, city.company)), uuid4(), city.actor(made.OFFICE)
    with scoped(office.scope):
        actions.change_state(office, nozzle.id, state="sealed", change=Change("封存", key), at=AT)
        actions.change_state(office, nozzle.id, state="in_use", change=Change("启封", uuid4()), at=AT)
        again = actions.change_state(office, nozzle.id, state="sealed", change=Change("封存", key), at=AT)
    assert (again.state, len(told_of(city, nozzle))) == ("in_use", 3)
