"""Writes of the registers: each asks the right, writes, tells the journal, and logs what others must rely on."""

from plumbline.domain.registers.actions.accounts import end_role, give_role, open_account, renew_password
from plumbline.domain.registers.actions.delegations import end_absence, hand_over, note_absence, take_back
from plumbline.domain.registers.actions.entries import (
    act_on_entry,
    change_entry,
    correct_entry,
    entries_taking,
    import_entries,
    register_entry,
)
from plumbline.domain.registers.actions.instruments import (
    change_owner,
    change_state,
    move_instrument,
    register_instrument,
    register_site,
    retire_instrument,
)
from plumbline.domain.registers.actions.intake import (
    import_instruments,
    import_organisations,
    instruments_taking,
    organisations_taking,
)
from plumbline.domain.registers.actions.interfaces import (
    end_subscription,
    make_token,
    redeliver,
    renew_secret,
    revoke_token,
    subscribe,
    try_address,
)
from plumbline.domain.registers.actions.load_test import take_in_instruments, take_in_sites
from plumbline.domain.registers.actions.organisations import (
    attest_body_key,
    grant_qualification,
    register_organisation,
    register_person,
)
from plumbline.domain.registers.actions.standards import certify_standard, grant_scope, register_standard

__all__ = [
    "act_on_entry",
    "attest_body_key",
    "certify_standard",
    "change_entry",
    "change_owner",
    "change_state",
    "correct_entry",
    "end_absence",
    "end_role",
    "end_subscription",
    "entries_taking",
    "give_role",
    "grant_qualification",
    "grant_scope",
    "hand_over",
    "import_entries",
    "import_instruments",
    "import_organisations",
    "instruments_taking",
    "make_token",
    "move_instrument",
    "note_absence",
    "open_account",
    "organisations_taking",
    "redeliver",
    "register_entry",
    "register_instrument",
    "register_organisation",
    "register_person",
    "register_site",
    "register_standard",
    "renew_password",
    "renew_secret",
    "retire_instrument",
    "revoke_token",
    "subscribe",
    "take_back",
    "take_in_instruments",
    "take_in_sites",
    "try_address",
]
