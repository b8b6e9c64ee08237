"""Revoking and replacing: new logged statements, once, by whom it may, and the old document stays as it was."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

import pytest

from plumbline.domain.accounts import actions as accounts
from plumbline.domain.accounts import queries as logins
from plumbline.domain.accounts.models import User
from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.accounts.types import Grant
from plumbline.domain.certificates import actions, queries
from plumbline.domain.certificates.models import Certificate, PublishedStatus, StatusEvent
from plumbline.domain.certificates.types import CertificateFacts, Revocation
from plumbline.domain.ledger import queries as log
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import AccessError, Hidden, InputError, RuleError, StateError
from plumbline.evidence.offline import check_bundle
from plumbline.evidence.statement import read_payload
from plumbline.faces.commands.log import follow_up
from tests.domain.certificates.issuing import Certified, all_logged, bundle_of, issued, replaced, revoked
from tests.domain.databases import outcome, together
from tests.world import FROM, TODAY, World, moment, sequence


def row(document: CertificateFacts) -> Certificate:
    """Return the row of a document as it lies in the database."""
    with scoped(EVERYTHING):
        return Certificate.objects.get(pk=document.id)


def said(document: CertificateFacts) -> list[tuple[str, object]]:
    """Return type and `ref` of the logged events of a document."""
    with scoped(EVERYTHING):
        ids = StatusEvent.objects.filter(certificate_id=document.id).values_list("statement_id", flat=True)
        payloads = [read_payload(each.payload) for each in log.statements(ids).values()]
    return [(str(each["type"]), each["ref"]) for each in payloads]


def index_of(document: CertificateFacts) -> int | None:
    """Return the place of a document in the log."""
    with scoped(EVERYTHING):
        return log.index_of(document.statement_id)


def offline(document: CertificateFacts) -> str:
    """Return what a stranger's machine says about the bundle of a document."""
    with scoped(EVERYTHING):
        trust = log.trust_root()
    return str(check_bundle(bundle_of(document), trust, at=moment())["code"])


# ---- revoking ------------------------------------------------------------------------------------------------------


def test_a_revocation_is_a_statement_that_names_the_certificate_s_leaf(certified: Certified) -> None:
    document = certified.document
    revoked(certified, document)
    assert said(document) == [("certificate.revoked", index_of(document))]


def test_a_revoked_certificate_s_row_is_untouched(certified: Certified) -> None:
    document = certified.document
    before = row(document)
    revoked(certified, document)
    after = row(document)
    assert [getattr(after, each.attname) for each in after._meta.concrete_fields] == [
        getattr(before, each.attname) for each in before._meta.concrete_fields
    ]


def test_a_second_revocation_is_refused(certified: Certified) -> None:
    document = certified.document
    revoked(certified, document)
    with pytest.raises(StateError, match="已经撤销或更换"):
        revoked(certified, document)


def test_a_revocation_sent_twice_is_made_once(certified: Certified) -> None:
    document, key = certified.document, uuid4()
    first, second = (revoked(certified, document, request_id=key) for _ in range(2))
    assert (first.status, second.status, len(said(document))) == ("revoked", "revoked", 1)


def test_a_request_that_revoked_one_thing_does_not_revoke_another(certified: Certified) -> None:
    document, key = certified.document, uuid4()
    revoked(certified, document, request_id=key)
    with pytest.raises(StateError, match="这一页已经办成过一次"):
        revoked(certified, document, request_id=key, reason="别的原因")


def test_of_two_revocations_at_once_one_is_refused(certified: Certified) -> None:
    document = certified.document
    certified.actor("approver")
    answers = together(*[partial(outcome, partial(revoked, certified, document))] * 2)
    assert (sorted(answers), len(said(document))) == (["StateError", "done"], 1)


def test_a_certificate_that_is_not_in_the_log_yet_cannot_be_revoked(world: World) -> None:
    document = world.issue(world.approved())
    with pytest.raises(StateError, match="日志"):
        revoked(world, document)


