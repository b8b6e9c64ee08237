"""What the database itself holds for this room: a case is seen by its owner, its body and the authorities of its area."""

from django.db.migrations.operations import RunSQL

from plumbline.domain.rows.operations import row_security, visible_to

OPERATIONS = [
    RunSQL("create sequence cases_case_serials", "drop sequence cases_case_serials"),
    row_security("cases_case", using=visible_to(organisations=["owner_id", "body_id"], region="region_code")),
]
