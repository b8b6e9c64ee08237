"""Codes: of an authenticator app, and the recovery codes that stand in for it. Wrong ones lock the account's codes."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from uuid import UUID

from django.db import transaction

from plumbline.domain.accounts.types import Actor
from plumbline.domain.credentials import queries, rules
from plumbline.domain.credentials.actions.recovery import digest, drop_if_alone, first_codes, new_codes
from plumbline.domain.credentials.models import CodeSecret, RecoveryCode, WrongCodes
from plumbline.domain.credentials.telling import tell_own
from plumbline.domain.credentials.types import CODE, RECOVERY, NewCode
from plumbline.domain.rows import sealing
from plumbline.errors import InputError, StateError, say
from plumbline.gateways.identity import one_time
from plumbline.rulebook import signing

ISSUER = "Plumbline"
CODE_MOST = 40
KEY_BYTES = 16


def begin_code_app(actor: Actor, username: str) -> tuple[NewCode, str]:
    """Return what an app is set up with, and the same sealed for this account, to come back with the first code."""
    secret = one_time.new_secret()
    shown = NewCode(secret, one_time.typed_secret(secret), one_time.address(secret, account=username, issuer=ISSUER))
    return shown, base64.urlsafe_b64encode(sealing.seal(actor.user_id.bytes + secret)).decode()


def code_app_again(actor: Actor, username: str, *, setup: str) -> NewCode:
    """Return what a set-up that has begun shows. Raises: InputError for what is none of this account's."""
    secret = _begun(actor, setup)
    return NewCode(secret, one_time.typed_secret(secret), one_time.address(secret, account=username, issuer=ISSUER))


@transaction.atomic
def add_code_app(actor: Actor, *, setup: str, code: str, at: datetime) -> tuple[str, ...]:
    """Take an app as a way to sign in, its first code being right; returns recovery codes where it is the first way.

    Raises: Unconfirmed; InputError beside `passcode`; StateError if there is an app already.
    """
    queries.require_fresh(actor, queries.CHANGE, at=at)
    secret = _begun(actor, setup)
    if CodeSecret.objects.filter(user_id=actor.user_id).exists():
        raise StateError(say("已经有一个验证器"), remedy=say("要换一个，先移除原来的"))
    step = one_time.step_of(secret, rules.plain_code(code[:CODE_MOST]), at=at)
    if step is None:
        raise _wrong()
    CodeSecret.objects.create(user_id=actor.user_id, sealed=sealing.seal(secret), made_at=at, last_step=step)
    tell_own(actor, "method.add", data={"kind": "totp"}, at=at)
    return first_codes(actor.user_id)


@transaction.atomic
def remove_code_app(actor: Actor, *, at: datetime) -> None:
    """Remove the app of the actor's account.

    Raises: Unconfirmed; StateError if there is none, or nothing would be left.
    """
    queries.require_fresh(actor, queries.CHANGE, at=at)
    queries.require_left(actor.user_id, without="totp")
    if not CodeSecret.objects.filter(user_id=actor.user_id).delete()[0]:
        raise StateError(say("没有验证器"), remedy=say("不用移除"))
    drop_if_alone(actor.user_id)
    tell_own(actor, "method.remove", data={"kind": "totp"}, at=at)


@transaction.atomic
def renew_recovery_codes(actor: Actor, *, at: datetime) -> tuple[str, ...]:
    """Put new recovery codes in place of the old. Raises: Unconfirmed; StateError where they stand in for nothing."""
    queries.require_fresh(actor, queries.CHANGE, at=at)
    if not queries.has_second(actor.user_id):
        raise StateError(say("还没有通行密钥或验证器，用不到备用码"), remedy=say("先加一个通行密钥或验证器"))
    codes = new_codes(actor.user_id)
    tell_own(actor, "recovery.renew", data={}, at=at)
    return codes


def tell_recovery(actor: Actor, *, at: datetime) -> None:
    """Say in the account's story that a recovery code was used to sign in."""
    tell_own(actor, "recovery.use", data={"left": queries.methods(actor.user_id).recovery_left}, at=at)


def use_code(user_id: UUID, typed: str, *, at: datetime) -> str:
    """Return the way a right code is of, an app's or a recovery code, and take it: none is good twice.

    Raises: StateError while the account's codes are locked; InputError beside `passcode` for a wrong one, which counts.
    """
    code = rules.plain_code(typed[:CODE_MOST])
    with transaction.atomic():  # what follows from a wrong code is kept, so nothing is raised in here but the lock
        wrong, _made = WrongCodes.objects.select_for_update().get_or_create(user_id=user_id, defaults={"last_at": at})
        _refuse_locked(wrong, at)
        way = _way(user_id, code, at=at)
        _count(wrong, is_right=bool(way), at=at)
    if not way:
        raise _wrong()
    return way


def _way(user_id: UUID, code: str, *, at: datetime) -> str:
    if code.isdecimal() and len(code) == one_time.DIGITS:
        return CODE if _take_app_code(user_id, code, at=at) else ""
    unused = RecoveryCode.objects.filter(user_id=user_id, digest=digest(code), used_at=None)
    return RECOVERY if unused.update(used_at=at) else ""


def _take_app_code(user_id: UUID, code: str, *, at: datetime) -> bool:
    row = CodeSecret.objects.select_for_update().filter(user_id=user_id).first()
    step = one_time.step_of(sealing.opened(bytes(row.sealed)), code, at=at) if row else None
    if row is None or step is None or step <= row.last_step:
        return False
    row.last_step = step
    row.save(update_fields=["last_step"])
    return True


def _refuse_locked(wrong: WrongCodes, at: datetime) -> None:
    rule = signing.load()
    until = rules.locked_until(wrong.count, wrong.last_at, tries=rule.tries, lock=rule.lock, at=at)
    if until is not None:
        raise StateError(
            say("验证码连续错了 {n} 次，{minutes} 分钟内不再受理", n=rule.tries, minutes=rule.lock.seconds // 60),
            remedy=say("到时再试，或用通行密钥；不是您试的，就告诉管理员"),
        )


def _count(wrong: WrongCodes, *, is_right: bool, at: datetime) -> None:
    is_past = at - wrong.last_at >= signing.load().lock
    wrong.count = 0 if is_right else 1 if is_past else wrong.count + 1
    wrong.last_at = at
    wrong.save(update_fields=["count", "last_at"])


def _begun(actor: Actor, setup: str) -> bytes:
    try:
        held = sealing.opened(base64.urlsafe_b64decode(setup.encode()))
    except (binascii.Error, ValueError, StateError) as err:
        raise _stale() from err
    if held[:KEY_BYTES] != actor.user_id.bytes:
        raise _stale()
    return held[KEY_BYTES:]


def _stale() -> InputError:
    return InputError(say("这一页已经失效"), remedy=say("重新打开这一页，再扫一次码"), field="passcode")


def _wrong() -> InputError:
    return InputError(
        say("验证码不对"), remedy=say("核对手机时间，等下一个码再输；也可以用一个备用码"), field="passcode"
    )
