"""What the database itself holds for this room: records are seen by the parties and the area; a raw record only grows."""

from plumbline.domain.rows.operations import append_only, row_security, visible_to

_PARTIES = visible_to(organisations=["owner_id", "body_id"], region="region_code")
OPERATIONS = [
    row_security("laboratory_job", using=_PARTIES),
    row_security("laboratory_draft", using=visible_to(organisations=["body_id"])),
    row_security("laboratory_rawrecord", using=_PARTIES),
    append_only("laboratory_rawrecord"),
]
