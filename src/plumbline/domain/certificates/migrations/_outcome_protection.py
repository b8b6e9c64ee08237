"""An outcome document is seen by its holder, by who granted it, and by whoever holds its code; all of it only grows."""

from plumbline.domain.rows.operations import append_only, row_security, visible_to

_SEEN = visible_to(organisations=["owner_id", "body_id"], region="region_code", lookups=["code"])
# The inner query is itself under row-level security: an event is seen with its document.
_WITH_OUTCOME = "exists (select from certificates_outcome o where o.id = outcome_id)"
OPERATIONS = [
    row_security("certificates_outcomeseries", using=visible_to(organisations=["institution_id"])),
    row_security("certificates_outcome", using=_SEEN),
    append_only("certificates_outcome"),
    row_security("certificates_outcomeevent", using=_WITH_OUTCOME),
    append_only("certificates_outcomeevent"),
]
