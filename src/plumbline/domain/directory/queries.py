"""Reads of the directory: regions of every edition and their tree, organisations, people, qualifications."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db import connection
from django.db.models import Q

from plumbline.domain.directory import intake, rules
from plumbline.domain.directory.models import Organisation, Person, Qualification, Region, Succession
from plumbline.domain.directory.types import (
    OrganisationFacts,
    PersonFacts,
    QualificationFacts,
    RegionFacts,
    SuccessionFacts,
)
from plumbline.domain.rows.findings import Sentences
from plumbline.errors import InputError, Text, say
from plumbline.gateways.tables.template import Template

_TREE = """
    with recursive tree(code) as (
        select %s::varchar
        union
        select below.code from tree, lateral (
            select r.code from directory_region r where r.parent_code = tree.code
            union all
            select s.predecessor_code from directory_succession s
             where s.successor_code = tree.code
               and not exists (select from directory_region c where c.code = s.predecessor_code and c.is_current)
        ) below
    )
    select code from tree order by code
    """


def region(code: str, on: date | None = None) -> RegionFacts:
    """Return the division of a code, of whatever edition; with `on`, under the name listed in that year if known.

    A code listed as prefecture and as county is answered as prefecture. Raises: InputError if no edition has the code.
    """
    rows = _ranked([code])
    if not rows:
        raise InputError(
            say("行政区划代码“{code}”不存在", code=code), remedy=say("填写六位代码，例如 330305"), field="region_code"
        )
    return region_facts(_listed_in(rows, on.year) if on else rows[0])


def _ranked(codes: Iterable[str]) -> list[Region]:
    """Return the rows of some codes, of each code the one to answer with first."""
    return list(Region.objects.filter(code__in=list(codes)).order_by("level", "-last_year", "-is_current", "name"))


@lru_cache(maxsize=1024)
def codes_under(code: str) -> tuple[str, ...]:
    """Return the code and all below it, in order: the tree, and ended codes whose territory went into the tree.

    An ended code that was divided counts for each of its successors, since a record under it may lie in any of them.
    A code that still stands and only gave up a part does not count. An unknown code gives itself alone.
    Kept in memory: divisions are loaded before a server starts, see `forget_divisions`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TREE, [code])
        return tuple(found for (found,) in cursor.fetchall())


@lru_cache(maxsize=8192)
def path(code: str) -> tuple[RegionFacts, ...]:
    """Return the division and those above it, county first, province last. Raises: InputError for an unknown code.

    Kept in memory as `codes_under`.
    """
    usual = {row.code: row for row in reversed(_ranked([code, f"{code[:4]}00", f"{code[:2]}0000"]))}
    found = [region_facts(usual[code]) if code in usual else region(code)]
    while parent := found[-1].parent_code:
        found.append(region_facts(usual[parent]) if parent in usual else region(parent))
    return tuple(found)


def forget_divisions() -> None:
    """Forget the divisions kept in memory: they have been loaded anew."""
    codes_under.cache_clear()
    path.cache_clear()


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


def institution(code: str) -> OrganisationFacts:
    """Return the institution of an institution code. Raises: InputError if there is none."""
    return organisation_facts(_one(Organisation.objects.filter(institution_code=code).first()))


def organisations_listed(
    region_codes: Iterable[str] | None, *, text: str = "", before: UUID | None = None, most: int
) -> tuple[OrganisationFacts, ...]:
    """Return organisations, the newest first, at most `most`: of some regions (None: of all), older than a key.

    text: a credit code, an institution code, or how the name begins.
    """
    rows = (
        Organisation.objects.all()
        if region_codes is None
        else Organisation.objects.filter(region_code__in=list(region_codes))
    )
    if text:
        rows = rows.filter(Q(uscc=rules.normal_form(text)) | Q(institution_code=text) | Q(name_zh__startswith=text))
    rows = rows.filter(pk__lt=before) if before else rows
    return tuple(organisation_facts(row) for row in rows.order_by("-id")[:most])


def institutions_in(region_codes: Iterable[str]) -> tuple[OrganisationFacts, ...]:
    """Return the institutions that have a code of their own in some regions, in order of that code."""
    rows = Organisation.objects.filter(region_code__in=list(region_codes), institution_code__isnull=False)
    return tuple(organisation_facts(row) for row in rows.order_by("institution_code"))


def institutions() -> tuple[OrganisationFacts, ...]:
    """Return all institutions that have a code of their own, in order of that code."""
    rows = Organisation.objects.filter(institution_code__isnull=False)
    return tuple(organisation_facts(row) for row in rows.order_by("institution_code"))


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


def region_facts(row: Region) -> RegionFacts:
    """Return the value of a row."""
    return RegionFacts(
        code=row.code,
        level=row.level,
        name=row.name,
        parent_code="" if row.parent_code == row.code else row.parent_code,
        is_current=row.is_current,
        successor_code=row.successor_code,
        first_edition=row.first_edition,
        last_edition=row.last_edition,
    )


def _listed_in(rows: list[Region], year: int) -> Region:
    listed = [row for row in rows if int(row.first_edition[:4]) <= year <= row.last_year]
    later = [row for row in rows if int(row.first_edition[:4]) > year]
    return (listed or sorted(later, key=lambda row: (row.level, row.first_edition)) or rows)[0]


def _one(row: Organisation | None) -> Organisation:
    if row is None:
        raise InputError(say("没有这个单位"), remedy=say("核对代码，或先登记单位"), field="organisation")
    return row
