"""Says a fact to the log in the name of an institution, and keeps which statement attests which fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import OrganisationFacts
from plumbline.domain.ledger import actions as ledger
from plumbline.domain.ledger.types import NewStatement
from plumbline.domain.registers.models import Attestation
from plumbline.errors import InputError, say
from plumbline.evidence.canonical import Json


@dataclass(frozen=True)
class Saying:
    """A fact to be said to the log: what kind of fact, which one, the statement's type and members, the fact's span."""

    kind: str
    subject_id: UUID
    statement_type: str
    fields: Mapping[str, Json]
    valid_from: date | None = None
    valid_to: date | None = None


def attest(saying: Saying, issuer: OrganisationFacts, *, at: datetime) -> UUID:
    """Log a statement about a fact, signed by an institution; returns the id of the statement."""
    said = NewStatement(saying.statement_type, issuer.institution_code, saying.fields, issuer.id, issuer.is_demo)
    statement = ledger.submit(said, at=at)
    keep_attestation(saying, statement.id)
    return statement.id


def keep_attestation(saying: Saying, statement_id: UUID) -> None:
    """Keep which statement attests a fact."""
    Attestation.objects.create(
        kind=saying.kind,
        subject_id=saying.subject_id,
        statement_id=statement_id,
        valid_from=saying.valid_from,
        valid_to=saying.valid_to,
    )


def is_attested(kind: str, subject_id: UUID) -> bool:
    """Tell whether the log holds, or will hold, a statement about a fact."""
    return Attestation.objects.filter(kind=kind, subject_id=subject_id).exists()


def require_institution(organisation_id: UUID) -> OrganisationFacts:
    """Return the organisation. Raises: InputError if it has no institution code: nothing can be said in its name."""
    facts = directory.organisation(organisation_id)
    if not facts.institution_code:
        raise InputError(
            say("“{name}”没有机构代号，不是检定机构", name=facts.name_zh),
            remedy=say("先为机构登记机构代号"),
            field="institution",
        )
    return facts
