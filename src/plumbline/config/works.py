"""What a worker does: how each kind of errand is done, and what is called again and again while it runs.

To add a kind: one line in WORKS, naming a generator in the `jobs.py` of its room. To add a periodic function: one line
in PERIODIC; it is given the time it is, opens its own scope and transactions, and is called in one worker at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from plumbline.domain.cases import jobs as cases
from plumbline.domain.certificates import jobs as certificates
from plumbline.domain.errands import actions as errands
from plumbline.domain.errands.types import Periodic, Work
from plumbline.domain.notices import jobs as notices
from plumbline.domain.partners import jobs as partners
from plumbline.domain.procedures import jobs as procedures
from plumbline.domain.registers import jobs as registers
from plumbline.faces.commands.demo import whole_city
from plumbline.faces.kit import demo_city

LETTERS_AT_ONCE = 10
"""So few letters or webhooks at a time, that errands do not stand still for a slow server."""
WORKS: Mapping[str, Work] = {
    "import.entries": Work(registers.import_entries),
    "import.instruments": Work(registers.import_instruments),
    "import.organisations": Work(registers.import_organisations),
    "import.calibrations": Work(certificates.import_calibrations),
    "import.answers": Work(partners.import_answers),
    "import.cases": Work(procedures.import_cases),
    demo_city.KIND: Work(whole_city.fill, is_apart=True),
}
PERIODIC: Sequence[Periodic] = (
    Periodic("errands.clear_forgotten", 3_600, errands.clear_forgotten),
    Periodic("cases.sweep", 3_600, cases.sweep),
    Periodic("certificates.remind", 3_600, certificates.remind),
    Periodic("notices.digest", 3_600, notices.digest),
    Periodic("notices.deliver_due", 5, partial(notices.deliver_due, most=LETTERS_AT_ONCE)),
    Periodic("notices.number_changes", 5, notices.number_changes),
    Periodic("procedures.publish_catalogue", 60, procedures.publish_catalogue),
    Periodic("notices.send_due", 15, partial(notices.send_due, most=LETTERS_AT_ONCE)),
)  # fmt: skip
