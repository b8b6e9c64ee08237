"""What the database itself holds for this room: statements belong to their organisation; the log only grows.

Leaves, entries and checkpoints are public and hold no personal data, so they have no row-level security.
"""

from django.db.migrations.operations import RunSQL

from plumbline.domain.rows.operations import append_only, row_security, visible_to

OPERATIONS = [
    RunSQL(
        "alter table ledger_queueitem add column xid xid8 not null default pg_current_xact_id();"
        "create index ledger_queueitem_commit_order on ledger_queueitem (xid, id);",
        "alter table ledger_queueitem drop column xid;",
    ),
    row_security("ledger_statement", using=visible_to(organisations=["organisation_id"]), check="true"),
    *[append_only(f"ledger_{table}") for table in ("statement", "queueitem", "entry", "checkpoint")],
]
