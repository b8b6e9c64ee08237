"""Writes of the directory, plain: they ask no rights. The rooms above ask (`registers.actions` has the checked ones),
because accounts, who know the rights, point to the directory.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from plumbline.domain.directory import loading, queries
from plumbline.domain.directory.intake import OrganisationTaking
from plumbline.domain.directory.models import Organisation, Person, Qualification
from plumbline.domain.directory.rules import PRINTED, read_credit_code
from plumbline.domain.directory.types import (
    OrganisationEntry,
    OrganisationFacts,
    OrganisationRow,
    PersonFacts,
    PersonRow,
    QualificationEntry,
    QualificationFacts,
)
from plumbline.domain.rows import bulk
from plumbline.domain.rows.printing import require_printable
from plumbline.errors import InputError, say
from plumbline.rulebook import regions

__all__ = [
    "OrganisationTaking", "grant_qualification", "load_regions", "register_organisation", "register_person",
    "require_region", "take_in_organisations",
]  # fmt: skip


@transaction.atomic
def load_regions(at: datetime) -> int:
    """Load every division and succession of the rulebook; returns how many rows changed. Safe to run again."""
    return loading.load_divisions(at) + loading.load_successions()


@transaction.atomic
def register_organisation(entry: OrganisationEntry, *, at: datetime) -> OrganisationFacts:
    """Register an organisation. A new code must pass its check digit; oddities are kept as warnings.

    Raises: InputError beside the field for a wrong code, an unknown region, a missing name, or a code already held.
    """
    code = read_credit_code(entry.uscc, regions.codes(), is_new=True)
    _require_name(entry.name_zh)
    require_printable({field: getattr(entry, field) for field in PRINTED})
    require_region(entry.region_code)
    _refuse_held(uscc=code.code, institution_code=entry.institution_code)
    row = Organisation.objects.create(
        uscc=code.code,
        name_zh=entry.name_zh.strip(),
        name_en=entry.name_en.strip(),
        region_code=entry.region_code,
        address_zh=entry.address_zh,
        address_en=entry.address_en,
        postcode=entry.postcode,
        phone=entry.phone,
        mail=entry.mail,
        institution_code=entry.institution_code or None,
        authorisation_no=entry.authorisation_no,
        is_demo=entry.is_demo,
        warnings=list(code.warnings),
        registered_at=at,
    )
    return queries.organisation_facts(row)


@transaction.atomic
def register_person(organisation_id: UUID, *, name_zh: str, name_en: str = "", at: datetime) -> PersonFacts:
    """Register a person of an organisation. Raises: InputError if the name is missing or cannot be printed."""
    _require_name(name_zh)
    require_printable({"name_zh": name_zh, "name_en": name_en})
    row = Person.objects.create(
        organisation_id=organisation_id, name_zh=name_zh.strip(), name_en=name_en.strip(), registered_at=at
    )
    return queries.person_facts(row)


@transaction.atomic
def grant_qualification(entry: QualificationEntry, *, at: datetime) -> QualificationFacts:
    """Record that a person may verify a category at an institution; both days included.

    Asked again, nothing changes; a longer or shorter span under the same number is a row of its own, from its own first
    day. Raises: InputError if the days are in the wrong order, the number is missing, or a span from the same day ends
    on another one.
    """
    if entry.valid_to < entry.valid_from:
        raise InputError(say("资格的终止日期早于起始日期"), remedy=say("对照资格证书改正日期"), field="valid_to")
    if not entry.number.strip():
        raise InputError(say("资格证书没有编号"), remedy=say("填写资格证书上的编号"), field="number")
    row, _ = Qualification.objects.get_or_create(
        person_id=entry.person_id,
        institution_id=entry.institution_id,
        category=entry.category,
        number=entry.number.strip(),
        valid_from=entry.valid_from,
        defaults={"valid_to": entry.valid_to, "granted_at": at},
    )
    if row.valid_to != entry.valid_to:
        raise InputError(
            say("资格 {number} 从 {start} 起已登记到 {end}", number=row.number, start=row.valid_from, end=row.valid_to),
            remedy=say("延期时另登记一段，写新的起始日期；已登记的不改"),
            field="valid_to",
        )
    return queries.qualification_facts(row)


def require_region(code: str) -> None:
    """Pass if a region code is known in some edition. Raises: InputError."""
    if code not in regions.codes():
        raise InputError(
            say("行政区划代码“{code}”不存在", code=code),
            remedy=say("填写六位县级代码，例如 330305；旧代码也可以用"),
            field="region_code",
        )


def take_in_organisations(rows: Iterable[OrganisationRow], people: Iterable[PersonRow]) -> int:
    """Take organisations of a load test in, with their people. Raises: StateError outside a demo."""
    count = bulk.take_in("directory_organisation", OrganisationRow, rows=rows)
    return count + bulk.take_in("directory_person", PersonRow, rows=people)


def _require_name(name: str) -> None:
    if not name.strip():
        raise InputError(say("名称没有填写"), remedy=say("按证照填写全称"), field="name_zh")


def _refuse_held(*, uscc: str, institution_code: str) -> None:
    held = Organisation.objects.filter(uscc=uscc).values_list("name_zh", flat=True).first()
    if held is not None:
        raise InputError(
            say("统一社会信用代码 {code} 已登记给“{name}”", code=uscc, name=held),
            remedy=say("在名录里找到这个单位，不要重复登记"),
            field="uscc",
        )
    if institution_code and Organisation.objects.filter(institution_code=institution_code).exists():
        raise InputError(
            say("机构代号 {code} 已被使用", code=institution_code), remedy=say("换一个代号"), field="institution_code"
        )
