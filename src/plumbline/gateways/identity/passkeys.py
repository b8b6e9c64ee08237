"""Passkeys: what the browser is asked, and whether what its authenticator signed holds. Source: W3C WebAuthn level 3.

A passkey of ours is discoverable and asks for its holder (a PIN, a finger, a face): it is the name and both factors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from plumbline.errors import InputError, StateError, say

MALFORMED = (WebAuthnException, ValueError, TypeError, LookupError, RecursionError, OverflowError)
"""What reading an answer that somebody made up may raise."""
MOST_CHARACTERS = 20_000
"""What an authenticator answers has one or two thousand."""


@dataclass(frozen=True)
class Site:
    """Whom a passkey is for: the name of the host, and the address of its pages, `https://name:port`."""

    host: str
    origin: str


@dataclass(frozen=True)
class Holder:
    """Whose passkey it becomes: the handle that comes back with it, and the names an authenticator shows."""

    handle: bytes
    username: str
    name: str


@dataclass(frozen=True)
class PublicKey:
    """A passkey as we keep it."""

    credential_id: bytes
    public_key: bytes
    count: int


def require_named(site: Site) -> None:
    """Pass if the site has a name: browsers give passkeys to names only. Raises: StateError for an IP address."""
    try:
        ip_address(site.host.strip("[]"))
    except ValueError:
        return
    raise StateError(
        say("通行密钥不能用在 {host} 这样的数字地址上", host=site.host),
        remedy=say("用网站的名字打开，本机用 localhost"),
    )


def registration(site: Site, holder: Holder, *, known: Iterable[bytes], challenge: bytes) -> str:
    """Return the options of a registration as JSON. known: passkeys the holder has, not to be made twice."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name="Plumbline",
        user_id=holder.handle,
        user_name=holder.username,
        user_display_name=holder.name,
        challenge=challenge,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return options_to_json(options)


def registered(site: Site, answer: str, *, challenge: bytes) -> PublicKey:
    """Return the new passkey. Raises: InputError for an answer that does not hold."""
    try:
        found = verify_registration_response(
            credential=_bounded(answer),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except MALFORMED as err:
        raise _spoiled() from err
    return PublicKey(found.credential_id, found.credential_public_key, found.sign_count)


def question(site: Site, *, known: Iterable[bytes], challenge: bytes) -> str:
    """Return the options of a sign-in as JSON. known: whose passkeys will do; none: any of this site."""
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def credential_of(answer: str) -> bytes:
    """Return which passkey an answer says it is of. Raises: InputError."""
    try:
        return base64url_to_bytes(parse_authentication_credential_json(_bounded(answer)).id)
    except MALFORMED as err:
        raise _spoiled() from err


def answered(site: Site, answer: str, *, key: PublicKey, challenge: bytes) -> int:
    """Return the new count of a passkey that signed the challenge. Raises: InputError for an answer that does not hold,
    and for a count that did not grow, which says that the passkey has been copied.
    """
    try:
        found = verify_authentication_response(
            credential=_bounded(answer),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.count,
            require_user_verification=True,
        )
    except MALFORMED as err:
        raise _spoiled() from err
    return found.new_sign_count


def _bounded(answer: str) -> str:
    if len(answer) > MOST_CHARACTERS:
        raise _spoiled()
    return answer


def _spoiled() -> InputError:
    return InputError(say("这个通行密钥没有通过"), remedy=say("再试一次；还不行就换一种方式"), field="credential")
