"""Counts the cells of the figures: for the parts that changed, or all of them, by the same statements.

A part is a county and a category, or a county and a month. What is stale is taken first and counted after: a change
that commits in between has marked its part again, and is counted by the next turn. Tests ask whether it equals a whole
recount.
"""
# ruff: noqa: S608  # names of tables and columns are this module's own; values are bound

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from plumbline.domain.indicators.models import Refresh
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.rulebook import procedures

LOCK = 0x696E6469  # one counter for one database, whatever the number of processes
PARTS_A_TURN = 500
LAST = UUID(int=1)
"""The key of the one row that says when the figures were last counted."""

# The newest document of each instrument that nothing replaced, as `certificates.queries.current_of` chooses it; also of
# those that were counted here and lie elsewhere now.
_STANDING = """
    insert into indicators_standing
        (instrument_id, owner_id, region_code, category, state, standing, valid_until, certificate_id)
    select i.id, i.owner_id, i.region_code, i.category, i.state,
           case when c.id is null then 'never' when c.is_revoked then 'revoked' when c.kind = 'T' then 'failed'
                else 'passed' end,
           case when c.is_revoked then null else c.valid_until end, c.id
      from (select i.id from stale_part p
              join registers_instrument i on i.region_code = p.region_code and i.category = p.part
            union
            select s.instrument_id from stale_part p
              join indicators_standing s on s.region_code = p.region_code and s.category = p.part) touched
      join registers_instrument i using (id)
      left join lateral (
           select c.id, c.kind, c.valid_until,
                  exists (select from certificates_statusevent e
                           where e.certificate_id = c.id and e.kind = 'revoked') as is_revoked
             from certificates_certificate c
            where c.instrument_id = i.id
              and not exists (select from certificates_certificate n where n.supersedes_id = c.id)
            order by c.performed_on desc, c.id desc limit 1) c on true
    on conflict (instrument_id) do update set
        owner_id = excluded.owner_id, region_code = excluded.region_code, category = excluded.category,
        state = excluded.state, standing = excluded.standing, valid_until = excluded.valid_until,
        certificate_id = excluded.certificate_id
    where (indicators_standing.owner_id, indicators_standing.region_code, indicators_standing.category,
           indicators_standing.state, indicators_standing.standing, indicators_standing.valid_until,
           indicators_standing.certificate_id)
        is distinct from (excluded.owner_id, excluded.region_code, excluded.category, excluded.state,
           excluded.standing, excluded.valid_until, excluded.certificate_id)
"""
_COVERAGE = """
    insert into indicators_coverage (region_code, category, state, standing, days, until, count)
    select region_code, category, state, standing,
           coalesce(array_agg(valid_until order by valid_until) filter (where valid_until is not null), '{}'),
           coalesce(array_agg(until order by valid_until) filter (where valid_until is not null), '{}'), sum(count)
      from (select s.region_code, s.category, s.state, s.standing, s.valid_until, count(*),
                   sum(count(*)) over (partition by s.region_code, s.category, s.state, s.standing
                                       order by s.valid_until) as until
              from stale_part p join indicators_standing s on s.region_code = p.region_code and s.category = p.part
             group by 1, 2, 3, 4, 5) by_day
     group by 1, 2, 3, 4
"""
_MEASURED = """
    insert into indicators_measured (region_code, month, body_id, category, cut, value, kind, count)
    select d.region_code, d.month, d.body_id, d.category, case when grouping(d.maker) = 0 then 'maker' else 'age' end,
           case when grouping(d.maker) = 0 then d.maker else d.age end, d.kind, count(*)
      from (select c.region_code, date_trunc('month', c.performed_on)::date as month, c.body_id, i.category, i.maker,
                   coalesce((extract(year from age(c.performed_on, i.acquired_on))::int)::text, '') as age, c.kind
              from stale_part p
              join certificates_certificate c on c.region_code = p.region_code
               and c.performed_on >= (p.part || '-01')::date
               and c.performed_on < (p.part || '-01')::date + interval '1 month'
              join registers_instrument i on i.id = c.instrument_id
             where not exists (select from certificates_certificate n where n.supersedes_id = c.id)
               and not exists (select from certificates_statusevent e
                                where e.certificate_id = c.id and e.kind = 'revoked')) d
     group by grouping sets ((1, 2, 3, 4, d.maker, 7), (1, 2, 3, 4, d.age, 7))
"""
_HANDLED = """
    insert into indicators_handled
        (region_code, month, body_id, procedure, state, due_on, ended_month, is_on_time, closed_month, opened_on, count)
    select c.region_code, (c.part || '-01')::date, c.body_id, c.procedure, c.state, c.due_on,
           date_trunc('month', c.met_on)::date, c.met_on <= c.limit_on,
           date_trunc('month', c.ended_at at time zone 'Asia/Shanghai')::date,
           case when c.ended_at is null then (c.opened_at at time zone 'Asia/Shanghai')::date end, count(*)
      from stale_case c
     group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
"""
_TIMED = """
    insert into indicators_timed
        (region_code, month, body_id, procedure, clock, due_on, met_month, is_on_time, count)
    select c.region_code, (c.part || '-01')::date, c.body_id, c.procedure, k.name, k.due_on,
           date_trunc('month', k.met_on)::date, k.met_on <= k.limit_on, count(*)
      from stale_case c join cases_caseclock k on k.case_id = c.id
     group by 1, 2, 3, 4, 5, 6, 7, 8
"""
# The days between an act and the next, summed by the step the first has led to; only steps a case has left.
_STAYS = """
    insert into indicators_stays (region_code, month, body_id, procedure, step, days, count)
    select region_code, (part || '-01')::date, body_id, procedure, step, days, count(*)
      from (select region_code, part, body_id, procedure, id, step, sum(days)::int as days
              from (select c.id, c.region_code, c.part, c.body_id, c.procedure, c.step as now, c.ended_at, s.step,
                           (lead(a.at) over story at time zone 'Asia/Shanghai')::date
                           - (a.at at time zone 'Asia/Shanghai')::date as days
                      from stale_case c
                      join journal_act a on a.subject_id = c.id
                      join step_of s on s.procedure = c.procedure and s.edition = c.edition
                       and s.state = a.data->>'to'
                    window story as (partition by c.id order by a.sequence)) stay
             where days is not null and (ended_at is not null or step <> now)
             group by 1, 2, 3, 4, 5, 6) spent
     group by 1, 2, 3, 4, 5, 6
"""
_CASES = """
    insert into stale_case
    select c.id, c.region_code, p.part, c.body_id, c.procedure, c.edition, c.state, s.step, c.due_on, c.limit_on,
           c.met_on, c.opened_at, c.ended_at
      from stale_part p
      join cases_case c on c.region_code = p.region_code
       and c.opened_at >= ((p.part || '-01')::timestamp at time zone 'Asia/Shanghai')
       and c.opened_at < (((p.part || '-01')::date + interval '1 month') at time zone 'Asia/Shanghai')
      left join step_of s on (s.procedure, s.edition, s.state) = (c.procedure, c.edition, c.state)
"""
_STEPS = """
    insert into step_of
    select * from unnest(%(procedures)s::text[], %(editions)s::text[], %(states)s::text[], %(steps)s::text[])
"""


