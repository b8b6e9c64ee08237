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
from plumbline.domain.registers import intake, queries, rules
from plumbline.domain.registers.intake import Run
from plumbline.domain.registers.types import IntakeTarget
from plumbline.domain.rows.findings import Intake
from plumbline.domain.rows.models import new_id
from plumbline.errors import InputError, say
from plumbline.gateways.tables.template import Sheet
from plumbline.rulebook.calendar import legal_day

RIGHT = "import.run"


@transaction.atomic
def import_organisations(actor: Actor, sheet: Sheet, *, region_code: str, mode: str, at: datetime) -> Intake:
    """Take organisations in from a file, in the name of the office of an area. Raises: AccessError; InputError."""
    directory.require_region(region_code)
    accounts.require(actor, RIGHT, subject=Subject(region_code=region_code))
    result = directory.import_organisations(sheet, mode=mode, at=at)
    _tell(
        actor, result, subject=JournalSubject("intake", new_id(), region_code=region_code), kind="organisations", at=at
    )
    return result


@transaction.atomic
def import_instruments(actor: Actor, sheet: Sheet, *, target: IntakeTarget, mode: str, at: datetime) -> Intake:
    """Take instruments of one owner in from a file. Raises: AccessError; InputError for a target that does not fit."""
    directory.require_region(target.region_code)
    house = _house(actor, target, at=at)
    accounts.require(actor, RIGHT, subject=Subject(target.owner_id, house, target.region_code))
    if target.category:
        rules.require_category(target.category)
    if target.site_id is not None and queries.site(target.site_id).owner_id != target.owner_id:
        raise InputError(say("所选地点不属于器具的单位"), remedy=say("选本单位的地点"), field="site")
    key = new_id()
    result = intake.import_instruments(sheet, target, run=Run(key, mode, at))
    subject = JournalSubject("intake", key, target.owner_id, None, target.region_code)
    _tell(actor, result, subject=subject, kind="instruments", at=at)
    return result


def _house(actor: Actor, target: IntakeTarget, *, at: datetime) -> UUID | None:
    """Return the actor's organisation where it is an institution in whose scope the file lies."""
    held = queries.scopes_in(actor.organisation_id, target.region_code, on=legal_day(at))
    handles = any(scope.category == (target.category or scope.category) for scope in held)
    return actor.organisation_id if handles else None


def _tell(actor: Actor, result: Intake, *, subject: JournalSubject, kind: str, at: datetime) -> None:
    if result.is_written and result.new:
        counts = asdict(result) | {"tallies": [asdict(tally) for tally in result.tallies], "kind": kind}
        journal.append_act(actor, subject, name="intake.run", data=counts, at=at)
