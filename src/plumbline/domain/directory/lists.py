"""The lists of the directory, and what other rooms' lists need of it: names of organisations and areas.

Who works where is listed to the own people and to the offices of the area alone: these tables are under no row-level
security, so the rows of a list are narrowed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from plumbline.domain.directory import rules, searching
from plumbline.domain.directory.models import Organisation, Person, Qualification
from plumbline.domain.directory.tree import codes_under, path, region
from plumbline.domain.rows.listing.asking import begins_with
from plumbline.domain.rows.listing.spec import (
    BEGINS,
    EQUAL,
    SPAN,
    Choice,
    Column,
    Join,
    Joined,
    Kind,
    ListSpec,
    Operator,
    Row,
    Sort,
    Words,
)
from plumbline.domain.rows.searching.asking import read_or_none
from plumbline.domain.rows.types import Scope
from plumbline.errors import InputError, Term, say
from plumbline.rulebook import catalogue

REGION_HINT = say("六位代码，含下辖的全部地区")
ORGANISATION_HINT = say("统一社会信用代码或机构代号")


def named(*keys: str) -> Join:
    """Return the join that puts the names of organisations in place of their ids, in one query for all columns."""

    def join(rows: Sequence[Row]) -> Mapping[UUID, Row]:
        ids = {row[key] for row in rows for key in keys if row[key]}
        found = Organisation.objects.filter(pk__in=ids)
        names = {each.id: Term(each.name_zh, each.name_en or each.name_zh) for each in found}
        return {row["id"]: {key: names.get(row[key]) for key in keys} for row in rows}

    return Joined(keys, join, needs=keys)


def named_people(*keys: str) -> Join:
    """Return the join that puts the names of people in place of their ids, in one query for all columns."""

    def join(rows: Sequence[Row]) -> Mapping[UUID, Row]:
        found = Person.objects.filter(pk__in={row[key] for row in rows for key in keys if row[key]})
        names = {each.id: Term(each.name_zh, each.name_en or each.name_zh) for each in found}
        return {row["id"]: {key: names.get(row[key]) for key in keys} for row in rows}

    return Joined(keys, join, needs=keys)


def divisions(*keys: str) -> Join:
    """Return the join that puts the name of the division beside its code."""

    def join(rows: Sequence[Row]) -> Mapping[UUID, Row]:
        names = {code: path(code)[0].name for code in {row.get(key) for row in rows for key in keys} if code}
        return {
            row["id"]: {key: f"{row[key]} {names[row[key]]}" if row[key] else row[key] for key in keys if key in row}
            for row in rows
        }

    return Joined(keys, join, needs=keys)


placed: Join = divisions("region")


def organisation_meant(text: str) -> Sequence[UUID]:
    """Return the id of the organisation of a credit code or institution code. Raises: InputError if there is none."""
    wanted = Q(uscc=rules.normal_form(text)) | Q(institution_code=text)
    found = list(Organisation.objects.filter(wanted).values_list("id", flat=True)[:1])
    if not found:
        raise InputError(say("没有代码为“{code}”的单位", code=text), remedy=say("写全 18 位信用代码，或机构代号"))
    return found


def area_meant(text: str) -> Sequence[str]:
    """Return every code of an area. Raises: InputError for a code that no edition has."""
    return codes_under(region(text).code)


def organisation_column(key: str, title: Words, *, path: str = "", **more: Any) -> Column:  # Any: passed on to Column
    """Return a column that names an organisation, narrowed by its code."""
    return Column(
        key,
        title,
        Kind.NAME,
        path or f"{key}_id",
        operators=EQUAL,
        meaning=organisation_meant,
        hint=ORGANISATION_HINT,
        **more,
    )


def region_column(**more: Any) -> Column:  # Any: passed on to Column as they are
    """Return the column of the area a row lies in, narrowed by the tree of a code."""
    return Column(
        "region", say("行政区划"), Kind.TEXT, "region_code", operators=EQUAL, meaning=area_meant, hint=REGION_HINT,
        **more,
    )  # fmt: skip


def category_column(path: str = "category", **more: Any) -> Column:  # Any: passed on to Column as they are
    """Return the column of the category of the catalogue."""
    return Column("category", say("类别"), Kind.CHOICE, path, operators=EQUAL, choices=categories, **more)


def categories() -> Mapping[str, Choice]:
    """Return the categories of the catalogue."""
    return {code: Choice(Term(each.zh, each.en)) for code, each in catalogue.categories().items()}


def _area(scope: Scope) -> Q:
    """Return the condition of an organisation of the scope's area; a scope without one has the whole directory."""
    return Q(region_code__in=scope.regions) if scope.regions and not scope.everything else Q()


