"""Register files: read strictly; a bad file is refused naming file, key and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.errors import InputError
from plumbline.rulebook import registers, rights
from plumbline.rulebook.reading import parse_table
from plumbline.rulebook.registers.loader import read_register

FILE = Path(registers.__file__).parent / "legal_metrology_institutes.toml"
TEXT = FILE.read_text(encoding="utf-8")


def refused(old: str, new: str) -> InputError:
    assert old in TEXT
    with pytest.raises(InputError) as error:
        read_register(parse_table(TEXT.replace(old, new, 1), file=FILE.name))
    return error.value


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('place = 1', 'place = 1\ncolour = "red"', "colour"),
        ('title = "name"', 'title = "nom"', "title"),
        ('title = "name"', 'title = "grade"', "fields.grade"),
        ('unique = ["uscc"]', 'unique = ["website"]', "fields.website"),
        ('region = "region_code"', 'region = "name"', "fields.name.type"),
        ('owner = "uscc"', 'owner = "name"', "fields.name.type"),
        ('type = "organisation"', 'type = "company"', "fields.uscc.type"),
        ('[fields.grade]', '[fields.state]', "fields.state"),
        ('[fields.grade]', '[fields.Grade]', "fields.Grade"),
        ('help_en = "18 characters; the organisation must be registered first"', "", "fields.uscc.help_zh"),
        ('{ value = "B", zh = "B 级", en = "grade B" }', '{ value = "A", zh = "B 级", en = "grade B" }',
         "fields.grade.choices"),
        ('to = "suspended"', 'to = "paused"', "acts.suspend.to"),
        ('opens_in = ["active", "building"]', 'opens_in = ["active"]', "states.building"),
        ('counts = true', "", "states"),
        ('roles = ["province_metrology", "city_metrology"]', 'roles = ["king"]', "acts.open.roles"),
        ('edit = ["province_metrology"', 'edit = ["king"', "access.edit"),
        ('source = ["TGT", "PL"]', 'source = ["NOWHERE"]', "basis.source"),
        ('is_public = true', "", "fields.uscc.public"),
        ('most = 9999', "most = -1", "fields.verification_items.least"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_naming_file_key_and_remedy(old: str, new: str, key: str) -> None:
    error = refused(old, new)
    assert FILE.name in str(error.where)
    assert str(error.where).endswith(key) or error.field == key
    assert error.remedy is not None


@pytest.mark.parametrize("pattern", [r"(?=a)b", r"\\d+", r"(a+)+", r"[", r"(?P<x>a)"])
def test_a_pattern_two_engines_may_read_differently_is_refused(pattern: str) -> None:
    field = f'[fields.grade_no]\nzh = "号"\nen = "no"\ntype = "code"\npattern = "{pattern}"\n\n[fields.grade]'
    assert "pattern" in (refused("[fields.grade]", field).field or "")


def test_a_file_is_named_by_its_id(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text(TEXT, encoding="utf-8")
    with pytest.raises(InputError, match="文件名"):
        registers.read_folders((tmp_path,))


def test_a_link_leads_to_a_register_that_is_there(tmp_path: Path) -> None:
    link = '[fields.upper]\nzh = "上级"\nen = "upper"\ntype = "link"\nregister = "nowhere"\n\n[fields.grade]'
    (tmp_path / FILE.name).write_text(TEXT.replace("[fields.grade]", link), encoding="utf-8")
    with pytest.raises(InputError, match="nowhere"):
        registers.read_folders((tmp_path,))


def test_every_register_says_in_both_languages_where_its_fields_come_from() -> None:
    for register in registers.all_registers().values():
        assert register.basis.provenance.sources
        assert register.basis.sentence_zh
        assert register.basis.document_en


def test_a_register_gives_rights_to_the_roles_it_names() -> None:
    city, inspector = rights.of_role("city_metrology"), rights.of_role("inspector")
    assert {"entry.legal_metrology_institutes.edit", "entry.legal_metrology_institutes.suspend"} <= city
    assert "entry.legal_metrology_institutes.read" in inspector
    assert "entry.legal_metrology_institutes.edit" not in inspector


def test_an_example_fits_its_pattern_and_is_kept() -> None:
    field = '[fields.no]\nzh = "号"\nen = "no"\ntype = "code"\npattern = "A[0-9]"\nexample = "{}"\n\n[fields.grade]'
    text = TEXT.replace("[fields.grade]", field.format("A1"), 1)
    assert read_register(parse_table(text, file=FILE.name)).fields["no"].example == "A1"
    assert "例子" in str(refused("[fields.grade]", field.format("B1")))


def test_the_ten_registers_stand_in_their_order() -> None:
    assert list(registers.all_registers()) == [
        "legal_metrology_institutes",
        "industrial_metrology_centres",
        "testing_bodies",
        "technical_committees",
        "standardisation_pilots",
        "verification_points",
        "brands_and_awards",
        "research_projects",
        "special_equipment_operators",
        "energy_water_labels",
    ]


def test_no_register_passes_for_law_that_was_not_seen() -> None:
    for register in registers.all_registers().values():
        assert register.basis.provenance.status == "pattern"
        assert register.basis.provenance.note_zh
