"""Who the token is, and the public check of a code, which needs none."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Path, Schema
from pydantic import JsonValue

from plumbline.domain.certificates import queries as certificates
from plumbline.errors import Hidden, ProofError, say
from plumbline.faces.api.bearing import Token, bearer_of
from plumbline.faces.api.certificates import StatusChange, detail_of
from plumbline.faces.api.document import scoped_to
from plumbline.faces.api.lists import InstrumentSaid
from plumbline.faces.api.problems import too_many
from plumbline.faces.api.routes import router
from plumbline.faces.api.shapes import Name, answers, either
from plumbline.faces.kit.allowance import wait_for_lookup


class Me(Schema):
    """The token a request came with, and as whom it acts."""

    token: str
    name: str
    scopes: list[str]
    is_machine: bool
    expires_on: date
    role: str
    organisation_id: UUID
    organisation: Name
    as_of: datetime


class CheckedCertificate(Schema):
    """What a label may show of a certificate: not the document's own code, which opens its bundle."""

    number: str
    kind: str
    status: str
    instrument: InstrumentSaid
    performed_on: date
    valid_until: date | None
    issued_at: datetime
    facts: dict[str, JsonValue]
    sha256: dict[str, str]
    logged_at: int | None
    changes: list[StatusChange]
    replaced_by: str | None


class Checked(Schema):
    """The answer to a public code. verdict: valid, due, failed, revoked, superseded; pending while not in the log."""

    verdict: str
    certificate: CheckedCertificate


@router.get(
    "/me",
    auth=Token(),
    response=answers(Me),
    tags=["public"],
    operation_id="get_me",
    summary=gettext_noop("这个令牌是谁的，能办什么"),
    openapi_extra=scoped_to(),
)
def me(request: HttpRequest) -> Me:
    """Return who asks."""
    found = bearer_of(request)
    return Me(
        token=found.token.prefix,
        name=found.token.name,
        scopes=list(found.token.scopes),
        is_machine=found.token.is_machine,
        expires_on=found.token.expires_on,
        role=found.actor.role,
        organisation_id=found.actor.organisation_id,
        organisation=either(found.actor.organisation_name, found.actor.organisation_name_en),
        as_of=timezone.now(),
    )


@router.get(
    "/check/{code}",
    auth=None,
    response=answers(Checked),
    tags=["public"],
    operation_id="check_code",
    summary=gettext_noop("查验证书或器具上的码，不用令牌"),
)
def check(request: HttpRequest, code: Path[str]) -> Checked:
    """Return what a public code opens. Raises: Hidden, alike for unknown and forbidden; ProofError; TooManyError."""
    if wait_s := wait_for_lookup(request):
        raise too_many(wait_s)
    found = certificates.check(code.replace("-", "").strip(), on=timezone.localdate())
    if found.verdict == "mismatch":
        raise ProofError(say("保存的内容和签名的不符"), remedy=say("不要依据它；请联系出具单位"))
    if found.certificate is None or found.certificate.is_load_test:
        raise Hidden(say("没有这个码"), remedy=say("核对 26 个字符的码"))
    shown = detail_of(found.certificate).model_dump(include=set(CheckedCertificate.model_fields))
    return Checked(verdict=found.verdict, certificate=CheckedCertificate(**shown))
