"""The lists of the registers: instruments, sites, measurement standards, scopes. Whose rows: row-level security."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from plumbline.domain.directory import queries as directory
from plumbline.domain.registers import searching
from plumbline.domain.registers.models import Instrument, MeasurementStandard, Scope, Site, StandardCertificate
from plumbline.domain.rows.listing.asking import begins_with
from plumbline.domain.rows.listing.spec import (
    BEGINS,
    EQUAL,
    SPAN,
    Choice,
    Column,
    Joined,
    Kind,
    ListSpec,
    Row,
    Sort,
)
from plumbline.domain.rows.searching.asking import read_or_none
from plumbline.domain.rows.types import Scope as Seen
from plumbline.errors import Term, say

INSTRUMENT_STATES = {
    "in_use": Choice(say("在用"), "ok"),
    "out_of_use": Choice(say("停用"), "unk"),
    "sealed": Choice(say("封存"), "unk"),
    "scrapped": Choice(say("报废"), "unk"),
    "retired": Choice(say("终止使用"), "unk"),
}
HELD_MOST = 1_000
LEVELS = {
    "national": Choice(say("国家基准")),
    "provincial": Choice(say("省级社会公用")),
    "municipal": Choice(say("市级社会公用")),
    "county": Choice(say("县级社会公用")),
    "enterprise": Choice(say("企业事业单位")),
}


def instruments() -> ListSpec:
    """Return the list of instruments. A higher room adds what it knows of them (see `certificates`)."""
    return ListSpec(
        "instruments",
        say("计量器具"),
        "register.read",
        rows=_instruments,
        columns=(
            Column("identity", say("器具码"), Kind.CODE, "identity", is_sortable=True, is_fixed=True),
            Column("name", say("名称"), Kind.NAME, "name_zh", operators=BEGINS),
            category_columns(),
            Column("place", say("现场位置"), path="place"),
            directory.organisation_column("owner", say("单位")),
            Column("site", say("地点"), Kind.NAME, "site_id", is_nullable=True),
            Column("site_name", say("地点名称开头"), operators=EQUAL, where=_at_sites, is_column=False),
            directory.region_column(is_shown=False),
            Column("model", say("型号"), Kind.CODE, "model", operators=BEGINS, is_shown=False),
            Column("serial", say("出厂编号"), Kind.CODE, "serial", operators=BEGINS, is_sortable=True),
            Column("maker", say("制造单位"), path="maker", operators=BEGINS, is_shown=False),
            Column("external_id", say("资产编号"), Kind.CODE, "external_id", operators=BEGINS, is_sortable=True,
                   is_shown=False),
            Column("acquired_on", say("购置日期"), Kind.DATE, "acquired_on", operators=SPAN, is_nullable=True,
                   is_shown=False),
            Column("registered_at", say("登记时间"), Kind.MOMENT, "registered_at", sort_path="pk", operators=SPAN,
                   is_sortable=True, is_shown=False),
            Column("state", say("台账状态"), Kind.CHOICE, "state", operators=EQUAL, choices=lambda: INSTRUMENT_STATES,
                   is_shown=False),
        ),
        sort=Sort("registered_at", is_descending=True),
        also=("name_en",),
        joins=(directory.named_organisations("owner"), directory.placed, _both_names, sites_named),
        search=_matching,
        search_hint=say("器具码、编号或其中一段、名称、地点"),
    )  # fmt: skip


def _instruments(scope: Seen) -> QuerySet[Instrument]:
    """Return the instruments of a scope. Those of an area are said again beside row-level security, so that an index
    serves; who holds scopes sees instruments by their category besides, and is left to it alone."""
    rows = Instrument.objects.all()
    if scope.everything or not scope.regions or Scope.objects.filter(institution__in=scope.organisations).exists():
        return rows
    return rows.filter(Q(owner_id__in=scope.organisations) | Q(region_code__in=scope.regions))


def instrument_states() -> Mapping[str, Choice]:
    """Return the states of an instrument in the register."""
    return INSTRUMENT_STATES


def category_columns() -> Column:
    """Return the column of the category, among the usual conditions but not the usual columns."""
    return directory.category_column(is_shown=False)


def _matching(text: str) -> Q:
    """Return the condition of the instruments search means by a text."""
    query = read_or_none(text)
    return begins_with("name_zh", text) if query is None else searching.instruments_meant(query)


def _names_of(rows: Sequence[Row]) -> Mapping[UUID, Row]:
    return {row["id"]: {"name": Term(row["name"], row["name_en"] or row["name"])} for row in rows}


_both_names = Joined(("name",), _names_of, needs=("name", "name_en"))


def _at_sites(text: str) -> Q:
    """Return the condition of the sites whose name begins so, found first: those of a page, by the index of each."""
    held = Site.objects.filter(begins_with("name_zh", text)).values_list("pk", flat=True)
    return Q(site_id__in=list(held[:HELD_MOST]))


def _site_names(rows: Sequence[Row]) -> Mapping[UUID, Row]:
    found = Site.objects.filter(pk__in={row["site"] for row in rows if row["site"]})
    names = {each.id: Term(each.name_zh, each.name_en or each.name_zh) for each in found}
    return {row["id"]: {"site": names.get(row["site"])} for row in rows}


sites_named = Joined(("site",), _site_names, needs=("site",))


def sites() -> ListSpec:
    """Return the list of sites."""
    return ListSpec(
        "sites",
        say("使用地点"),
        "register.read",
        rows=lambda _scope: Site.objects.all(),
        columns=(
            Column("name", say("名称"), Kind.NAME, "name_zh", operators=BEGINS, is_fixed=True),
            directory.organisation_column("owner", say("单位")),
            directory.region_column(),
            Column("address", say("地址"), path="address_zh"),
            Column("registered_at", say("登记时间"), Kind.MOMENT, "registered_at", sort_path="pk", operators=SPAN,
                   is_sortable=True),
        ),
        sort=Sort("registered_at", is_descending=True),
        also=("name_en", "owner__uscc"),
        joins=(directory.named_organisations("owner"), directory.placed, _both_names),
        search=lambda text: begins_with("name_zh", text),
        search_hint=say("名称开头"),
    )  # fmt: skip


def _standards(scope: Seen) -> QuerySet[MeasurementStandard]:
    """Return the standards of the houses of a scope, each with its newest certificate."""
    newest = StandardCertificate.objects.filter(standard_id=OuterRef("pk")).order_by("-valid_to", "-id")
    names = ("valid_from", "valid_to", "certificate_no", "certified_by", "range_text", "uncertainty_text")
    rows = MeasurementStandard.objects.filter(directory.near(scope, "owner"))
    return rows.annotate(**{f"newest_{name}": Subquery(newest.values(name)[:1]) for name in names})


def standards() -> ListSpec:
    """Return the list of measurement standards, the one that ends first on top."""
    return ListSpec(
        "standards",
        say("计量标准"),
        "register.read",
        rows=_standards,
        columns=(
            Column("code", say("编号"), Kind.CODE, "code", operators=BEGINS, is_sortable=True, is_fixed=True),
            Column("name", say("名称"), Kind.NAME, "name_zh", operators=BEGINS),
            directory.organisation_column("owner", say("机构")),
            directory.category_column(is_shown=False),
            Column("level", say("级别"), Kind.CHOICE, "level", operators=EQUAL, choices=lambda: LEVELS),
            Column("range", say("测量范围"), path="newest_range_text"),
            Column("uncertainty", say("不确定度或等级"), path="newest_uncertainty_text"),
            Column("certificate", say("溯源证书"), Kind.CODE, "newest_certificate_no"),
            Column("certified_by", say("出证机构"), path="newest_certified_by"),
            Column("valid_from", say("起始日期"), Kind.DATE, "newest_valid_from", is_shown=False, is_nullable=True),
            Column("valid_to", say("有效期至"), Kind.DATE, "newest_valid_to", operators=SPAN, is_sortable=True,
                   is_nullable=True),
        ),
        sort=Sort("valid_to"),
        also=("name_en", "owner__institution_code"),
        joins=(directory.named_organisations("owner"), _both_names),
        search=_standards_matching,
        search_hint=say("编号、名称"),
    )  # fmt: skip


def _standards_matching(text: str) -> Q:
    query = read_or_none(text)
    return begins_with("code", text) if query is None else searching.standards_meant(query)


def scopes() -> ListSpec:
    """Return the list of scopes, the one that ends first on top: scopes are published."""
    return ListSpec(
        "scopes",
        say("检定项目"),
        "register.read",
        rows=lambda scope: Scope.objects.filter(directory.near(scope, "institution")),
        columns=(
            Column("authorisation_no", say("授权文件号"), Kind.CODE, "authorisation_no", operators=BEGINS,
                   is_sortable=True, is_fixed=True),
            directory.organisation_column("institution", say("机构")),
            directory.category_column(),
            directory.region_column(),
            Column("range", say("测量范围"), path="range_text"),
            Column("uncertainty", say("不确定度或等级"), path="uncertainty_text", is_shown=False),
            Column("valid_from", say("起始日期"), Kind.DATE, "valid_from", operators=SPAN, is_sortable=True),
            Column("valid_to", say("终止日期"), Kind.DATE, "valid_to", operators=SPAN, is_sortable=True),
        ),
        sort=Sort("valid_to"),
        also=("institution__uscc",),
        joins=(directory.named_organisations("institution"), directory.placed),
        search=lambda text: begins_with("authorisation_no", text),
        search_hint=say("授权文件号开头"),
    )  # fmt: skip
