"""Writes of credentials: sign-ins begun and ended, ways to sign in added, used and removed, invitations."""

from plumbline.domain.credentials.actions.codes import (
    add_code_app,
    begin_code_app,
    code_app_again,
    remove_code_app,
    renew_recovery_codes,
    tell_recovery,
    use_code,
)
from plumbline.domain.credentials.actions.inviting import accept, invite, renew, withdraw
from plumbline.domain.credentials.actions.outside import add_outside, remove_outside, use_outside
from plumbline.domain.credentials.actions.passkeys import Question, add_passkey, remove_passkey, use_passkey
from plumbline.domain.credentials.actions.recovery import forget_ways
from plumbline.domain.credentials.actions.sign_ins import (
    begin,
    confirm,
    end,
    end_all,
    end_others,
    own_password_changed,
    seen,
    signed_out,
)

__all__ = [
    "Question",
    "accept",
    "add_code_app",
    "add_outside",
    "add_passkey",
    "begin",
    "begin_code_app",
    "code_app_again",
    "confirm",
    "end",
    "end_all",
    "end_others",
    "forget_ways",
    "invite",
    "own_password_changed",
    "remove_code_app",
    "remove_outside",
    "remove_passkey",
    "renew",
    "renew_recovery_codes",
    "seen",
    "signed_out",
    "tell_recovery",
    "use_code",
    "use_outside",
    "use_passkey",
    "withdraw",
]
