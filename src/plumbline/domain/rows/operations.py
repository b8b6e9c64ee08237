"""Migration operations for what must never be false: who sees a row, and which tables only grow.

Row-level security is keyed on settings that live for one transaction (see `scope`); a connection without them
sees nothing. Append-only tables lose UPDATE, DELETE and TRUNCATE for the application role (the guard) and get
a trigger that says so in words (a convenience: the owner could disable it; the defence is the log's audit).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db.migrations.operations import RunSQL

_EVERYTHING = "(select coalesce(current_setting('plumbline.everything', true), '') = 'on')"
_ORGANISATIONS = "(select string_to_array(nullif(current_setting('plumbline.organisations', true), ''), ',')::uuid[])"
_REGIONS = "(select string_to_array(nullif(current_setting('plumbline.regions', true), ''), ','))"
_LOOKUP = "(select nullif(current_setting('plumbline.lookup', true), ''))"


def visible_to(*, organisations: Sequence[str] = (), region: str | None = None, lookups: Sequence[str] = ()) -> str:
    """Return the SQL condition under which a row is visible.

    organisations: columns with ids of organisations that see the row; region: column with a region code;
    lookups: columns with a public code that opens the row to whoever holds it.
    """
    parts = [_EVERYTHING]
    parts += [f"{column} = any({_ORGANISATIONS}::uuid[])" for column in organisations]
    parts += [f"{region} = any({_REGIONS}::text[])"] if region else []
    parts += [f"{column} = {_LOOKUP}" for column in lookups]
    return " or ".join(parts)


def row_security(table: str, *, using: str, check: str | None = None) -> RunSQL:
    """Return the operation that puts `table` under row-level security, for its owner too."""
    return RunSQL(
        f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
        create policy {table}_scope on {table} using ({using}) with check ({check or using});
        """,
        f"drop policy {table}_scope on {table}; alter table {table} no force row level security; "
        f"alter table {table} disable row level security;",
    )


def append_only(table: str) -> RunSQL:
    """Return the operation that lets `table` only grow."""
    role = settings.PLUMBLINE_APP_ROLE
    return RunSQL(
        f"""
        create or replace function plumbline_refuse_change() returns trigger language plpgsql as $$
        begin raise exception 'table % only grows: add a correcting row instead', tg_table_name
              using errcode = 'integrity_constraint_violation'; end $$;
        create trigger {table}_only_grows before update or delete or truncate on {table}
            for each statement execute function plumbline_refuse_change();
        do $$ begin
            if exists (select from pg_roles where rolname = '{role}') then
                execute 'revoke update, delete, truncate on {table} from {role}';
            end if; end $$;
        """,  # noqa: S608  # the table is named by a migration, the role by the settings
        f"drop trigger {table}_only_grows on {table};",
    )
