"""Whose records the lists of an actor show: the own house's, those of the area, or all. Acts ask for themselves."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, Subject
from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import OrganisationFacts
from plumbline.errors import AccessError
from plumbline.rulebook import roles


def houses(actor: Actor) -> Sequence[OrganisationFacts]:
    """Return the institutions an actor looks after: the own house, those of the area, or all."""
    reach = roles.by_code(actor.role).reach
    if reach == "region":
        return directory.institutions_in(actor.regions)
    if reach == "everything":
        return directory.institutions()
    own = directory.organisation(actor.organisation_id)
    return (own,) if own.institution_code else ()


def is_near(actor: Actor, organisation: OrganisationFacts) -> bool:
    """Tell whether an actor may see who works in an organisation: the own one, one of the area, or any."""
    if organisation.id == actor.organisation_id or actor.sees_everything:
        return True
    return roles.by_code(actor.role).reach == "region" and organisation.region_code in actor.regions


def reaches(actor: Actor, right: str, *, organisation: OrganisationFacts) -> bool:
    """Tell whether an actor may use a right on what belongs to an organisation."""
    subject = Subject(organisation.id, organisation.id, organisation.region_code)
    try:
        accounts.require(actor, right, subject=subject)
    except AccessError:
        return False
    return True
