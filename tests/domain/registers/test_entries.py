"""Simple registers: one file makes a register; rows are typed, effective-dated and corrected, never changed."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from plumbline.domain.registers import actions
from plumbline.domain.registers.actions import entries as writing
from plumbline.domain.registers.queries import entries
from plumbline.domain.registers.types import EntryAct, EntryDraft, PeriodFacts
from plumbline.domain.rows.listing import paging
from plumbline.domain.rows.listing.spec import Wanted
from plumbline.domain.rows.scope import EVERYTHING, NOTHING, scoped
from plumbline.errors import AccessError, Hidden, InputError, InputErrors, StateError
from plumbline.rulebook import registers as rulebook
from tests.domain.registers import city as made
from tests.domain.registers.city import AT, DAY, City

pytestmark = pytest.mark.django_db
INSTITUTES = "legal_metrology_institutes"
SINCE = date(2025, 1, 1)


@pytest.fixture
def city() -> City:
    return made.build()


def typed(city: City, **changed: str) -> dict[str, str]:
    return {
        "uscc": city.institute.uscc or "", "name": "示例市计量院", "region_code": "330300", "level": "市级",
        "kind": "established", "grade": "b", "verification_items": "１２",
    } | changed  # fmt: skip


def entry_of(city: City, **changed: str) -> PeriodFacts:
    office = city.actor(made.OFFICE)
    with scoped(office.scope):
        return writing.register_entry(office, INSTITUTES, draft=EntryDraft(typed(city, **changed), SINCE), at=AT)


def change(city: City, found: PeriodFacts, on: date, **changed: str) -> PeriodFacts:
    office = city.actor(made.OFFICE)
    draft = EntryDraft(typed(city, **changed), on, reason="评定升级")
    with scoped(office.scope):
        return writing.change_entry(office, INSTITUTES, number=found.number, change=draft, at=AT)


def inserted(found: PeriodFacts, **changed: object) -> None:
    """Write a row past the actions, as raw SQL could; the database alone stands between."""
    values = dict(found.values) | changed
    values = {key: value for key, value in values.items() if value is not None}
    with scoped(EVERYTHING), connection.cursor() as cursor:
        cursor.execute(
            "insert into registers_period (id, entry_id, number, register, key, definition_id, title, state,"
            ' region_code, valid_from, valid_to, "values", act, act_id, reason, person_id, person_name, role,'
            " written_at)"
            " select gen_random_uuid(), entry_id, number, register, key, definition_id, title, state, region_code,"
            " date '1990-01-01', date '1990-12-31', %s, act, act_id, reason, person_id, person_name, role, written_at"
            " from registers_period where id = %s",
            [json.dumps(values), found.id],
        )


def test_what_people_write_is_kept_as_typed_values(city: City) -> None:
    found = entry_of(city)
    assert (found.values["level"], found.values["grade"], found.values["verification_items"]) == ("municipal", "B", 12)
    assert (found.state, found.owner_id, found.key) == ("active", city.institute.id, city.institute.uscc)


def test_every_fault_of_a_form_is_told_beside_its_field(city: City) -> None:
    with pytest.raises(InputErrors) as refused:
        entry_of(city, level="乡级", verification_items="十二", name="")
    assert {error.field for error in refused.value.errors} == {"level", "verification_items", "name"}


def test_a_key_is_held_once(city: City) -> None:
    entry_of(city)
    with pytest.raises(InputError, match="已有"):
        entry_of(city)


def test_a_change_holds_from_its_day_and_the_days_before_stay(city: City) -> None:
    found = entry_of(city)
    changed = change(city, found, date(2026, 3, 1), grade="A")
    with scoped(EVERYTHING):
        before, after = entries.periods(INSTITUTES, found.number)
        history = entries.entry_history(INSTITUTES, found.number)
    assert (before.values["grade"], before.valid_to, after.values["grade"]) == ("B", date(2026, 2, 28), "A")
    assert (before.replaces_id, after.replaces_id, after.id) == (found.id, found.id, changed.id)
    assert {row.replaced_by for row in history} == {None, changed.act_id}


def test_a_change_from_the_first_day_leaves_one_period(city: City) -> None:
    found = entry_of(city)
    change(city, found, SINCE, grade="A")
    with scoped(EVERYTHING):
        assert [row.values["grade"] for row in entries.periods(INSTITUTES, found.number)] == ["A"]


def test_a_correction_names_the_row_it_corrects(city: City) -> None:
    found, office = entry_of(city), city.actor(made.OFFICE)
    draft = EntryDraft(typed(city, name="示例市计量科学研究院"), date(2024, 6, 1), reason="录错名称")
    with scoped(office.scope):
        corrected = writing.correct_entry(office, INSTITUTES, period_id=found.id, correction=draft, at=AT)
        standing = entries.periods(INSTITUTES, found.number)
    assert [row.id for row in standing] == [corrected.id]
    assert (corrected.replaces_id, corrected.valid_from, corrected.reason) == (found.id, date(2024, 6, 1), "录错名称")


def test_a_row_is_corrected_once(city: City) -> None:
    found, office = entry_of(city), city.actor(made.OFFICE)
    draft = EntryDraft(typed(city), SINCE, reason="再来一次")
    with scoped(office.scope):
        writing.correct_entry(office, INSTITUTES, period_id=found.id, correction=draft, at=AT)
        with pytest.raises(StateError, match="刚被别人改过"):
            writing.correct_entry(office, INSTITUTES, period_id=found.id, correction=draft, at=AT)


def test_an_act_moves_from_a_day_and_asks_for_its_reason(city: City) -> None:
    found, office = entry_of(city), city.actor(made.OFFICE)
    with scoped(office.scope):
        with pytest.raises(InputError, match="原因"):
            writing.act_on_entry(office, INSTITUTES, number=found.number, request=EntryAct("suspend", DAY), at=AT)
        writing.act_on_entry(office, INSTITUTES, number=found.number, request=EntryAct("suspend", DAY, "搬迁"), at=AT)
        assert entries.period_on(INSTITUTES, found.number, on=DAY).state == "suspended"
        assert entries.period_on(INSTITUTES, found.number, on=SINCE).state == "active"
        with pytest.raises(StateError, match="暂停"):
            writing.act_on_entry(office, INSTITUTES, number=found.number, request=EntryAct("open", DAY), at=AT)


def test_who_may_not_edit_is_refused(city: City) -> None:
    owner = city.actor(made.OWNER)
    with scoped(owner.scope), pytest.raises(AccessError):
        writing.register_entry(owner, INSTITUTES, draft=EntryDraft(typed(city), SINCE), at=AT)


def test_an_office_edits_its_own_area_alone(city: City) -> None:
    with pytest.raises(AccessError):
        entry_of(city, region_code="210100")


def test_a_stranger_sees_public_fields_alone(city: City) -> None:
    found = entry_of(city, contact="张三 0577")
    with scoped(NOTHING):
        unseen = paging.page_of(entries.list_of_published(INSTITUTES, DAY), Wanted(), scope=NOTHING)
        with pytest.raises(Hidden):
            entries.periods(INSTITUTES, found.number)
        page = entries.published_entry(INSTITUTES, found.number, on=DAY)
    assert unseen.rows == []
    assert {"name", "grade"} <= set(page.values)
    assert not {"contact", "verification_items"} & set(page.values)


SOUND = {
    "uscc": "12330300000000012T", "name": "示例市计量院", "region_code": "330300", "level": "municipal",
    "kind": "established", "grade": "B", "verification_items": 12, "authorised_until": "2025-02-28",
}  # fmt: skip


def fault_in(values: dict[str, object]) -> str | None:
    with connection.cursor() as cursor:
        fields = json.dumps(rulebook.by_id(INSTITUTES).content["fields"])
        cursor.execute("select registers_values_fault(%s, %s)", [fields, json.dumps(values)])
        (found,) = cursor.fetchone() or (None,)
    return found if found is None else str(found)


def test_the_database_finds_no_fault_in_sound_values() -> None:
    assert fault_in(SOUND) is None


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("level", "township", "none of the choices"),
        ("name", "", "empty"),
        ("name", 7, "no string"),
        ("name", "x" * 201, "too long"),
        ("name", ["a list"], "no string"),
        ("name", None, "no string"),
        ("verification_items", "12", "no number"),
        ("verification_items", 1.5, "pattern"),
        ("verification_items", -1, "too small"),
        ("authorised_until", "2025-02-30", "no day"),
        ("website", "javascript:alert(1)", "pattern"),
        ("uscc", "12330300000000012O", "pattern"),
        ("invented", "x", "not defined"),
    ],
)
def test_the_database_finds_what_breaks_the_definition(field: str, value: object, fault: str) -> None:
    assert fault in (fault_in(SOUND | {field: value}) or "")


def test_the_database_misses_what_is_required() -> None:
    assert "level is missing" in (fault_in({key: value for key, value in SOUND.items() if key != "level"}) or "")


@pytest.mark.parametrize(
    ("field", "value"), [("level", "township"), ("name", "not the title"), ("region_code", "330302"), ("level", None)]
)
def test_the_database_refuses_a_row_that_breaks_its_definition(city: City, field: str, value: object) -> None:
    found = entry_of(city)
    with pytest.raises(IntegrityError, match="register legal"), transaction.atomic():
        inserted(found, **{field: value})


def test_the_database_takes_what_fits_and_no_day_twice(city: City) -> None:
    found = entry_of(city)
    inserted(found, grade="A")
    with pytest.raises(IntegrityError, match="period_once_a_day"), transaction.atomic():
        inserted(found, grade="A")


@pytest.mark.parametrize(
    "statement",
    ["update registers_period set title = 'x'", "delete from registers_period", "truncate registers_period"],
)
def test_the_application_may_not_change_a_row(city: City, statement: str) -> None:
    entry_of(city)
    with pytest.raises(Exception, match="denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_definition_is_mirrored_once_an_edition() -> None:
    register = rulebook.by_id(INSTITUTES)
    assert writing.mirrored(register, at=AT) == writing.mirrored(register, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("select count(*), count(distinct register) from registers_definition")
        assert cursor.fetchone() == (1, 1)


def test_the_actions_of_the_room_offer_the_entries(city: City) -> None:
    assert actions.register_entry is writing.register_entry
