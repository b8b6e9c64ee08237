"""Imports of organisations and instruments: rights are asked, the journal is told; the work is in `intake` modules.

The caller opens the file and the transaction, and reads the findings before the transaction ends.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, Subject
from plumbline.domain.directory import actions as directory
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal.types import Subject as JournalSubject
from plumbline.domain.registers import queries, rules
from plumbline.domain.registers.intake import InstrumentTaking
from plumbline.domain.registers.types import IntakeTarget
from plumbline.domain.rows.findings import Intake
from plumbline.domain.rows.taking import Run, Taking, take_in
from plumbline.errors import InputError, say
from plumbline.gateways.tables.template import Sheet
from plumbline.rulebook.calendar import legal_day

RIGHT = "import.run"


@transaction.atomic
def import_organisations(actor: Actor, sheet: Sheet, *, region_code: str, mode: str, at: datetime) -> Intake:
    """Take organisations in from a file, in the name of the office of an area. Raises: AccessError; InputError."""
    return take_in(organisations_taking(actor, region_code), sheet, mode=mode, at=at)


@transaction.atomic
def import_instruments(actor: Actor, sheet: Sheet, *, target: IntakeTarget, mode: str, at: datetime) -> Intake:
    """Take instruments of one owner in from a file. Raises: AccessError; InputError for a target that does not fit."""
    return take_in(instruments_taking(actor, target, at=at), sheet, mode=mode, at=at)


def organisations_taking(actor: Actor, region_code: str) -> Taking:
    """Return the import of organisations in the name of the office of an area. Raises: AccessError; InputError."""
    directory.require_region(region_code)
    accounts.require(actor, RIGHT, subject=Subject(region_code=region_code))

    def tell(result: Intake, run: Run) -> None:
        subject = JournalSubject("intake", run.key, region_code=region_code)
        tell_intake(actor, result, subject=subject, kind="organisations", at=run.at)

    return directory.OrganisationTaking(tell)


def instruments_taking(actor: Actor, target: IntakeTarget, *, at: datetime) -> Taking:
    """Return the import of instruments of one owner. Raises: AccessError; InputError for a target that does not fit."""
    directory.require_region(target.region_code)
    house = _house(actor, target, at=at)
    accounts.require(actor, RIGHT, subject=Subject(target.owner_id, house, target.region_code))
    if target.category:
        rules.require_category(target.category)
    if target.site_id is not None and queries.site(target.site_id).owner_id != target.owner_id:
        raise InputError(say("所选地点不属于器具的单位"), remedy=say("选本单位的地点"), field="site")

    def tell(result: Intake, run: Run) -> None:
        subject = JournalSubject("intake", run.key, target.owner_id, None, target.region_code)
        tell_intake(actor, result, subject=subject, kind="instruments", at=run.at)

    return InstrumentTaking(target, tell)


def _house(actor: Actor, target: IntakeTarget, *, at: datetime) -> UUID | None:
    """Return the actor's organisation where it is an institution in whose scope the file lies."""
    held = queries.scopes_in(actor.organisation_id, target.region_code, on=legal_day(at))
    handles = any(scope.category == (target.category or scope.category) for scope in held)
    return actor.organisation_id if handles else None


def tell_intake(actor: Actor, result: Intake, *, subject: JournalSubject, kind: str, at: datetime) -> None:
    """Append what an import has written to the journal."""
    counts = asdict(result) | {"tallies": [asdict(tally) for tally in result.tallies], "kind": kind}
    journal.append_act(actor, subject, name="intake.run", data=counts, at=at)
