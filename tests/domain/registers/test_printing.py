"""Texts that reach a certificate are refused at their field when no certificate could print them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any  # an entry of any register

import pytest

from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory.types import OrganisationEntry
from plumbline.domain.registers import actions
from plumbline.domain.registers.models import Instrument
from plumbline.domain.registers.types import (
    Change,
    InstrumentEntry,
    Placing,
    SiteEntry,
    StandardCertification,
    StandardEntry,
)
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputErrors
from plumbline.faces.commands import import_
from tests.domain.registers import city as made
from tests.domain.registers.city import AT, City

pytestmark = pytest.mark.django_db
GLYPH, NAMED = "𓀀", "𓀀（U+13000）"
ORGANISATION = OrganisationEntry(made.credit_code(31), "示例公司", "330305")
CERTIFICATION = StandardCertification("V-1", "示例省院", date(2026, 1, 1), date(2027, 1, 1))


@pytest.fixture
def city() -> City:
    return made.build()


def standard(city: City) -> StandardEntry:
    """Return what is entered for a measurement standard of the institute."""
    return StandardEntry(city.institute.id, "V20-01", "标准金属量器", made.FUEL, "municipal")


def refused_at(city: City, act: Callable[[Actor], object], *, username: str = made.OFFICE) -> list[str]:
    """Return the fields an act is refused at, each told with the character."""
    actor = city.actor(username)
    with pytest.raises(InputErrors) as refused, scoped(actor.scope):
        act(actor)
    return [each.field or "" for each in refused.value.errors if NAMED in str(each.what)]


def changed(entry: Any, field: str, text: str) -> Any:
    """Return an entry with another text in one field."""
    return replace(entry, **{field: text})


@pytest.mark.parametrize(
    "field",
    ["name_zh", "name_en", "address_zh", "address_en", "postcode", "phone", "mail", "authorisation_no"],
)
def test_an_organisation(city: City, field: str) -> None:
    entry = changed(ORGANISATION, field, f"示例{GLYPH}")
    assert refused_at(city, lambda actor: actions.register_organisation(actor, entry, at=AT)) == [field]


@pytest.mark.parametrize("field", ["name_zh", "name_en"])
def test_a_person(city: City, field: str) -> None:
    names = {"name_zh": "示例员", "name_en": "", field: GLYPH}
    act = lambda actor: actions.register_person(actor, city.company.id, at=AT, **names)  # noqa: E731  # one line of the act
    assert refused_at(city, act) == [field]


@pytest.mark.parametrize("field", ["name_zh", "name_en", "address_zh", "address_en"])
def test_a_site(city: City, field: str) -> None:
    entry = changed(SiteEntry(city.company.id, "示例站", "330305"), field, GLYPH)
    assert refused_at(city, lambda actor: actions.register_site(actor, entry, at=AT)) == [field]


@pytest.mark.parametrize(
    "field",
    ["name_zh", "name_en", "model", "serial", "maker", "range_text", "accuracy_class", "place", "external_id"],
)
def test_an_instrument(city: City, field: str) -> None:
    site = made.site_of(city, city.company)
    entry = changed(InstrumentEntry(made.FUEL, "油枪", city.company.id, site.id), field, f"N{GLYPH}")
    assert refused_at(city, lambda actor: actions.register_instrument(actor, entry, at=AT)) == [field]


def test_the_place_an_instrument_moves_to(city: City) -> None:
    site = made.site_of(city, city.company)
    nozzle, to = made.nozzle_at(city, site), Placing(site.id, f"{GLYPH} 号枪")
    act = lambda actor: actions.move_instrument(actor, nozzle.id, to=to, change=Change("换位"), at=AT)  # noqa: E731
    assert refused_at(city, act) == ["place"]


@pytest.mark.parametrize("field", ["code", "name_zh", "name_en"])
def test_a_measurement_standard(city: City, field: str) -> None:
    entry = changed(StandardEntry(city.institute.id, "V20-01", "标准金属量器", made.FUEL, "municipal"), field, GLYPH)
    act = lambda actor: actions.register_standard(actor, entry, certification=CERTIFICATION, at=AT)  # noqa: E731
    assert refused_at(city, act, username=made.KEEPER) == [field]


@pytest.mark.parametrize("field", ["certificate_no", "certified_by", "range_text", "uncertainty_text", "k"])
def test_the_certificate_of_a_measurement_standard(city: City, field: str) -> None:
    entry = standard(city)
    certification = changed(CERTIFICATION, field, GLYPH)
    act = lambda actor: actions.register_standard(actor, entry, certification=certification, at=AT)  # noqa: E731
    assert refused_at(city, act, username=made.KEEPER) == [field]


INSTRUMENTS = "资产编号,器具名称,制造单位\n1,油枪,示例厂\n2,油枪,示例𓀀厂\n"
ORGANISATIONS = f"uscc,name_zh,region_code\n{made.credit_code(41)},示例𓀀公司,330305\n"


@pytest.mark.parametrize(
    ("table", "how"),
    [
        (INSTRUMENTS, ["instruments", "--category", made.FUEL, "--owner", made.credit_code(13)]),
        (ORGANISATIONS, ["organisations", "--region", "330300"]),
    ],
)
def test_a_row_of_an_import_is_refused_with_its_reason(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, how: list[str]
) -> None:
    monkeypatch.setenv("PLUMBLINE_LANG", "zh")
    file, report = tmp_path / "in.csv", tmp_path / "report.csv"
    file.write_text(table, encoding="utf-8")
    kind, *more = how
    assert import_.run([kind, str(file), "--as", made.OFFICE, "--report", str(report), *more]) == 1
    assert f"错误,证书上印不出这些字符：{NAMED}" in report.read_text(encoding="utf-8-sig")
    with scoped(EVERYTHING):
        assert Instrument.objects.count() == 0
