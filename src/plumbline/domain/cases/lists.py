"""The list of cases: those under way unless more is asked, the latest limit missed first."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import F, Q, QuerySet

from plumbline.domain.cases import searching
from plumbline.domain.cases.models import Case
from plumbline.domain.directory import queries as directory
from plumbline.domain.rows.listing.asking import begins_with
from plumbline.domain.rows.listing.spec import (
    BEGINS,
    EQUAL,
    SPAN,
    Choice,
    Column,
    Condition,
    Join,
    Kind,
    ListSpec,
    Operator,
    Sort,
)
from plumbline.domain.rows.searching.asking import read_or_none
from plumbline.domain.rows.types import Scope
from plumbline.errors import Term, say
from plumbline.rulebook import procedures

OPEN, ENDED, ALL = "open", "ended", "all"
PHASES = {OPEN: Choice(say("在办"), "run"), ENDED: Choice(say("办结或撤回"), "unk"), ALL: Choice(say("全部"))}

MET = {
    "on_time": Choice(say("按期办成"), "ok"),
    "too_late": Choice(say("超期办成"), "bad"),
    "unknown": Choice(say("办成，没有计时限"), "unk"),
}


def procedures_there_are() -> Mapping[str, Choice]:
    """Return every procedure."""
    return {key: Choice(Term(each.zh, each.en)) for key, each in procedures.all_procedures().items()}


def states() -> Mapping[str, Choice]:
    """Return the states of every procedure."""
    return {
        name: Choice(Term(state.zh, state.en))
        for procedure in procedures.all_procedures().values()
        for name, state in procedure.states.items()
    }


def _rows(scope: Scope) -> QuerySet[Case]:
    """Return the cases of a scope: said again beside row-level security, so that an index on one of them serves."""
    rows = Case.objects.all()
    if scope.everything:
        return rows
    parties = Q(owner_id__in=scope.organisations) | Q(body_id__in=scope.organisations)
    return rows.filter(parties | Q(region_code__in=scope.regions) if scope.regions else parties)


def _matching(text: str) -> Q:
    query = read_or_none(text)
    start = begins_with("number", text) | begins_with("title", text)
    return start if query is None else start | searching.meant(query)


def cases(facts: Join) -> ListSpec:
    """Return the list of cases. facts: the join that brings each case whole, as `case`."""
    people = (("verifier", say("检定员")), ("checker", say("核验员")), ("approver", say("批准人")))
    return ListSpec(
        "cases",
        say("业务"),
        "case.read",
        rows=_rows,
        columns=(
            Column("number", say("业务号"), Kind.CODE, "number", operators=BEGINS, is_sortable=True, is_fixed=True),
            Column("phase", say("进度"), Kind.CHOICE, "ended_at", operators=EQUAL, choices=lambda: PHASES,
                   where=_phase, is_nullable=True, is_column=False),
            Column("procedure", say("程序"), Kind.CHOICE, "procedure", operators=EQUAL, choices=procedures_there_are,
                   is_shown=False),
            Column("title", say("地点"), path="title", operators=BEGINS),
            directory.organisation_column("owner", say("单位")),
            directory.organisation_column("body", say("承办机构"), is_shown=False),
            directory.region_column(is_shown=False),
            Column("state", say("状态"), Kind.CHOICE, "state", operators=EQUAL, choices=states),
            Column("opened_at", say("申请时间"), Kind.MOMENT, "opened_at", operators=SPAN, is_sortable=True,
                   is_shown=False),
            Column("due_on", say("到期"), Kind.DATE, "due_on", operators=(*SPAN, Operator.EMPTY), is_sortable=True,
                   is_nullable=True),
            Column("ended_at", say("办结时间"), Kind.MOMENT, "ended_at", operators=SPAN, is_sortable=True,
                   is_nullable=True, is_shown=False),
            Column("met_on", say("办成日期"), Kind.DATE, "met_on", operators=SPAN, is_nullable=True, is_shown=False),
            Column("met", say("时限"), Kind.CHOICE, operators=EQUAL, choices=lambda: MET, where=_met, is_column=False),
            *[Column(name, title, Kind.NAME, f"{name}_id", is_nullable=True, is_shown=False)
              for name, title in people],
        ),
        sort=Sort("due_on"),
        also=("sequence",),
        joins=(facts, directory.named_organisations("owner", "body"), directory.placed,
               directory.named_people("verifier", "checker", "approver")),
        search=_matching,
        search_hint=say("业务号或其中一段、地点、单位"),
        yields=("number", "state", "ended_at", "met"),
        usual=(Condition("phase", Operator.ONE_OF, (OPEN,)),),
    )  # fmt: skip


def _phase(text: str) -> Q:
    return Q() if text == ALL else Q(ended_at__isnull=text == OPEN)


def _met(text: str) -> Q:
    done = Q(met_on__isnull=False)
    return {
        "on_time": done & Q(met_on__lte=F("limit_on")),
        "too_late": done & Q(met_on__gt=F("limit_on")),
        "unknown": done & Q(limit_on__isnull=True),
    }[text]
