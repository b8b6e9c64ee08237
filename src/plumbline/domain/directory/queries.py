"""Reads of the directory: regions of every edition and their tree, organisations, people, qualifications."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef

from plumbline.domain.directory import intake, lists, rules, searching, tree
from plumbline.domain.directory.models import Organisation, Person, Qualification, Region, Succession
from plumbline.domain.directory.types import (
    OrganisationFacts,
    PersonFacts,
    QualificationFacts,
    RegionFacts,
    SuccessionFacts,
)
from plumbline.domain.rows.findings import Sentences
from plumbline.domain.rows.searching.asking import Query
from plumbline.domain.rows.searching.taking import Found
from plumbline.domain.rows.types import Scope
from plumbline.errors import InputError, Text, say
from plumbline.gateways.tables.template import Template

region, region_facts, path, codes_under, forget_divisions = (
    tree.region, tree.region_facts, tree.path, tree.codes_under, tree.forget_divisions,
)  # fmt: skip
list_of_organisations, list_of_people = lists.organisations, lists.people
list_of_qualifications, categories, near = lists.qualifications, lists.categories, lists.near
organisation_column, region_column, category_column = (
    lists.organisation_column, lists.region_column, lists.category_column,
)  # fmt: skip
SEARCHED = searching.KINDS
named_organisations, named_people, placed = lists.named, lists.named_people, lists.placed
divisions, area_meant, organisation_meant = lists.divisions, lists.area_meant, lists.organisation_meant
REGION_HINT, ORGANISATION_HINT = lists.REGION_HINT, lists.ORGANISATION_HINT


def current_regions(codes: Iterable[str]) -> tuple[RegionFacts, ...]:
    """Return those of some divisions that stand today, in order of code, each once."""
    rows = Region.objects.filter(code__in=list(codes), is_current=True).order_by("code", "level")
    found: dict[str, RegionFacts] = {}
    for row in rows:
        found.setdefault(row.code, region_facts(row))
    return tuple(found.values())


def successions(code: str) -> tuple[SuccessionFacts, ...]:
    """Return where territory of a code went, as far as known."""
    rows = Succession.objects.filter(predecessor_code=code).order_by("year", "successor_code")
    return tuple(
        SuccessionFacts(
            row.predecessor_code, row.successor_code, row.share, row.name_zh, row.name_en, row.year, row.day, row.source
        )
        for row in rows
    )


def standing(code: str) -> Text:
    """Return what a page says of a code: current, followed by others, or ended with its successor unknown."""
    if region(code).is_current:
        return say("现行代码")
    followers = "、".join(f"{each.successor_code} {region(each.successor_code).name}" for each in successions(code))
    return say("代码已停用，后继：{followers}", followers=followers) if followers else say("代码已停用，后继未知")


def organisation(organisation_id: UUID) -> OrganisationFacts:
    """Return an organisation. Raises: InputError if there is none."""
    return organisation_facts(_one(Organisation.objects.filter(pk=organisation_id).first()))


def organisations(organisation_ids: Iterable[UUID]) -> dict[UUID, OrganisationFacts]:
    """Return several organisations by id in one query."""
    return {row.id: organisation_facts(row) for row in Organisation.objects.filter(pk__in=list(organisation_ids))}


def organisation_by_uscc(text: str) -> OrganisationFacts:
    """Return the organisation that holds a credit code, however it is typed. Raises: InputError if none does."""
    return organisation_facts(_one(Organisation.objects.filter(uscc=rules.normal_form(text)).first()))


def organisations_called(query: Query) -> list[UUID]:
    """Return organisations that are called so, whoever they are: what belongs to them has its own security."""
    return searching.called_so(query)


def search_organisations(query: Query, *, scope: Scope) -> Found[OrganisationFacts]:
    """Return the organisations a scope may list that are meant by what was typed, those alone that have a page."""
    found = searching.found(query, rows=lambda: lists.rows_of(scope).filter(uscc__isnull=False))
    held = organisations(found.hits) if found.hits else {}
    return found.of([held[key] for key in found.hits])


def institution(code: str) -> OrganisationFacts:
    """Return the institution of an institution code. Raises: InputError if there is none."""
    return organisation_facts(_one(Organisation.objects.filter(institution_code=code).first()))


def institutions_in(region_codes: Iterable[str]) -> tuple[OrganisationFacts, ...]:
    """Return the institutions that have a code of their own in some regions, in order of that code."""
    rows = Organisation.objects.filter(region_code__in=list(region_codes), institution_code__isnull=False)
    return tuple(organisation_facts(row) for row in rows.order_by("institution_code"))


def institutions() -> tuple[OrganisationFacts, ...]:
    """Return all institutions that have a code of their own, in order of that code."""
    rows = Organisation.objects.filter(institution_code__isnull=False)
    return tuple(organisation_facts(row) for row in rows.order_by("institution_code"))


def has_real_organisations() -> bool:
    """Tell whether any organisation is held that is not marked as a demo's."""
    return Organisation.objects.filter(is_demo=False).exists()


