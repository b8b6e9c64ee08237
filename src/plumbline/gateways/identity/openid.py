"""Sign-in at an identity provider: OpenID Connect Core 1.0, code flow, with state, nonce and PKCE (RFC 7636, S256).

Answers where to send the reader, and who the provider says they are. Leaves whose account that is to the platform:
what a provider says of names and mail addresses is not even asked.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import quote_plus, urlencode, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
)

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from plumbline.errors import InputError, OutsideError, ProofError, Term, say

TIMEOUT_S = 5
LEEWAY_S = 60
ANSWER_BYTES = 200_000
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA", "Ed25519")
"""Signatures by a key of the provider's own: none made with a secret both know, and none at all."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
FAILURES = (OSError, HTTPException, JoseError, ValueError, TypeError, KeyError)


@dataclass(frozen=True)
class Provider:
    """An identity provider, as the operator has written it into the data folder."""

    key: str
    name: Term
    issuer: str
    client_id: str
    client_secret: str = ""


@dataclass(frozen=True)
class Asked:
    """A question to a provider, kept in the session of whoever is sent there, to be met by one answer."""

    provider: str
    state: str
    nonce: str
    verifier: str
    back: str


@dataclass(frozen=True)
class Identity:
    """Who a provider says somebody is: a subject of that issuer, for life."""

    provider: str
    issuer: str
    subject: str


def require_safe(provider: Provider) -> None:
    """Pass if the provider is asked over TLS, or lies on this machine. Raises: InputError."""
    if _is_safe(provider.issuer):
        return
    raise InputError(
        say("身份提供方 {key} 的地址 {issuer} 不是 https", key=provider.key, issuer=provider.issuer),
        remedy=say("在 providers.toml 里改成 https 的地址"),
    )


def ask(provider: Provider, *, back: str) -> tuple[str, Asked]:
    """Return where to send the reader, and what to keep until they are back at the address `back`.

    Raises: OutsideError if the provider does not answer.
    """
    state, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    asked = Asked(provider.key, state, nonce, secrets.token_urlsafe(48), back)
    try:
        endpoint = str(_metadata(provider)["authorization_endpoint"])
    except FAILURES as err:
        raise _silent(provider) from err
    challenge = create_s256_code_challenge(asked.verifier)
    url = prepare_grant_uri(
        endpoint, client_id=provider.client_id, response_type="code", redirect_uri=back, scope="openid", state=state,
        nonce=nonce, code_challenge=challenge, code_challenge_method="S256",
    )  # fmt: skip
    return str(url), asked


def identity(provider: Provider, asked: Asked, *, answer: Mapping[str, str]) -> Identity:
    """Return who the provider says the reader is. answer: the parameters of the address they came back to.

    Raises: InputError if the reader or the provider declined, or the answer is to another question; ProofError if what
    the provider signed does not hold; OutsideError if it does not answer.
    """
    if not secrets.compare_digest(answer.get("state", "").encode(), asked.state.encode()):
        raise InputError(say("这次登录不是从这个窗口开始的"), remedy=say("回登录页重新开始"))
    if "error" in answer or not answer.get("code"):
        raise InputError(
            say("{provider}没有确认您的身份", provider=provider.name), remedy=say("换一种登录方式，或再试一次")
        )
    if answer.get("iss", provider.issuer) != provider.issuer:  # RFC 9207: another provider's answer
        raise _unproved(provider)
    try:
        metadata = _metadata(provider)
        token = _token(provider, asked, code=answer["code"], endpoint=str(metadata["token_endpoint"]))
        found = _asked(Request(str(metadata["jwks_uri"])))  # noqa: S310  # `_asked` looks at it
        keys = KeySet.import_key_set(found)  # type: ignore[arg-type]  # what is no key set is refused there
    except HTTPError as err:
        raise (_declined(provider) if err.code == HTTPStatus.BAD_REQUEST else _silent(provider)) from err
    except FAILURES as err:
        raise _silent(provider) from err
    return Identity(provider.key, provider.issuer, _subject(provider, asked, token=token, keys=keys))


def _token(provider: Provider, asked: Asked, *, code: str, endpoint: str) -> Mapping[str, object]:
    """Return what the code is exchanged for.

    Source: OpenID Connect Core 1.0, 3.1.3.1; RFC 6749, 2.3.1; RFC 7636, 4.5.
    """
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": asked.back, "code_verifier": asked.verifier,
        "client_id": provider.client_id,
    }  # fmt: skip
    request = Request(endpoint, data=urlencode(form).encode())  # noqa: S310  # `_asked` looks at it
    if provider.client_secret:
        pair = f"{quote_plus(provider.client_id)}:{quote_plus(provider.client_secret)}"
        request.add_header("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}")
    return _asked(request)


def _subject(provider: Provider, asked: Asked, *, token: Mapping[str, object], keys: KeySet) -> str:
    """Return the subject of the id token. Source: OpenID Connect Core 1.0, 3.1.3.7."""
    expected = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }
    known = {"nonce": asked.nonce, "client_id": provider.client_id, "access_token": token.get("access_token")}
    try:
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        read = jwt.decode(str(token["id_token"]), keys, registry=registry)
        claims = CodeIDToken(read.claims, read.header, expected, known)
        claims.validate(leeway=LEEWAY_S)
    except FAILURES as err:
        raise _unproved(provider) from err
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:  # Core 1.0, 2: at most 255 characters
        raise _unproved(provider)
    return subject


def _metadata(provider: Provider) -> Mapping[str, object]:
    """Return what the provider says of itself. Source: OpenID Connect Discovery 1.0, 4."""
    address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    found = _asked(Request(address))  # noqa: S310  # `_asked` looks at it
    if found["issuer"] != provider.issuer:  # Discovery 1.0, 4.3
        raise ValueError("the provider calls itself by another name")
    return found


def _asked(request: Request) -> dict[str, object]:
    """Return the JSON object a provider answers with; it sends nowhere else, and nothing but the web is asked."""
    if not _is_safe(request.full_url):
        raise ValueError("the provider names an address without TLS")
    request.add_header("Accept", "application/json")
    opener = OpenerDirector()
    for handler in (HTTPHandler, HTTPSHandler, HTTPErrorProcessor, HTTPDefaultErrorHandler):
        opener.add_handler(handler())
    with opener.open(request, timeout=TIMEOUT_S) as response:
        content = response.read(ANSWER_BYTES + 1)
    if len(content) > ANSWER_BYTES:
        raise ValueError("the provider's answer is too long")
    found = json.loads(content)
    if not isinstance(found, dict):
        raise ValueError("the provider's answer is no object")  # noqa: TRY004  # of an answer, not of an argument
    return found


def _is_safe(address: str) -> bool:
    found = urlsplit(address)
    return found.scheme == "https" or (found.scheme == "http" and found.hostname in LOOPBACK)


def _declined(provider: Provider) -> InputError:
    what = say("{provider}没有确认您的身份", provider=provider.name)
    return InputError(what, remedy=say("换一种登录方式，或再试一次"))


def _silent(provider: Provider) -> OutsideError:
    return OutsideError(
        say("{provider}现在没有应答", provider=provider.name),
        remedy=say("过一会儿再试，或用别的方式登录"),
        may_retry=True,
    )


def _unproved(provider: Provider) -> ProofError:
    return ProofError(
        say("{provider}给的身份没有通过核对", provider=provider.name), remedy=say("不要继续；告诉管理员看日志")
    )
