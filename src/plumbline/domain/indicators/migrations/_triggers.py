"""What marks a figure as stale: triggers on the tables of the facts, one statement each, whatever changed them.

They see every row while they run, so that who may change a row but not see its neighbour still marks it; all they ever
write is the name of a county and of a category or month.
"""
# ruff: noqa: S608  # names of tables and columns are this module's own; nothing is a value

from django.db.migrations.operations import RunSQL


def _stale(figure: str, part: str, rows: str) -> str:
    """Return the statement that marks the parts of some rows; `f` names where county and part are read."""
    return f"insert into indicators_stale (figure, region_code, part) select distinct '{figure}', {part} from {rows};"


_CATEGORY = "f.region_code, f.category"
_PERFORMED = "f.region_code, to_char(f.performed_on, 'YYYY-MM')"
_OPENED = "f.region_code, to_char(f.opened_at at time zone 'Asia/Shanghai', 'YYYY-MM')"
_NAMED = "join certificates_certificate f on f.id"
_INSTRUMENT_OF = "join registers_instrument f on f.id"
_COUNTED_OTHERWISE = (
    "new_rows n join old_rows o using (id) join certificates_certificate f on f.instrument_id = n.id"
    " where (n.category, n.maker, n.acquired_on) is distinct from (o.category, o.maker, o.acquired_on)"
)
_OF_DOCUMENT = (
    "new_rows n join certificates_certificate c on c.id = n.certificate_id"
    " join registers_instrument f on f.id = c.instrument_id"
)
_MARKS = (
    ("registers_instrument", "insert", _stale("coverage", _CATEGORY, "new_rows f")),
    (
        "registers_instrument",
        "update",
        _stale("coverage", _CATEGORY, "(select * from new_rows union all select * from old_rows) f")
        + _stale("measured", _PERFORMED, _COUNTED_OTHERWISE),
    ),
    (
        "certificates_certificate",
        "insert",
        _stale("coverage", _CATEGORY, f"new_rows n {_INSTRUMENT_OF} = n.instrument_id")
        + _stale("measured", _PERFORMED, "new_rows f")
        + _stale("measured", _PERFORMED, f"new_rows n {_NAMED} = n.supersedes_id"),
    ),
    (
        "certificates_statusevent",
        "insert",
        _stale("coverage", _CATEGORY, _OF_DOCUMENT)
        + _stale("measured", _PERFORMED, f"new_rows n {_NAMED} = n.certificate_id"),
    ),
    ("cases_case", "insert", _stale("handled", _OPENED, "new_rows f")),
    (
        "cases_case",
        "update",
        _stale("handled", _OPENED, "(select * from new_rows union all select * from old_rows) f"),
    ),
)


def _made(table: str, event: str, statements: str) -> RunSQL:
    name = f"indicators_{table}_{event}"
    seen = "new table as new_rows" + (" old table as old_rows" if event == "update" else "")
    return RunSQL(
        f"""
        create function {name}() returns trigger language plpgsql as $$
        declare before text := coalesce(current_setting('plumbline.everything', true), '');
        begin
            perform set_config('plumbline.everything', 'on', true);
            {statements}
            perform set_config('plumbline.everything', before, true);
            return null;
        end $$;
        create trigger {name} after {event} on {table} referencing {seen}
            for each statement execute function {name}();
        """,
        f"drop trigger {name} on {table}; drop function {name}();",
    )


OPERATIONS = [_made(*mark) for mark in _MARKS]