def near(scope: Scope, organisation: str) -> Q:
    """Return the condition of what belongs to an organisation of the scope: the own one, one of the area, or any."""
    if scope.everything:
        return Q()
    own = Q(**{f"{organisation}_id__in": scope.organisations})
    return own | Q(**{f"{organisation}__region_code__in": scope.regions}) if scope.regions else own


def rows_of(scope: Scope) -> QuerySet[Organisation]:
    """Return the organisations of the scope's area; a scope without one has the whole directory."""
    return Organisation.objects.filter(_area(scope))


def _matching(text: str) -> Q:
    query = read_or_none(text)
    return begins_with("name_zh", text) if query is None else searching.matching(query)


def organisations() -> ListSpec:
    """Return the list of organisations: those of the area, of all areas for who has none."""
    return ListSpec(
        "organisations",
        say("单位名录"),
        "register.read",
        rows=rows_of,
        columns=(
            Column("uscc", say("统一社会信用代码"), Kind.CODE, "uscc", operators=BEGINS, is_fixed=True,
                   is_sortable=True, is_nullable=True),
            Column("name", say("名称"), Kind.NAME, "name_zh", operators=(Operator.STARTS,), is_fixed=True),
            Column("institution_code", say("机构代号"), Kind.CODE, "institution_code",
                   operators=(*BEGINS, Operator.EMPTY), is_sortable=True, is_nullable=True),
            region_column(),
            Column("authorisation_no", say("授权证书号"), Kind.CODE, "authorisation_no", is_shown=False),
            Column("address", say("地址"), path="address_zh", is_shown=False),
            Column("phone", say("电话"), Kind.CODE, "phone", is_shown=False),
            Column("registered_at", say("登记时间"), Kind.MOMENT, "registered_at", sort_path="pk", operators=SPAN,
                   is_sortable=True, is_shown=False),
        ),
        sort=Sort("registered_at", is_descending=True),
        also=("name_en",),
        joins=(placed, Joined(("name",), _both_names, needs=("name", "name_en"))),
        search=_matching,
        search_hint=say("信用代码、机构代号、名称"),
    )  # fmt: skip


def _both_names(rows: Sequence[Row]) -> Mapping[UUID, Row]:
    return {row["id"]: {"name": Term(row["name"], row["name_en"] or row["name"])} for row in rows}


def _people(scope: Scope) -> QuerySet[Person]:
    return Person.objects.filter(near(scope, "organisation"))


def people() -> ListSpec:
    """Return the list of people of the own house, or of the houses of the area."""
    return ListSpec(
        "people",
        say("人员"),
        "register.read",
        rows=_people,
        columns=(
            Column("name", say("姓名"), Kind.NAME, "name_zh", operators=BEGINS, is_fixed=True),
            organisation_column("organisation", say("单位")),
            Column("registered_at", say("登记时间"), Kind.MOMENT, "registered_at", sort_path="pk", operators=SPAN,
                   is_sortable=True),
        ),
        sort=Sort("registered_at", is_descending=True),
        also=("name_en", "organisation__uscc"),
        joins=(named("organisation"), Joined(("name",), _both_names, needs=("name", "name_en"))),
        search=lambda text: begins_with("name_zh", text),
        search_hint=say("姓名开头"),
    )  # fmt: skip


def _qualifications(scope: Scope) -> QuerySet[Qualification]:
    return Qualification.objects.filter(near(scope, "institution"))


def qualifications() -> ListSpec:
    """Return the list of qualifications at the own house, or at the houses of the area."""
    return ListSpec(
        "qualifications",
        say("人员资格"),
        "register.read",
        rows=_qualifications,
        columns=(
            Column("person", say("姓名"), Kind.NAME, "person__name_zh", is_fixed=True),
            Column("number", say("资格证书编号"), Kind.CODE, "number", operators=BEGINS, is_sortable=True,
                   is_fixed=True),
            category_column(),
            organisation_column("institution", say("机构")),
            Column("valid_from", say("起始日期"), Kind.DATE, "valid_from", operators=SPAN, is_sortable=True),
            Column("valid_to", say("终止日期"), Kind.DATE, "valid_to", operators=SPAN, is_sortable=True),
        ),
        sort=Sort("valid_to"),
        also=("person__name_en", "institution__uscc"),
        joins=(named("institution"), Joined(("person",), _persons, needs=("person", "person__name_en"))),
        search=lambda text: begins_with("number", text),
        search_hint=say("资格证书编号开头"),
    )  # fmt: skip


def _persons(rows: Sequence[Row]) -> Mapping[UUID, Row]:
    return {row["id"]: {"person": Term(row["person"], row["person__name_en"] or row["person"])} for row in rows}
