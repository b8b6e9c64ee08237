"""Writes of the registers: each asks the right, writes, tells the journal, and logs what others must rely on."""

from plumbline.domain.registers.actions.accounts import end_role, give_role, open_account, renew_password
from plumbline.domain.registers.actions.instruments import (
    change_owner,
    change_state,
    move_instrument,
    register_instrument,
    register_site,
    retire_instrument,
)
from plumbline.domain.registers.actions.intake import import_instruments, import_organisations
from plumbline.domain.registers.actions.organisations import (
    attest_body_key,
    grant_qualification,
    register_organisation,
    register_person,
)
from plumbline.domain.registers.actions.standards import certify_standard, grant_scope, register_standard

__all__ = [
    "attest_body_key",
    "certify_standard",
    "change_owner",
    "change_state",
    "end_role",
    "give_role",
    "grant_qualification",
    "grant_scope",
    "import_instruments",
    "import_organisations",
    "move_instrument",
    "open_account",
    "register_instrument",
    "register_organisation",
    "register_person",
    "register_site",
    "register_standard",
    "renew_password",
    "retire_instrument",
]
