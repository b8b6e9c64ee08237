"""Codes of an app and recovery codes: right ones open once, wrong ones lock; secrets do not lie in rows as they are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from plumbline.domain.credentials import actions, queries
from plumbline.domain.credentials.models import CodeSecret, RecoveryCode
from plumbline.domain.credentials.types import CODE, RECOVERY
from plumbline.domain.rows.scope import scoped
from plumbline.errors import InputError, StateError, Unconfirmed
from plumbline.rulebook import signing
from tests.domain.credentials.people import AT, MINUTE, acts_on, app_of, at_browser, code_at
from tests.world import World

RULE = signing.load()


def wrong(world: World, times: int) -> None:
    for _ in range(times):
        with pytest.raises(InputError, match="验证码不对"):
            actions.use_code(world.actor("approver").user_id, "000000", at=AT)


def test_an_app_is_added_by_its_first_code_and_told_to_the_journal(world: World) -> None:
    secret, codes = world.do("approver", app_of)
    approver = world.actor("approver")
    assert (len(codes), queries.methods(approver.user_id).code_since) == (RULE.recovery_codes, AT)
    assert actions.use_code(approver.user_id, code_at(secret, AT), at=AT) == CODE
    assert acts_on(approver.user_id)[-1] == "method.add"


def test_a_wrong_first_code_adds_nothing(world: World) -> None:
    approver = at_browser(world.actor("approver"))
    _shown, setup = actions.begin_code_app(approver, "approver")
    with pytest.raises(InputError, match="验证码不对"), scoped(approver.scope):
        actions.add_code_app(approver, setup=setup, code="000000", at=AT)
    assert not queries.has_second(approver.user_id)


def test_what_another_was_shown_sets_nothing_up(world: World) -> None:
    _shown, setup = actions.begin_code_app(world.actor("checker"), "checker")
    approver = at_browser(world.actor("approver"))
    with pytest.raises(InputError, match="已经失效"):
        actions.add_code_app(approver, setup=setup, code="000000", at=AT)


@pytest.mark.parametrize("setup", ["", "x", "é", "=" * 9, "A" * 400])
def test_what_nobody_was_shown_is_refused(world: World, setup: str) -> None:
    approver = at_browser(world.actor("approver"))
    with pytest.raises(InputError, match="已经失效"):
        actions.add_code_app(approver, setup=setup, code="000000", at=AT)


def test_a_code_is_good_once(world: World) -> None:
    secret, _codes = world.do("approver", app_of)
    user_id, code = world.actor("approver").user_id, code_at(secret, AT)
    actions.use_code(user_id, code, at=AT)
    with pytest.raises(InputError, match="验证码不对"):
        actions.use_code(user_id, code, at=AT)


def test_an_old_code_is_refused(world: World) -> None:
    secret, _codes = world.do("approver", app_of)
    with pytest.raises(InputError):
        actions.use_code(world.actor("approver").user_id, code_at(secret, AT - 2 * MINUTE), at=AT)


def test_a_recovery_code_is_good_once_however_it_is_typed(world: World) -> None:
    _secret, codes = world.do("approver", app_of)
    user_id = world.actor("approver").user_id
    assert actions.use_code(user_id, f" {codes[0].upper().replace('-', ' ')}", at=AT) == RECOVERY
    with pytest.raises(InputError):
        actions.use_code(user_id, codes[0], at=AT)
    assert queries.methods(user_id).recovery_left == RULE.recovery_codes - 1


def test_another_s_recovery_code_opens_nothing(world: World) -> None:
    _secret, codes = world.do("approver", app_of)
    with pytest.raises(InputError):
        actions.use_code(world.actor("checker").user_id, codes[0], at=AT)


def test_wrong_codes_lock_even_the_right_one_for_a_while(world: World) -> None:
    secret, codes = world.do("approver", app_of)
    user_id = world.actor("approver").user_id
    wrong(world, RULE.tries)
    for right in (code_at(secret, AT), codes[0]):
        with pytest.raises(StateError, match="不再受理"):
            actions.use_code(user_id, right, at=AT)
    later = AT + RULE.lock
    assert actions.use_code(user_id, code_at(secret, later), at=later) == CODE


def test_a_right_code_forgets_the_wrong_ones_before_it(world: World) -> None:
    secret, codes = world.do("approver", app_of)
    user_id = world.actor("approver").user_id
    wrong(world, RULE.tries - 1)
    actions.use_code(user_id, codes[0], at=AT)
    wrong(world, RULE.tries - 1)
    assert actions.use_code(user_id, code_at(secret, AT), at=AT) == CODE


def test_neither_secret_nor_recovery_codes_lie_in_a_row_as_they_are(world: World) -> None:
    secret, codes = world.do("approver", app_of)
    assert secret not in bytes(CodeSecret.objects.get().sealed)
    assert not RecoveryCode.objects.filter(digest__in=[*codes, *(code.replace("-", "") for code in codes)]).exists()


def test_new_recovery_codes_end_the_old(world: World) -> None:
    _secret, old = world.do("approver", app_of)
    new = world.do("approver", lambda actor: actions.renew_recovery_codes(at_browser(actor, CODE), at=AT))
    user_id = world.actor("approver").user_id
    assert actions.use_code(user_id, new[0], at=AT) == RECOVERY
    with pytest.raises(InputError):
        actions.use_code(user_id, old[0], at=AT)


def test_removing_the_app_forgets_its_recovery_codes(world: World) -> None:
    world.do("approver", app_of)
    world.do("approver", lambda actor: actions.remove_code_app(at_browser(actor, CODE), at=AT))
    approver = world.actor("approver")
    assert not RecoveryCode.objects.filter(user_id=approver.user_id).exists()
    assert acts_on(approver.user_id)[-1] == "method.remove"


def test_a_way_to_sign_in_is_not_changed_by_who_came_long_ago(world: World) -> None:
    long_ago = at_browser(world.actor("approver"), at=AT - RULE.fresh - timedelta(seconds=1))
    _shown, setup = actions.begin_code_app(long_ago, "approver")
    with pytest.raises(Unconfirmed):
        actions.add_code_app(long_ago, setup=setup, code="000000", at=AT)


def test_who_lost_the_phone_may_remove_the_app_by_a_recovery_code(world: World) -> None:
    world.do("approver", app_of)
    world.do("approver", lambda actor: actions.remove_code_app(at_browser(actor, RECOVERY), at=AT))
    assert not queries.has_second(world.actor("approver").user_id)
