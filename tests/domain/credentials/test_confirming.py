"""A fresh proof of who issues or revokes is asked in the action, and kept with the act and in the signed statement."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.certificates import actions as certificates
from plumbline.domain.certificates.types import CertificateFacts, Revocation
from plumbline.domain.credentials import queries
from plumbline.domain.credentials.types import CODE, OUTSIDE, PASSKEY, PASSWORD, RECOVERY
from plumbline.domain.journal import queries as journal
from plumbline.domain.laboratory import queries as jobs
from plumbline.domain.ledger import queries as ledger
from plumbline.domain.procedures import verification
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import Unconfirmed
from plumbline.rulebook import rights, signing
from tests.domain.credentials.people import AT, app_of, at_browser
from tests.world import World, sequence

RULE = signing.load()
SECOND = timedelta(seconds=1)


def issued(world: World, case: CaseFacts, actor: Actor) -> CertificateFacts:
    """Issue the document of the only job of a case as somebody at a browser."""
    with scoped(actor.scope):
        job = jobs.jobs_of(case.id)[0]
        asked = ActRequest("issue", {}, seen=world.case(case).sequence, request_id=uuid4())
        return verification.issue(actor, job.id, request=asked, at=AT)


def revoked(actor: Actor, document: CertificateFacts) -> CertificateFacts:
    """Revoke a document as somebody at a browser."""
    with scoped(actor.scope):
        why = Revocation("record_wrong", "测试", uuid4())
        return certificates.revoke(actor, document.id, revocation=why, at=AT)


def test_the_acts_that_ask_for_a_fresh_proof_are_rights_or_documents_or_the_change_of_ways() -> None:
    assert RULE.acts - {queries.CHANGE, "document.issue", "document.end"} <= rights.of_role("approver")


def test_who_signed_in_just_now_issues_and_the_act_says_how(world: World) -> None:
    case = world.approved()
    document = issued(world, case, at_browser(world.actor("approver")))
    with scoped(EVERYTHING):
        act = journal.acts_of(document.id)[0]
        said = json.loads(ledger.statement(document.statement_id).payload)
    assert act.data["assurance"] == {"by": PASSWORD, "at": AT.isoformat()}
    assert said["authz"]["approval"] == {"kind": "session", "assurance": PASSWORD}


@pytest.mark.parametrize("way", [PASSWORD, PASSKEY, CODE])
def test_who_came_too_long_ago_neither_issues_nor_revokes(world: World, way: str) -> None:
    case = world.approved()
    stale = at_browser(world.actor("approver"), way, at=AT - RULE.fresh - SECOND)
    with pytest.raises(Unconfirmed):
        issued(world, case, stale)
    document = issued(world, case, at_browser(stale))
    sequence()
    with pytest.raises(Unconfirmed):
        revoked(stale, document)
    assert revoked(at_browser(stale), document).is_ended


@pytest.mark.parametrize("way", ["", OUTSIDE, RECOVERY])
def test_a_provider_s_word_and_a_recovery_code_confirm_no_act(world: World, way: str) -> None:
    with pytest.raises(Unconfirmed):
        queries.require_fresh(at_browser(world.actor("approver"), way), "verification.issue", at=AT)


def test_the_password_of_who_has_an_app_confirms_no_act(world: World) -> None:
    world.do("approver", app_of)
    approver = world.actor("approver")
    queries.require_fresh(at_browser(approver, CODE), "verification.issue", at=AT)
    with pytest.raises(Unconfirmed):
        queries.require_fresh(at_browser(approver), "verification.issue", at=AT)


def test_an_act_that_is_not_listed_asks_for_nothing(world: World) -> None:
    queries.require_fresh(at_browser(world.actor("approver"), ""), "case.read", at=AT)


def test_a_program_is_taken_at_its_word_and_says_so(world: World) -> None:
    document = world.issue(world.approved())
    with scoped(EVERYTHING):
        assert journal.acts_of(document.id)[0].data["assurance"] == {"by": "program", "at": ""}


def test_replacing_a_certificate_asks_too(world: World) -> None:
    document = world.issue(world.approved())
    sequence()
    stale = at_browser(world.actor("approver"), at=AT - RULE.fresh - SECOND)
    form = {"reason": "测试", "certificate": document.number}
    with scoped(stale.scope):
        job = jobs.jobs_of(document.case_id)[0]
        asked = ActRequest("supersede", form, seen=0, request_id=uuid4())
        step = partial(verification.supersede, job_id=job.id, request=asked, at=AT)
        with pytest.raises(Unconfirmed):
            step(stale)
        assert step(at_browser(stale)).number != document.number
