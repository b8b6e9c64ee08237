"""What the database itself holds for this room: acts are seen by the parties to them, and only grow."""

from plumbline.domain.rows.operations import append_only, row_security, visible_to

OPERATIONS = [
    row_security(
        "journal_act",
        using=visible_to(organisations=["owner_id", "body_id", "organisation_id"], region="region_code"),
    ),
    append_only("journal_act"),
]
