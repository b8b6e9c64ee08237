"""What the database itself holds for this room: a qualification granted is a fact and is never edited.

No row-level security here: see the room's models for why.
"""

from plumbline.domain.rows.operations import append_only

OPERATIONS = [append_only("directory_qualification")]