@dataclass(frozen=True)
class _Figure:
    """Some tables of cells divided alike: how the part of a row is written, what writes the rows of the parts that are
    stale, and the columns of each table; the first is called as the figure."""

    name: str
    part: str
    fill: tuple[str, ...]
    everything: str
    tables: Mapping[str, str]

    def forget(self) -> list[str]:
        """Return the statements that throw the cells of the stale parts away."""
        return [
            f"delete from indicators_{table} t using stale_part p"
            f" where t.region_code = p.region_code and {self.part} = p.part"
            for table in self.tables
        ]


_BY_MONTH = "to_char(t.month, 'YYYY-MM')"
FIGURES = (
    _Figure(
        "coverage",
        "t.category",
        (_STANDING, _COVERAGE),
        "select region_code, category from registers_instrument",
        {"coverage": "region_code, category, state, standing, days, until, count"},
    ),
    _Figure(
        "measured",
        _BY_MONTH,
        (_MEASURED,),
        "select region_code, to_char(performed_on, 'YYYY-MM') from certificates_certificate",
        {"measured": "region_code, month, body_id, category, cut, value, kind, count"},
    ),
    _Figure(
        "handled",
        _BY_MONTH,
        ("truncate stale_case", _CASES, "analyze stale_case", _HANDLED, _TIMED, _STAYS),
        "select region_code, to_char(opened_at at time zone 'Asia/Shanghai', 'YYYY-MM') from cases_case",
        {
            "handled": "region_code, month, body_id, procedure, state, due_on, ended_month, is_on_time, closed_month,"
            " opened_on, count",
            "timed": "region_code, month, body_id, procedure, clock, due_on, met_month, is_on_time, count",
            "stays": "region_code, month, body_id, procedure, step, days, count",
        },
    ),
)