@pytest.mark.parametrize("username", ["verifier", "checker", "reception", "owner", "county"])
def test_who_has_not_the_right_does_not_revoke(certified: Certified, username: str) -> None:
    document = certified.document
    with pytest.raises(AccessError):
        revoked(certified, document, username=username)


def test_to_a_stranger_the_certificate_does_not_exist(certified: Certified) -> None:
    document = certified.document
    with pytest.raises(Hidden):
        revoked(certified, document, username="stranger")


def test_a_certificate_that_does_not_exist_gets_the_same_answer(world: World) -> None:
    why = Revocation("other", "x", uuid4())
    step = partial(actions.revoke, certificate_id=uuid4(), revocation=why, at=moment())
    with pytest.raises(Hidden):
        world.do("approver", step)


@pytest.mark.parametrize(
    ("code", "reason", "field"),
    [
        ("", "x", "reason_code"),
        ("because", "x", "reason_code"),
        ("other", "  ", "reason"),
        ("other", "字" * 301, "reason"),
        ("other", "编号\x00有误", "reason"),
    ],
)
def test_a_revocation_needs_a_reason(certified: Certified, code: str, reason: str, field: str) -> None:
    document = certified.document
    with pytest.raises(InputError) as refused:
        revoked(certified, document, code=code, reason=reason)
    assert refused.value.field == field


def test_off_line_a_certificate_that_nobody_ended_is_good(certified: Certified) -> None:
    document = certified.document
    all_logged()
    assert offline(document) == "OK"


def test_off_line_a_revoked_certificate_is_refused(certified: Certified) -> None:
    document = certified.document
    revoked(certified, document)
    all_logged()
    assert offline(document) == "REVOKED"


def test_off_line_the_revocation_of_one_certificate_leaves_another_good(certified: Certified) -> None:
    document, other = certified.document, issued(certified, number=1)
    revoked(certified, document)
    all_logged()
    assert offline(other) == "OK"


# ---- replacing -----------------------------------------------------------------------------------------------------


def test_a_replacement_has_a_number_of_its_own_and_the_old_one_stays(certified: Certified) -> None:
    old = certified.document
    new = replaced(certified, old)
    assert (row(new).supersedes_id, row(old).number, new.number != old.number) == (old.id, old.number, True)


def test_a_replacement_s_statement_names_the_old_leaf(certified: Certified) -> None:
    old = certified.document
    new = replaced(certified, old)
    with scoped(EVERYTHING):
        assert read_payload(log.statement(new.statement_id).payload)["supersedes"] == index_of(old)


def test_the_supersession_is_logged_after_its_replacement(certified: Certified) -> None:
    old = certified.document
    new = replaced(certified, old)
    all_logged()
    assert (said(old), said(new)) == ([("certificate.superseded", index_of(old))], [])


def test_a_replacement_that_the_log_does_not_hold_yet_is_left_for_the_next_turn(certified: Certified) -> None:
    old = certified.document
    replaced(certified, old)
    follow_up()
    assert said(old) == []


def test_following_up_again_logs_nothing_twice(certified: Certified) -> None:
    old = certified.document
    replaced(certified, old)
    all_logged()
    before = sequence()
    all_logged()
    assert (sequence(), len(said(old))) == (before, 1)


def test_off_line_a_replaced_certificate_is_refused_and_its_replacement_good(certified: Certified) -> None:
    old = certified.document
    new = replaced(certified, old)
    all_logged()
    assert (offline(old), offline(new)) == ("SUPERSEDED", "OK")


def test_a_second_replacement_of_the_same_certificate_is_refused(certified: Certified) -> None:
    old = certified.document
    replaced(certified, old)
    with scoped(EVERYTHING):
        again = queries.certificate(old.id, on=TODAY)
    assert again.status == "superseded"
    with pytest.raises(StateError):
        revoked(certified, old)


