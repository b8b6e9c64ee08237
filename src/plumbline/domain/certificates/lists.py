"""The list of certificates and notices, and what certificates add to the list of instruments."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet
from django.db.models.lookups import Exact

from plumbline.domain.certificates import rules, searching
from plumbline.domain.certificates.models import Certificate, StatusEvent
from plumbline.domain.directory import queries as directory
from plumbline.domain.registers import queries as registers
from plumbline.domain.registers.types import InstrumentFilter
from plumbline.domain.rows.listing.asking import begins_with
from plumbline.domain.rows.listing.spec import (
    BEGINS,
    EQUAL,
    SPAN,
    Choice,
    Column,
    Join,
    Kind,
    ListSpec,
    Operator,
    Sort,
)
from plumbline.domain.rows.searching.asking import read_or_none
from plumbline.domain.rows.types import Scope
from plumbline.errors import say
from plumbline.rulebook import catalogue

KINDS = {"J": Choice(say("检定证书")), "T": Choice(say("检定结果通知书"))}
STATES = {
    "valid": Choice(say("有效"), "ok"),
    "due": Choice(say("已过有效期"), "over"),
    "failed": Choice(say("不合格"), "bad"),
    "revoked": Choice(say("已撤销"), "rev"),
    "superseded": Choice(say("已更换"), "unk"),
    rules.NEVER_ISSUED: Choice(say("压力测试行，没有文件"), "unk"),
}
COUNTED = {"yes": Choice(say("计入")), "no": Choice(say("不计入"))}
MATCHED = (Operator.ONE_OF, Operator.EMPTY)
SERIALS_MOST = 200


def certificates(whole: Join, *, on: date) -> ListSpec:
    """Return the list, the newest issue first. whole: the join that brings each document and its status on a day."""
    return ListSpec(
        "certificates",
        say("证书"),
        "register.read",
        rows=_rows,
        columns=(
            Column("number", say("编号"), Kind.CODE, "number", operators=BEGINS, is_sortable=True, is_fixed=True),
            Column("kind", say("种类"), Kind.CHOICE, "kind", operators=EQUAL, choices=lambda: KINDS),
            Column("instrument", say("器具")),
            Column("site", say("地点")),
            directory.organisation_column("owner", say("单位")),
            directory.organisation_column("body", say("检定机构"), is_shown=False),
            directory.region_column(is_shown=False),
            Column("performed_on", say("检定日期"), Kind.DATE, "performed_on", operators=SPAN, is_sortable=True),
            Column("valid_until", say("有效期至"), Kind.DATE, "valid_until", operators=SPAN, is_sortable=True,
                   is_nullable=True),
            Column("issued_at", say("签发时间"), Kind.MOMENT, "issued_at", operators=SPAN, is_sortable=True,
                   is_shown=False),
            Column("status", say("状态"), Kind.CHOICE, operators=EQUAL, choices=lambda: STATES,
                   where=lambda text: _status(text, on)),
            directory.category_column(path="instrument__category", is_shown=False),
            Column("maker", say("制造单位"), path="instrument__maker", operators=MATCHED, is_shown=False),
            Column("age", say("使用年限"), Kind.INTEGER, operators=EQUAL, where=_aged, is_column=False),
            Column("counted", say("看板的不合格率"), Kind.CHOICE, operators=EQUAL, choices=lambda: COUNTED,
                   where=_counted, is_column=False),
        ),
        sort=Sort("issued_at", is_descending=True),
        joins=(whole, directory.named_organisations("owner", "body"), directory.placed),
        search=_matching,
        search_hint=say("证书编号或其中一段、出厂编号"),
    )  # fmt: skip


def instruments(newest: Join) -> ListSpec:
    """Return the list of instruments with their newest document, brought by the join."""
    return registers.list_of_instruments().extended(
        columns=(
            Column("certificate", say("证书编号"), Kind.CODE, is_shown=False),
            Column("performed_on", say("检定日期"), Kind.DATE, is_shown=False),
            Column("valid_until", say("有效期至"), Kind.DATE),
        ),
        joins=(newest,),
        after="serial",
    )


def _rows(scope: Scope) -> QuerySet[Certificate]:
    """Return the documents of a scope: said again beside row-level security, so that an index on one of them serves."""
    rows = Certificate.objects.all()
    if scope.everything:
        return rows
    parties = Q(owner_id__in=scope.organisations) | Q(body_id__in=scope.organisations)
    return rows.filter(parties | Q(region_code__in=scope.regions) if scope.regions else parties)


def _matching(text: str) -> Q:
    """Return the condition of a number's beginning, or of the instruments of a serial number, found first."""
    held = registers.instruments(InstrumentFilter(text=text), limit=SERIALS_MOST).instruments
    number = begins_with("number", text.upper())
    query = read_or_none(text)
    number = number if query is None else number | searching.meant(query)
    return number | Q(instrument_id__in=[each.id for each in held]) if held else number


def _aged(text: str) -> Q:
    """Return the condition that an instrument was so many whole years old on the day of the document."""
    age = Func(
        F("performed_on"), F("instrument__acquired_on"), template="extract(year from age(%(expressions)s))",
        output_field=IntegerField(),
    )  # fmt: skip
    return Q(Exact(age, int(text)))


def _counted(text: str) -> Q:
    """Return the condition of what the figures count: neither revoked nor replaced, of a category that falls due."""
    revoked = Exists(StatusEvent.objects.filter(certificate_id=OuterRef("pk"), kind="revoked"))
    periodic = [code for code, each in catalogue.categories().items() if each.is_verified_periodically]
    counts = ~Q(revoked) & Q(superseded_by__isnull=True) & Q(instrument__category__in=periodic)
    return counts if text == "yes" else ~counts


def _status(text: str, on: date) -> Q:
    """Return the condition of a status on a day; the words of `rules.status_on`, asked of the database."""
    revoked = Exists(StatusEvent.objects.filter(certificate_id=OuterRef("pk"), kind="revoked"))
    replaced = Q(superseded_by__isnull=False)
    if text == rules.NEVER_ISSUED:
        return Q(is_load_test=True)
    if text == "revoked":
        return Q(revoked)
    if text == "superseded":
        return ~Q(revoked) & replaced
    standing = Q(is_load_test=False) & ~Q(revoked) & ~replaced
    passed = {"failed": Q(kind="T"), "due": Q(valid_until__lt=on), "valid": Q(valid_until__gte=on)}
    return standing & passed[text]
