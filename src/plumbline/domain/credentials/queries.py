"""Reads of credentials: what an account may sign in with, where it is signed in, and is who acts known well enough."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, Assurance, Grant
from plumbline.domain.credentials import lists, rules
from plumbline.domain.credentials.models import (
    CodeSecret,
    Invitation,
    OutsideIdentity,
    Passkey,
    RecoveryCode,
    SignIn,
)
from plumbline.domain.credentials.types import (
    OUTSIDE,
    RECOVERY,
    InvitationFacts,
    Methods,
    Offer,
    OutsideFacts,
    PasskeyFacts,
    SignInFacts,
)
from plumbline.domain.rows import sealing
from plumbline.domain.rows.listing.spec import ListSpec
from plumbline.domain.rows.scope import Scope, scoped
from plumbline.errors import Hidden, InputError, StateError, Term, Unconfirmed, say
from plumbline.gateways.identity import openid, passkeys
from plumbline.gateways.identity.openid import Provider
from plumbline.gateways.identity.passkeys import Holder, Site
from plumbline.rulebook import signing

CHANGE = "sign_in.change"
INVITATIONS_MOST = 200


def require_fresh(actor: Actor, act: str, *, at: datetime) -> None:
    """Pass if the act asks for no fresh proof, or who acts has given one. Raises: Unconfirmed."""
    rule = signing.load()
    if act not in rule.acts or actor.assurance.by in rules.TRUSTED:
        return
    if not rules.is_fresh(actor.assurance, ways=_ways(actor, act), at=at, within=rule.fresh):
        minutes = int(rule.fresh.total_seconds()) // 60
        raise Unconfirmed(
            say("办这一步之前，先确认是您本人"), remedy=say("确认一次，{n} 分钟内再办不用确认", n=minutes)
        )


def is_fresh(actor: Actor, act: str, *, at: datetime) -> bool:
    """Tell whether `require_fresh` passes."""
    try:
        require_fresh(actor, act, at=at)
    except Unconfirmed:
        return False
    return True


def ways(user_id: UUID) -> frozenset[str]:
    """Return the ways in which an account confirms an act."""
    return rules.ways_of(has_second=has_second(user_id), is_demo=accounts.account_of(user_id).is_demo)


def _ways(actor: Actor, act: str) -> frozenset[str]:
    """Return the ways that will do: who has nothing else may change ways by what they came in with."""
    found = ways(actor.user_id)
    if act != CHANGE:
        return found
    return found | {RECOVERY} if has_second(actor.user_id) else found | {RECOVERY, OUTSIDE}


def has_second(user_id: UUID) -> bool:
    """Tell whether an account has a passkey or an app."""
    return Passkey.objects.filter(user_id=user_id).exists() or CodeSecret.objects.filter(user_id=user_id).exists()


def needs_second(user_id: UUID) -> bool:
    """Tell whether a password, or a provider's word, opens the account only with a second step.

    The passwords of the demo are told to everybody: whoever adds a passkey to one does not lock the others out.
    """
    return has_second(user_id) and not accounts.account_of(user_id).is_demo


def require_left(user_id: UUID, *, without: str) -> None:
    """Pass if an account can still be signed in to without one of its ways. Raises: StateError.

    A password or a provider opens it by themselves, and so does a passkey; an app is only ever the second step.
    """
    held = methods(user_id)
    passkeys_left = len(held.passkeys) - (without == "passkey")
    outside_left = len(held.outside) - (without == OUTSIDE)
    if not held.has_password and passkeys_left < 1 and outside_left < 1:
        raise StateError(say("移除以后就没有办法登录了"), remedy=say("先加一种别的登录方式"))


def methods(user_id: UUID) -> Methods:
    """Return all an account may sign in with."""
    app = CodeSecret.objects.filter(user_id=user_id).first()
    return Methods(
        has_password=accounts.account_of(user_id).has_password,
        passkeys=tuple(
            PasskeyFacts(row.id, row.name, row.made_at, row.used_at)
            for row in Passkey.objects.filter(user_id=user_id).order_by("made_at", "id")
        ),
        code_since=app.made_at if app else None,
        recovery_left=RecoveryCode.objects.filter(user_id=user_id, used_at=None).count(),
        outside=tuple(
            _outside_facts(row) for row in OutsideIdentity.objects.filter(user_id=user_id).order_by("made_at", "id")
        ),
    )


def _outside_facts(row: OutsideIdentity) -> OutsideFacts:
    known = providers().get(row.provider)
    return OutsideFacts(row.id, row.provider, known.name if known else None, row.subject, row.made_at, row.used_at)


def sign_ins(user_id: UUID, *, at: datetime) -> tuple[SignInFacts, ...]:
    """Return where an account is signed in, the newest first."""
    living = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    rows = SignIn.objects.filter(user_id=user_id, ended_at=None, seen_at__gt=living).order_by("-begun_at", "-id")
    return tuple(sign_in_facts(row) for row in rows)


def sign_in_facts(row: SignIn) -> SignInFacts:
    """Return the value of a row."""
    return SignInFacts(
        row.id, row.user_id, row.begun_at, row.seen_at, row.address, rules.device_name(row.device),
        Assurance(row.confirmed_by, row.confirmed_at),
    )  # fmt: skip


def passkey_registration(actor: Actor, site: Site, *, challenge: bytes) -> str:
    """Return what a browser is asked to make a passkey for the actor, as JSON. Raises: StateError."""
    passkeys.require_named(site)
    username = accounts.account_of(actor.user_id).username
    known = Passkey.objects.filter(user_id=actor.user_id).values_list("credential_id", flat=True)
    holder = Holder(actor.user_id.bytes, username, actor.name)
    return passkeys.registration(site, holder, known=[bytes(each) for each in known], challenge=challenge)


def passkey_question(site: Site, *, challenge: bytes, user_id: UUID | None = None) -> str:
    """Return what a browser is asked to show a passkey, as JSON. user_id: whose will do, None for anybody's."""
    passkeys.require_named(site)
    known = Passkey.objects.filter(user_id=user_id).values_list("credential_id", flat=True) if user_id else ()
    return passkeys.question(site, known=[bytes(each) for each in known], challenge=challenge)


