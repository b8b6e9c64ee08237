"""How people prove who they are: which acts ask for a fresh proof, how long it is fresh, how often a code may be wrong.

Leaves what a proof is to `domain.credentials`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from plumbline.rulebook.provenance import Provenance, take_provenance
from plumbline.rulebook.reading import RULEBOOK, Table, read_table


@dataclass(frozen=True)
class Signing:
    """The whole file. `acts`: rights whose use asks for a proof not older than `fresh`; `token`: how long a
    token may work at most; `mails`, `mails_to_one`: letters with invitations within 24 hours, of one house, to one
    address."""

    acts: frozenset[str]
    fresh: timedelta
    tries: int
    lock: timedelta
    recovery_codes: int
    second_step: timedelta
    invitation: timedelta
    kept: timedelta
    token: timedelta
    mails: int
    mails_to_one: int
    provenance: Provenance


@cache
def load() -> Signing:
    """Return signing.toml. Raises InputError naming file, key and remedy."""
    return read_signing(read_table(RULEBOOK / "signing.toml"))


def read_signing(table: Table) -> Signing:
    """Return the rules of a table laid out as signing.toml."""
    provenance = take_provenance(table)
    names = ("confirming", "codes", "waiting", "inviting", "tokens")
    confirming, codes, waiting, inviting, tokens = (table.table(name) for name in names)
    rules = Signing(
        acts=frozenset(confirming.texts("acts")),
        fresh=timedelta(minutes=confirming.positive("fresh_minutes")),
        tries=codes.positive("tries"),
        lock=timedelta(minutes=codes.positive("lock_minutes")),
        recovery_codes=codes.positive("recovery_codes"),
        second_step=timedelta(minutes=waiting.positive("second_step_minutes")),
        invitation=timedelta(days=waiting.positive("invitation_days")),
        kept=timedelta(days=waiting.positive("sign_ins_kept_days")),
        token=timedelta(days=tokens.positive("days_most")),
        mails=inviting.positive("mails_a_day"),
        mails_to_one=inviting.positive("mails_to_one_a_day"),
        provenance=provenance,
    )
    for each in (confirming, codes, waiting, inviting, tokens, table):
        each.finish()
    return rules
