"""The one policy: what a role may do, and to what."""

from __future__ import annotations

from uuid import UUID

import pytest

from plumbline.domain.accounts import queries, rules
from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.accounts.types import Actor, Subject
from plumbline.errors import AccessError, InputError
from plumbline.rulebook import roles

OURS, THEIRS = UUID(int=1), UUID(int=2)
LUCHENG, LONGWAN = "330302", "330303"


def actor(role: str, *, regions: tuple[str, ...] = (), organisation: UUID = OURS) -> Actor:
    """Return somebody in a role."""
    return Actor(
        UUID(int=8), UUID(int=9), organisation, role=role, name="示例员", organisation_name="", regions=regions
    )


@pytest.mark.parametrize(
    ("role", "right"),
    [
        ("enterprise", "verification.submit"),
        ("institute_reception", "verification.accept"),
        ("verifier", "verification.record"),
        ("checker", "verification.review"),
        ("approver", "verification.issue"),
        ("approver", "certificate.revoke"),
        ("city_metrology", "scope.grant"),
        ("sysadmin", "account.manage"),
        ("auditor", "audit.read"),
    ],
)
def test_a_role_has_its_right(role: str, right: str) -> None:
    assert rules.has_right(actor(role), right)


@pytest.mark.parametrize(
    ("role", "right"),
    [
        ("enterprise", "verification.accept"),
        ("verifier", "verification.review"),
        ("checker", "verification.record"),
        ("checker", "verification.issue"),
        ("verifier", "certificate.revoke"),
        ("county_market", "scope.grant"),
        ("inspector", "register.edit"),
        ("sysadmin", "verification.issue"),
        ("sysadmin", "certificate.revoke"),
        ("province_director", "register.edit"),
        ("auditor", "account.manage"),
    ],
)
def test_a_role_lacks_the_right_of_another(role: str, right: str) -> None:
    assert not rules.has_right(actor(role), right)


def test_a_right_that_does_not_exist_is_nobody_s() -> None:
    assert [code for code in roles.all_roles() if rules.has_right(actor(code), "no.such_right")] == []


def test_an_owner_may_act_on_their_own() -> None:
    assert rules.may(actor("enterprise"), "verification.submit", subject=Subject(owner_id=OURS))


def test_an_owner_may_not_act_on_another_s() -> None:
    assert not rules.may(actor("enterprise"), "verification.submit", subject=Subject(owner_id=THEIRS))


def test_an_institute_may_act_on_what_it_handles() -> None:
    assert rules.may(actor("approver"), "verification.issue", subject=Subject(owner_id=THEIRS, body_id=OURS))


def test_an_owner_s_clerk_of_the_institute_may_not_act_for_the_owner() -> None:
    assert not rules.may(actor("enterprise"), "verification.withdraw", subject=Subject(owner_id=THEIRS, body_id=OURS))


def test_a_reception_of_the_owner_may_not_act_for_the_institute() -> None:
    case = Subject(owner_id=OURS, body_id=THEIRS)
    assert not rules.may(actor("institute_reception"), "verification.accept", subject=case)


def test_an_approver_of_the_owner_replaces_no_certificate() -> None:
    case = Subject(owner_id=OURS, body_id=THEIRS)
    assert not rules.may(actor("approver"), "certificate.supersede", subject=case)


def test_an_institute_may_not_act_on_what_another_handles() -> None:
    assert not rules.may(actor("approver"), "verification.issue", subject=Subject(owner_id=THEIRS, body_id=THEIRS))


def test_an_office_may_act_in_its_area() -> None:
    office = actor("city_metrology", regions=(LUCHENG, LONGWAN))
    assert rules.may(office, "scope.grant", subject=Subject(owner_id=THEIRS, region_code=LONGWAN))


def test_an_office_may_not_act_beyond_its_area() -> None:
    office = actor("city_metrology", regions=(LUCHENG,))
    assert not rules.may(office, "scope.grant", subject=Subject(owner_id=THEIRS, region_code=LONGWAN))


def test_an_office_without_an_area_may_not_act_even_on_its_own() -> None:
    assert not rules.may(actor("city_metrology"), "scope.grant", subject=Subject(owner_id=OURS, body_id=OURS))


def test_a_subject_nobody_owns_is_nobody_s_to_act_on() -> None:
    assert not rules.may(actor("enterprise"), "verification.submit", subject=Subject())


def test_a_role_that_reaches_everything_may_act_everywhere() -> None:
    assert rules.may(actor("sysadmin"), "account.manage", subject=Subject(owner_id=THEIRS, region_code=LONGWAN))


def test_reach_alone_gives_no_right() -> None:
    assert not rules.may(actor("auditor"), "register.edit", subject=Subject(owner_id=THEIRS))


def test_the_refusal_names_the_role() -> None:
    with pytest.raises(AccessError, match="检定员"):
        queries.require(actor("verifier"), "verification.issue", subject=Subject(body_id=OURS))


def test_a_role_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError):
        rules.has_right(actor("emperor"), "register.read")


def test_the_system_itself_may_only_manage_accounts() -> None:
    assert not rules.has_right(SYSTEM, "verification.submit")
