"""The demo's whole city: the same from a seed, of the size that is said, with results only where there is a method."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest
from django.test import override_settings
from pytest_django import Settings

from plumbline.domain.certificates.models import Certificate
from plumbline.domain.errands.types import ErrandFacts
from plumbline.domain.registers.models import Instrument
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import StateError
from plumbline.faces.commands.demo import city, plan, whole_city, whole_plan
from plumbline.faces.commands.demo.acting import Cast
from plumbline.faces.kit import demo_city
from plumbline.rulebook import catalogue
from plumbline.rulebook.regulations import has_method
from tests.world import TODAY, moment

DEMO = override_settings(PLUMBLINE_DEMO=True)


def test_the_city_has_three_thousand_instruments_of_twelve_categories() -> None:
    sizes = Counter({plan.CATEGORY: sum(len(each.nozzles) for each in whole_plan.stations())})
    for holder in whole_plan.holders():
        sizes[holder.category] += len(holder.things)
    assert (sizes.total(), len(sizes), whole_plan.instrument_count()) == (3000, 12, 3000)
    assert set(sizes) <= set(catalogue.categories())


def test_the_same_seed_gives_the_same_city_and_another_another() -> None:
    first, again, other = ([*whole_plan.holders(seed), *whole_plan.stations(seed)] for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_visits_lie_in_the_past_and_go_back_two_years() -> None:
    days = [visit.applied_on for visit in whole_plan.visits(TODAY)]
    assert TODAY - timedelta(days=whole_plan.DAYS) < min(days)
    assert max(days) < TODAY - timedelta(days=10)
    assert sum(len(visit.nozzles) for visit in whole_plan.visits(TODAY)) == whole_plan.certificate_count()


def test_of_the_twelve_categories_one_has_a_method() -> None:
    assert [code for code in whole_plan.categories() if has_method(code)] == [plan.CATEGORY]


def test_every_holder_has_a_credit_code_of_its_own() -> None:
    keys = [each.key for each in whole_plan.holders()] + [key for key, _zh, _en in plan.COMPANIES]
    assert len({plan.uscc_of(key) for key in keys}) == len(keys)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the city small: one station of two nozzles visited once, and one kind of instruments."""
    for name, value in {"STATIONS": 1, "NOZZLES": 2, "ROUNDS": 1, "HOLDERS_A_KIND": 1, "INSTRUMENTS_A_KIND": 3}.items():
        monkeypatch.setattr(whole_plan, name, value)
    monkeypatch.setattr(whole_plan, "KINDS", whole_plan.KINDS[:1])


def errand(**changed: object) -> ErrandFacts:
    """Return the errand of the city as a worker gets it."""
    asked = {"day": TODAY.isoformat()}
    plain = ErrandFacts(
        demo_city.REQUEST, demo_city.KIND, "", demo_city.REQUEST, "", "", demo_city.REQUEST, asked, moment(),
        "running", False, "", 0, None, {}, {}, (), None, None, None, None,
    )  # fmt: skip
    return replace(plain, **changed)  # type: ignore[arg-type]  # named by the test


@pytest.mark.django_db(transaction=True)
def test_the_city_is_filled_in_once_however_often_it_is_taken_up(
    small: None, settings: Settings, tmp_path: Path
) -> None:
    settings.PLUMBLINE_DATA, settings.PLUMBLINE_DEMO = str(tmp_path), True
    city.build(TODAY)
    actor = Cast(TODAY).actor(whole_city.OFFICIAL)
    interrupted = list(islice(whole_city.fill(actor, errand()), 4))
    again = list(whole_city.fill(actor, errand(cursor=interrupted[-2].cursor)))
    with scoped(EVERYTHING):
        held = Counter(
            Instrument.objects.filter(external_id__regex="^(C01|MV-NAWI)").values_list("category", flat=True)
        )
        certified = Counter(Certificate.objects.values_list("instrument__category", flat=True))
    assert held == {plan.CATEGORY: 2, "MV-NAWI": 3}
    assert certified == {plan.CATEGORY: 2}
    assert (again[-1].done, again[-1].of, again[-1].phase) == (2, 2, "visits")


@DEMO
@pytest.mark.django_db
def test_the_city_is_asked_for_once() -> None:
    city.build(TODAY)
    actor = Cast(TODAY).actor(whole_city.OFFICIAL)
    with scoped(actor.scope):
        before = demo_city.may_ask(actor)
        keys = {demo_city.ask(actor, at=moment()).id for _time in range(2)}
        after = demo_city.may_ask(actor)
    assert (before, keys, after) == (True, {demo_city.REQUEST}, False)


@pytest.mark.django_db
def test_outside_a_demo_there_is_no_city() -> None:
    with pytest.raises(StateError):
        demo_city.require_demo()