def invitation_by(code: str, *, at: datetime) -> InvitationFacts:
    """Return the open invitation of a link. Raises: Hidden."""
    digest = invitation_digest(code)
    with scoped(Scope(lookup=digest)):
        row = Invitation.objects.filter(digest=digest).select_related("person", "organisation").first()
        found = invitation_facts(row) if row else None
    if found is None or not found.is_open(at):
        raise no_invitation()
    return found


def invitation(invitation_id: UUID) -> InvitationFacts:
    """Return an invitation. Raises: Hidden if there is none the scope sees."""
    row = Invitation.objects.filter(pk=invitation_id).select_related("person", "organisation").first()
    if row is None:
        raise no_such_invitation()
    return invitation_facts(row)


def no_such_invitation() -> Hidden:
    """Return the error of an invitation that is not there, or not theirs to see."""
    return Hidden(say("没有这个邀请"), remedy=say("从账号名册里选"))


def list_of_invitations() -> ListSpec:
    """Return the list of invitations nobody has used or withdrawn."""
    return lists.invitations()


def unused_invitations() -> tuple[InvitationFacts, ...]:
    """Return the invitations nobody has used or withdrawn, the newest first, as far as the scope sees them."""
    rows = Invitation.objects.filter(used_at=None, withdrawn_at=None)
    rows = rows.select_related("person", "organisation").order_by("-made_at", "-id")
    return tuple(invitation_facts(row) for row in rows[:INVITATIONS_MOST])


def invitation_facts(row: Invitation) -> InvitationFacts:
    """Return the value of a row."""
    grant = Grant(row.organisation_id, row.role, row.valid_from, row.region_code, row.valid_to)
    return InvitationFacts(
        row.id, Offer(row.person_id, row.username, grant, row.address, row.language), row.person.name_zh,
        row.person.name_en, row.organisation.name_zh, row.organisation.name_en, row.made_at, row.ends_at, row.used_at,
        row.withdrawn_at, row.letter_id,
    )  # fmt: skip


def invitation_digest(code: str) -> str:
    """Return the digest under which the invitation of a link is kept."""
    return sealing.digest("invitation", rules.plain_code(code))


def no_invitation() -> Hidden:
    """Return the one answer for a link that is none, used, withdrawn or too old."""
    return Hidden(say("这个邀请没有用，或者已经用过、撤回、过期"), remedy=say("请发邀请的人再发一个"))


def providers() -> Mapping[str, Provider]:
    """Return the identity providers people may sign in at, by key. Raises: InputError naming what is wrong with one."""
    return {key: _provider(key, _frozen(given)) for key, given in settings.PLUMBLINE_PROVIDERS.items()}


def provider(key: str) -> Provider:
    """Return one provider. Raises: Hidden if none is set up under that key."""
    found = providers().get(key)
    if found is None:
        raise Hidden(say("没有这个身份提供方"), remedy=say("回登录页重新选"))
    return found


def _frozen(given: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((str(name), str(value)) for name, value in given.items()))


@cache
def _provider(key: str, given: tuple[tuple[str, str], ...]) -> Provider:
    held = dict(given)
    if missing := {"issuer", "client_id", "name_zh"} - held.keys():
        raise InputError(
            say("providers.toml 的 {key} 缺 {missing}", key=key, missing="、".join(sorted(missing))),
            remedy=say("按 docs/how-to/settings.md 补上"),
        )
    secret_file = held.get("client_secret_file", "")
    secret = (Path(settings.PLUMBLINE_DATA) / secret_file).read_text().strip() if secret_file else ""
    name = Term(held["name_zh"], held.get("name_en", held["name_zh"]))
    found = Provider(key, name, held["issuer"], held["client_id"], secret)
    openid.require_safe(found)
    return found