def test_the_same_request_twice_replaces_once(certified: Certified) -> None:
    old, key = certified.document, uuid4()
    assert replaced(certified, old, request_id=key).number == replaced(certified, old, request_id=key).number


def test_of_two_replacements_at_once_one_is_refused(certified: Certified) -> None:
    old = certified.document
    certified.actor("approver")
    answers = together(*[partial(outcome, partial(replaced, certified, old))] * 2)
    with scoped(EVERYTHING):
        count = Certificate.objects.filter(supersedes_id=old.id).count()
    assert (sorted(answers), count) == (["StateError", "done"], 1)


def test_a_replacement_can_be_replaced_in_turn(certified: Certified) -> None:
    old = certified.document
    second = replaced(certified, old)
    sequence()
    third = replaced(certified, second)
    all_logged()
    assert [offline(each) for each in (old, second, third)] == ["SUPERSEDED", "SUPERSEDED", "OK"]


def test_a_revoked_certificate_cannot_be_replaced(certified: Certified) -> None:
    document = certified.document
    revoked(certified, document)
    with pytest.raises(StateError, match="已经撤销或更换"):
        replaced(certified, document)


@pytest.mark.parametrize("username", ["verifier", "checker", "owner"])
def test_who_has_not_the_right_does_not_replace(certified: Certified, username: str) -> None:
    with pytest.raises(AccessError):
        replaced(certified, certified.document, username=username)


@pytest.mark.parametrize("reason", [" ", "字" * 301, "地址\x00有误"])
def test_a_replacement_needs_a_reason_that_can_be_shown(certified: Certified, reason: str) -> None:
    with pytest.raises(InputError) as refused:
        replaced(certified, certified.document, reason=reason)
    assert refused.value.field == "reason"


def test_the_verifier_of_a_measurement_does_not_replace_its_certificate(certified: Certified) -> None:
    with scoped(EVERYTHING):
        user_id = User.objects.get(username="verifier").id
        accounts.give_role(SYSTEM, user_id, grant=Grant(certified.organisations["institute"], "approver", FROM))
        certified.actors["verifier"] = logins.actor_of("verifier", on=TODAY, role="approver")
    with pytest.raises(RuleError, match="不能是同一个人"):
        replaced(certified, certified.document, username="verifier")


def test_what_was_replaced_meanwhile_is_not_replaced_by_its_old_page(certified: Certified) -> None:
    old = certified.document
    replaced(certified, old)
    sequence()
    with pytest.raises(StateError, match="已经不是最新"):
        replaced(certified, old)


def test_the_same_request_with_another_reason_is_refused(certified: Certified) -> None:
    old, key = certified.document, uuid4()
    replaced(certified, old, request_id=key)
    with pytest.raises(StateError, match="和那次不同"):
        replaced(certified, old, request_id=key, reason="型号有误")


# ---- the status list -----------------------------------------------------------------------------------------------


def test_a_list_is_published_once_a_day_though_nothing_happened(world: World) -> None:
    first, same_day = actions.publish_status(at=moment()), actions.publish_status(at=moment(hour=20))
    next_day = actions.publish_status(at=moment(TODAY.replace(day=21), hour=10))
    assert (first, same_day, next_day) == (True, False, True)


def test_a_revocation_is_published_as_soon_as_the_log_holds_it(certified: Certified) -> None:
    document = certified.document
    actions.publish_status(at=moment())
    revoked(certified, document)
    before = actions.publish_status(at=moment())
    sequence()
    assert (before, actions.publish_status(at=moment())) == (False, True)


def test_the_published_list_is_signed_by_the_log_with_its_hash(world: World) -> None:
    actions.publish_status(at=moment())
    with scoped(EVERYTHING):
        published = PublishedStatus.objects.get()
        statement = read_payload(log.statement(published.statement_id).payload)
    assert (statement["issuer"], statement["count"]) == ("PLUMBLINE-LOG", 0)
