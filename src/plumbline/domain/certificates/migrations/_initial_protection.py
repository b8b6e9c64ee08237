"""What the database itself holds for this room: who sees a certificate, and that certificates only grow.

A stranger sees the one certificate whose public code, or whose instrument's code, they hold.
"""

from plumbline.domain.certificates.migrations import _outside_protection
from plumbline.domain.rows.operations import append_only, row_security, visible_to

_SEEN = visible_to(organisations=["owner_id", "body_id"], region="region_code", lookups=["code", "instrument_code"])
# The inner query is itself under row-level security: an event is seen with its certificate.
_WITH_CERTIFICATE = "exists (select from certificates_certificate c where c.id = certificate_id)"
OPERATIONS = [
    row_security("certificates_series", using=visible_to(organisations=["institution_id"])),
    row_security("certificates_certificate", using=_SEEN),
    append_only("certificates_certificate"),
    row_security("certificates_statusevent", using=_WITH_CERTIFICATE),
    append_only("certificates_statusevent"),
    append_only("certificates_publishedstatus"),
    *_outside_protection.OPERATIONS,
]
