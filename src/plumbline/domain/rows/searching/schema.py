"""Migration operations that let rows of a table be found: by what they are called, and by pieces of their numbers.

Both are kept by triggers of whole statements, so that a row written by an action, by COPY or by hand is found alike.
"""
# ruff: noqa: S608  # names of tables and columns are named by migrations, never by a file; values are bound

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db.migrations.operations import RunSQL

TAIL = 8
"""Of a long piece the index is asked for its end alone, which tells numbers apart: beginnings are common to many."""
LOOKED_AT = 2_000
"""How many rows that hold a piece are looked at; where none of the scope's is among them, that is said."""
COMMON = 50_000
"""What is held by more rows than these is too common a piece to be looked up."""
_BEHIND = "security definer set search_path = public, pg_temp"
_EVERYTHING = "select set_config('plumbline.everything', 'on', true)"
_NOTHING = "select set_config('plumbline.everything', '', true)"


def called_by(table: str, *columns: str) -> RunSQL:
    """Return the operation that notes what rows of a table are called, as phrases of the kind `table.column`."""
    notes = "".join(
        f"perform rows_note('{table}.{column}', array(select distinct {column} from fresh where {column} <> ''));"
        for column in columns
    )
    present = "".join(
        f"select rows_note('{table}.{column}', array(select distinct {column} from {table} where {column} <> ''));"
        for column in columns
    )
    return RunSQL(
        f"""
        create function {table}_called() returns trigger language plpgsql {_BEHIND} as $$
        begin {notes} return null; end $$;
        create trigger {table}_called_new after insert on {table} referencing new table as fresh
            for each statement execute function {table}_called();
        create trigger {table}_called_anew after update on {table} referencing new table as fresh
            for each statement execute function {table}_called();
        {_EVERYTHING}; {present} {_NOTHING};
        """,
        f"drop trigger {table}_called_new on {table}; drop trigger {table}_called_anew on {table};"
        f"drop function {table}_called;",
    )


def numbered_by(table: str, *columns: str) -> RunSQL:
    """Return the operation that keeps the numbers of rows for search by any piece of them.

    The numbers stand folded beside the table without saying whose they are; the application has no right to them, it
    asks `<table>_numbered(piece, most)`, which gives ids of rows that the running scope may see: the table itself is
    asked under its own row-level security. A null after them says that it gave up on a piece that very many hold.
    """
    beside = f"{table}_number"
    folded = "concat_ws(' ', " + ", ".join(f"nullif(rows_folded({column}), '')" for column in columns) + ")"
    fresh = f"insert into {beside} select id, {folded} from fresh where {folded} <> '';"
    is_other = " or ".join(f"before.{column} is distinct from fresh.{column}" for column in columns)
    return RunSQL(
        f"""
        create table {beside} (id uuid not null, folded text collate "C" not null);
        {_EVERYTHING}; insert into {beside} select id, {folded} from {table} where {folded} <> ''; {_NOTHING};
        create index {beside}_piece on {beside} using gin (folded gin_trgm_ops) with (gin_pending_list_limit = 256);
        create index {beside}_row on {beside} (id);
        alter table {beside} alter column folded set statistics 1000;
        create function {table}_number_new() returns trigger language plpgsql {_BEHIND} as $$
        begin {fresh} return null; end $$;
        create function {table}_number_anew() returns trigger language plpgsql {_BEHIND} as $$
        begin
            if exists (select from before join fresh using (id) where {is_other}) then
                delete from {beside} where id in (select id from fresh);
                {fresh}
            end if;
            return null;
        end $$;
        create trigger {table}_number_new after insert on {table} referencing new table as fresh
            for each statement execute function {table}_number_new();
        create trigger {table}_number_anew after update on {table} referencing old table as before new table as fresh
            for each statement execute function {table}_number_anew();
        {_asked(table)}
        do $$ begin
            if exists (select from pg_roles where rolname = '{settings.PLUMBLINE_APP_ROLE}') then
                execute 'revoke all on {beside} from {settings.PLUMBLINE_APP_ROLE}';
            end if; end $$;
        """,
        f"drop function {table}_numbered; drop trigger {table}_number_new on {table};"
        f"drop trigger {table}_number_anew on {table}; drop function {table}_number_new;"
        f"drop function {table}_number_anew; drop table {beside};",
    )


def asked_by_number(table: str) -> RunSQL:
    """Return the operation that writes the function of `numbered_by` anew, where an older one stands."""
    return RunSQL(_asked(table), RunSQL.noop)


def _asked(table: str) -> str:
    """Return what makes `<table>_numbered`. Rows that hold a piece are looked up once; of a piece that more rows hold
    than COMMON, as the planner estimates, none is: the index would read all of them to give a few."""
    beside = f"{table}_number"
    pattern = f"'%' || right(rows_folded(piece), {TAIL}) || '%'"
    return f"""
        create or replace function {table}_numbered(piece text, most int) returns setof uuid language plpgsql volatile
            {_BEHIND} set plan_cache_mode = force_custom_plan as $$
        #variable_conflict use_column
        declare plan json; held uuid[]; found int;
        begin
            execute format('explain (format json) select from {beside} where folded like %L', {pattern}) into plan;
            if (plan #>> '{{0,Plan,Plan Rows}}')::float8 > {COMMON} then
                return next null;
                return;
            end if;
            held := array(select id from {beside} where folded like {pattern}
                             and strpos(folded, rows_folded(piece)) > 0 limit {LOOKED_AT});
            return query select id from unnest(held) h(id) where exists (select from {table} t where t.id = h.id)
                          limit most;
            get diagnostics found = row_count;
            if found < most and cardinality(held) = {LOOKED_AT} then return next null; end if;
        end $$;
    """


def kinds(table: str, columns: Sequence[str]) -> list[str]:
    """Return the kinds under which `called_by` noted phrases of some columns."""
    return [f"{table}.{column}" for column in columns]
