"""Outside calibrations are seen with their instrument, and only grow."""

from plumbline.domain.rows.operations import append_only, row_security

# The inner query is itself under row-level security.
_WITH_INSTRUMENT = "exists (select from registers_instrument i where i.id = instrument_id)"
OPERATIONS = [
    row_security("certificates_outsidecalibration", using=_WITH_INSTRUMENT),
    append_only("certificates_outsidecalibration"),
]