_TABLES = (
    "create temp table if not exists stale_part (region_code text, part text, primary key (region_code, part))",
    """
    create temp table if not exists stale_case (id uuid primary key, region_code text, part text, body_id uuid,
        procedure text, edition text, state text, step text, due_on date, limit_on date, met_on date,
        opened_at timestamptz, ended_at timestamptz)
    """,
    """
    create temp table if not exists step_of (procedure text, edition text, state text, step text,
        primary key (procedure, edition, state))
    """,
    "truncate step_of",
)
_TAKE = """
    with wanted as (select distinct region_code, part from indicators_stale where figure = %(figure)s limit %(most)s),
         taken as (delete from indicators_stale s using wanted w
                    where s.figure = %(figure)s and s.region_code = w.region_code and s.part = w.part
                returning s.region_code, s.part)
    insert into stale_part select distinct region_code, part from taken
"""


@transaction.atomic
def count_stale(*, at: datetime, most: int = PARTS_A_TURN) -> int:
    """Count anew at most so many stale parts of each figure; returns how many there were. 0 while another counts."""
    with scoped(EVERYTHING), connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [LOCK])
        if cursor.fetchone() != (True,):
            return 0
        done = 0
        for statement in _TABLES:
            cursor.execute(statement)
        cursor.execute(_STEPS, _steps())
        cursor.execute("analyze step_of")
        for figure in FIGURES:
            cursor.execute("truncate stale_part")
            cursor.execute(_TAKE, {"figure": figure.name, "most": most})
            if cursor.rowcount:
                done += cursor.rowcount
                cursor.execute("analyze stale_part")
                for statement in (*figure.forget(), *figure.fill):
                    cursor.execute(statement)
        Refresh.objects.update_or_create(pk=LAST, defaults={"at": at, "parts": done})
        return done


def _steps() -> dict[str, list[str]]:
    """Return the step of each state of every edition, as columns."""
    rows = [
        (each.id, each.edition, state.name, state.step)
        for each in procedures.all_editions()
        for state in each.states.values()
    ]
    return dict(zip(("procedures", "editions", "states", "steps"), map(list, zip(*rows, strict=True)), strict=True))


def call_everything_stale() -> None:
    """Mark every part stale: those the facts have, and those the cells have."""
    with scoped(EVERYTHING), connection.cursor() as cursor:
        for figure in FIGURES:
            cursor.execute(
                f"insert into indicators_stale (figure, region_code, part) select %s, * from ({figure.everything}"
                f" union select region_code, {figure.part} from indicators_{figure.name} t) parts",
                [figure.name],
            )


@transaction.atomic
def count_everything(*, at: datetime) -> dict[str, int]:
    """Count all of it anew and return, by table of cells, how many cells differ from those that were kept.

    What was stale before is counted first, so that only what the marks have missed differs.
    """
    while count_stale(at=at):
        pass
    kept = {table: columns for figure in FIGURES for table, columns in figure.tables.items()}
    with scoped(EVERYTHING), connection.cursor() as cursor:
        for name, columns in kept.items():
            cursor.execute(f"drop table if exists kept_{name}")
            cursor.execute(f"create temp table kept_{name} on commit drop as select {columns} from indicators_{name}")
        call_everything_stale()
        while count_stale(at=at):
            pass
        return {name: _differing(name, columns) for name, columns in kept.items()}


def _differing(name: str, columns: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"select count(*) from ((select {columns} from indicators_{name} except all select * from kept_{name})"
            f" union all (select * from kept_{name} except all select {columns} from indicators_{name})) d"
        )
        return int((cursor.fetchone() or (0,))[0])