def person(person_id: UUID) -> PersonFacts:
    """Return a person. Raises: InputError if there is none."""
    row = Person.objects.filter(pk=person_id).first()
    if row is None:
        raise InputError(say("没有这个人员"), remedy=say("在人员名单里重新选择"), field="person")
    return person_facts(row)


def people(person_ids: Iterable[UUID]) -> dict[UUID, PersonFacts]:
    """Return several people by id in one query."""
    return {row.id: person_facts(row) for row in Person.objects.filter(pk__in=list(person_ids))}


def people_of(organisation_id: UUID, *, most: int) -> tuple[PersonFacts, ...]:
    """Return the people of an organisation in order of name, at most `most`."""
    rows = Person.objects.filter(organisation_id=organisation_id).order_by("name_zh", "id")
    return tuple(person_facts(row) for row in rows[:most])


def qualifications_of(institution_id: UUID) -> tuple[QualificationFacts, ...]:
    """Return every qualification at an institution, lapsed ones too, the longest first."""
    rows = Qualification.objects.filter(institution_id=institution_id).order_by("-valid_to", "category", "id")
    return tuple(qualification_facts(row) for row in rows)


def qualifications(
    person_id: UUID, category: str | None = None, *, institution_id: UUID | None = None
) -> tuple[QualificationFacts, ...]:
    """Return a person's qualifications, lapsed ones too, the longest first; for one item and institution if given."""
    rows = Qualification.objects.filter(person_id=person_id)
    rows = rows.filter(category=category) if category else rows
    rows = rows.filter(institution_id=institution_id) if institution_id else rows
    return tuple(qualification_facts(row) for row in rows.order_by("-valid_to", "category", "id"))


def qualifications_at(institution_id: UUID, *, on: date) -> tuple[QualificationFacts, ...]:
    """Return the qualifications that hold at an institution on a day."""
    rows = Qualification.objects.filter(institution_id=institution_id, valid_from__lte=on, valid_to__gte=on)
    return tuple(qualification_facts(row) for row in rows.order_by("category", "person_id", "id"))


def qualifications_ending(*, first: date, last: date) -> tuple[QualificationFacts, ...]:
    """Return the qualifications that end on some days and that no later one of the same kind follows."""
    later = Qualification.objects.filter(
        person_id=OuterRef("person_id"), institution_id=OuterRef("institution_id"), category=OuterRef("category"),
        valid_to__gt=OuterRef("valid_to"),
    )  # fmt: skip
    rows = Qualification.objects.filter(~Exists(later), valid_to__range=(first, last)).order_by("valid_to", "id")
    return tuple(qualification_facts(row) for row in rows)


def check_digit(first17: str) -> str:
    """Return the check character of a unified social credit code. Source: GB 32100-2015 (seen in S3 of the facts)."""
    return rules.check_digit(first17)


def warning_text(code: str) -> Text:
    """Return the sentence of a warning that an organisation carries."""
    return rules.WARNINGS[code]


def organisation_template() -> Template:
    """Return the columns an import of organisations knows."""
    return intake.TEMPLATE


def organisation_sentences() -> dict[str, Sentences]:
    """Return the sentences of what an import of organisations finds."""
    return intake.SENTENCES


def organisation_facts(row: Organisation) -> OrganisationFacts:
    """Return the value of a row."""
    return OrganisationFacts(
        id=row.id,
        uscc=row.uscc or "",
        name_zh=row.name_zh,
        name_en=row.name_en,
        region_code=row.region_code,
        address_zh=row.address_zh,
        address_en=row.address_en,
        postcode=row.postcode,
        phone=row.phone,
        mail=row.mail,
        institution_code=row.institution_code or "",
        authorisation_no=row.authorisation_no,
        is_demo=row.is_demo,
        warnings=tuple(row.warnings),
    )


def person_facts(row: Person) -> PersonFacts:
    """Return the value of a row."""
    return PersonFacts(row.id, row.organisation_id, row.name_zh, row.name_en)


def qualification_facts(row: Qualification) -> QualificationFacts:
    """Return the value of a row."""
    return QualificationFacts(
        row.id, row.person_id, row.institution_id, row.category, row.number, row.valid_from, row.valid_to
    )


def _one(row: Organisation | None) -> Organisation:
    if row is None:
        raise InputError(say("没有这个单位"), remedy=say("核对代码，或先登记单位"), field="organisation")
    return row
