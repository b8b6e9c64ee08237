"""What the database itself holds for this room: who sees what exists, and which facts only grow.

Instruments and sites are seen by their owner, by the offices of their area, by an institution in whose scope they lie, and
an instrument also by whoever holds its public code. Measurement standards, scopes and attestations are no secret (scopes
are published, standards stand on certificates): whoever has any scope at all reads them; only their owner, or for scopes
the offices of the area, may write them.
"""
# ruff: noqa: S608  # names of tables and columns are this module's own, never a file's; values are bound

from django.db.migrations.operations import RunSQL

from plumbline.domain.rows.operations import append_only, row_security, visible_to

_ORGANISATIONS = "(select string_to_array(nullif(current_setting('plumbline.organisations', true), ''), ',')::uuid[])"
# Uncorrelated, so that it is answered once a statement and hashed.
_AREAS = f"select unnest(region_codes) from registers_scope where institution_id = any({_ORGANISATIONS}::uuid[])"
_ITEMS = (
    f"select category, unnest(region_codes) from registers_scope where institution_id = any({_ORGANISATIONS}::uuid[])"
)
_ANYBODY = (
    "(select coalesce(current_setting('plumbline.everything', true), '') = 'on'"
    " or nullif(current_setting('plumbline.organisations', true), '') is not null"
    " or nullif(current_setting('plumbline.regions', true), '') is not null"
    " or nullif(current_setting('plumbline.lookup', true), '') is not null)"
)
_SITE = f"{visible_to(organisations=['owner_id'], region='region_code')} or region_code in ({_AREAS})"
_INSTRUMENT = (
    f"{visible_to(organisations=['owner_id'], region='region_code', lookups=['lookup_code'])}"
    f" or (category, region_code) in ({_ITEMS})"
)
_INSTRUMENT_WRITE = (
    f"{visible_to(organisations=['owner_id'], region='region_code')} or (category, region_code) in ({_ITEMS})"
)


def _changed_only_by(table: str, who: str) -> RunSQL:
    """Return the operation that lets only some change or delete a row that many read."""
    return RunSQL(
        f"create policy {table}_change on {table} as restrictive for update using ({who});"
        f"create policy {table}_delete on {table} as restrictive for delete using ({who});",
        f"drop policy {table}_change on {table}; drop policy {table}_delete on {table};",
    )


_OWN = visible_to(organisations=["owner_id"])
_AREA = visible_to(region="region_code")
OPERATIONS = [
    row_security("registers_scope", using=_ANYBODY, check=_AREA),
    append_only("registers_scope"),
    row_security("registers_site", using=_SITE),
    row_security("registers_instrument", using=_INSTRUMENT, check=_INSTRUMENT_WRITE),
    _changed_only_by("registers_instrument", _INSTRUMENT_WRITE),
    row_security("registers_measurementstandard", using=_ANYBODY, check=_OWN),
    _changed_only_by("registers_measurementstandard", _OWN),
    row_security("registers_standardcertificate", using=_ANYBODY, check=_OWN),
    append_only("registers_standardcertificate"),
    row_security("registers_attestation", using=_ANYBODY),
    append_only("registers_attestation"),
]
