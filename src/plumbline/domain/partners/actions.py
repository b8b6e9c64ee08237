"""Writes of partners: a package begun, answers taken in. Rights are asked, the journal is told."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, Subject
from plumbline.domain.directory import queries as directory
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal.types import NewAct
from plumbline.domain.journal.types import Subject as JournalSubject
from plumbline.domain.partners import queries
from plumbline.domain.partners.answering import AnswerTaking
from plumbline.domain.partners.models import Package
from plumbline.domain.partners.types import PackageFacts
from plumbline.domain.rows.findings import Intake
from plumbline.domain.rows.taking import Run, Taking

RIGHT = "partner.exchange"


@transaction.atomic
def begin_package(actor: Actor, partner_id: str, *, only_new: bool, at: datetime) -> PackageFacts:
    """Note that a file is given to a partner; its content is read by `queries.content_of`. Raises: AccessError; Hidden.

    only_new: without what the partner has accepted.
    """
    partner = queries.partner(partner_id)
    region = _require(actor)
    row = Package.objects.create(
        partner=partner.id, format=partner.format, organisation_id=actor.organisation_id, person_id=actor.person_id,
        person_name=actor.name, only_new=only_new, made_at=at,
    )  # fmt: skip
    subject = JournalSubject("package", row.id, None, actor.organisation_id, region)
    said = {"partner": partner.id, "format": partner.format, "only_new": only_new}
    journal.append(actor, subject, act=NewAct("package.give", said), at=at)
    return PackageFacts(row.id, row.partner, row.format, row.person_name, row.only_new, row.made_at)


def answers_taking(actor: Actor, partner_id: str) -> Taking:
    """Return the import of a partner's answers to the packages of the actor's office. Raises: AccessError; Hidden."""
    partner = queries.partner(partner_id)
    region = _require(actor)

    def tell(result: Intake, run: Run) -> None:
        counts = asdict(result) | {"tallies": [asdict(each) for each in result.tallies], "kind": "answers"}
        subject = JournalSubject("intake", run.key, None, actor.organisation_id, region)
        journal.append_act(actor, subject, name="intake.run", data=counts | {"partner": partner.id}, at=run.at)

    return AnswerTaking(actor, partner, tell=tell)


def _require(actor: Actor) -> str:
    """Return the region of the actor's office. What is given is what they see, so the right is asked in their own area,
    which may be a part of their office's. Raises: AccessError."""
    region = directory.organisation(actor.organisation_id).region_code
    area = region if region in actor.regions else next(iter(actor.regions), "")
    accounts.require(actor, RIGHT, subject=Subject(body_id=actor.organisation_id, region_code=area))
    return region
