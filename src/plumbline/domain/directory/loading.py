"""Brings the tables of regions to the state of the rulebook: one statement a table, nothing rewritten that is there."""
# ruff: noqa: S608  # names of tables and columns are this module's own, never a file's; values are bound

from __future__ import annotations

import json
from datetime import date, datetime

from django.db import connection

from plumbline.domain.directory import queries
from plumbline.domain.rows.models import new_id
from plumbline.rulebook import regions


def load_divisions(at: datetime) -> int:
    """Bring the table of regions to the rulebook's state by one statement; returns how many rows changed."""
    moved = {move.predecessor: move for move in regions.moves() if move.share == regions.ALL}
    begun = {move.successor: move.day for move in regions.moves() if move.day}
    rows = [
        _division_row(division, moved.get(division.code), begun=begun.get(division.code))
        for division in regions.divisions()
    ]
    columns = (
        "id, code, level, name, parent_code, first_edition, last_edition, last_year, is_current, valid_from, valid_to,"
        " successor_code, change_source"
    )
    changing = columns.removeprefix("id, code, level, name, ")
    excluded = ", ".join(f"excluded.{column}" for column in changing.split(", "))
    stored = ", ".join(f"r.{column}" for column in changing.split(", "))
    statement = f"""
        insert into directory_region as r ({columns}, loaded_at)
        select {columns}, %s from jsonb_to_recordset(%s::jsonb) as x (
            id uuid, code text, level smallint, name text, parent_code text, first_edition text, last_edition text,
            last_year smallint, is_current boolean, valid_from date, valid_to date, successor_code text,
            change_source text)
        on conflict (code, level, name) do update set ({changing}, loaded_at) = ({excluded}, excluded.loaded_at)
        where ({stored}) is distinct from ({excluded})
        """
    return _run(statement, [at, json.dumps(rows)])


def _division_row(division: regions.Division, moved: regions.Move | None, *, begun: date | None) -> dict[str, object]:
    move = None if division.is_current else moved
    is_new = division.first_edition == regions.EDITIONS[-1]
    return {
        "id": str(new_id()),
        "code": division.code,
        "level": division.level,
        "name": division.name,
        "parent_code": division.parent,
        "first_edition": division.first_edition,
        "last_edition": division.last_edition,
        "last_year": regions.edition_year(division.last_edition),
        "is_current": division.is_current,
        "valid_from": str(begun) if is_new and begun else None,
        "valid_to": str(date.fromordinal(move.day.toordinal() - 1)) if move and move.day else None,
        "successor_code": move.successor if move else "",
        "change_source": move.source if move else "",
    }


def load_successions() -> int:
    """Bring the table of successions to the rulebook's state by one statement; returns how many rows changed."""
    rows = [
        {
            "id": str(new_id()),
            "predecessor_code": move.predecessor,
            "successor_code": move.successor,
            "share": move.share,
            "name_zh": move.zh,
            "name_en": move.en,
            "year": move.year,
            "day": str(move.day) if move.day else None,
            "source": move.source,
        }
        for move in regions.moves()
    ]
    statement = """
        insert into directory_succession as r
            (id, predecessor_code, successor_code, share, name_zh, name_en, year, day, source)
        select * from jsonb_to_recordset(%s::jsonb) as x (
            id uuid, predecessor_code text, successor_code text, share text, name_zh text, name_en text, year smallint,
            day date, source text)
        on conflict (predecessor_code, successor_code) do update
            set (share, name_zh, name_en, year, day, source)
              = (excluded.share, excluded.name_zh, excluded.name_en, excluded.year, excluded.day, excluded.source)
        where (r.share, r.name_zh, r.name_en, r.year, r.day, r.source) is distinct from
              (excluded.share, excluded.name_zh, excluded.name_en, excluded.year, excluded.day, excluded.source)
        """
    return _run(statement, [json.dumps(rows)])


def _run(statement: str, values: list[datetime | str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        queries.forget_divisions()
        return int(cursor.rowcount)
