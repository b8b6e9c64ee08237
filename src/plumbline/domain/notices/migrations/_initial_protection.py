"""What the database itself holds for this room: a notice is seen by its recipient, and may be left for anyone."""

from plumbline.domain.rows.operations import row_security, visible_to

OPERATIONS = [row_security("notices_notice", using=visible_to(organisations=["recipient_id"]), check="true")]
