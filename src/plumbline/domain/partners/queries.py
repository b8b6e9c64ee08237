"""Reads of partners: the packages of an office, their files, what an import of answers knows."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q

from plumbline.domain.accounts.types import Actor
from plumbline.domain.partners import answering, giving
from plumbline.domain.partners.models import Package
from plumbline.domain.partners.types import PackageFacts
from plumbline.errors import Hidden, say
from plumbline.gateways.partners import PARTNERS
from plumbline.gateways.partners.answers import TEMPLATE
from plumbline.gateways.partners.model import Partner

PACKAGES_SHOWN = 20
answer_template, answer_sentences = TEMPLATE, answering.SENTENCES


def partners() -> tuple[Partner, ...]:
    """Return every partner there are files for."""
    return tuple(PARTNERS.values())


def partner(partner_id: str) -> Partner:
    """Return one partner. Raises: Hidden."""
    if partner_id not in PARTNERS:
        raise Hidden(say("没有这个对接系统"), remedy=say("从清单里选"))
    return PARTNERS[partner_id]


def packages_of(actor: Actor, partner_id: str) -> list[PackageFacts]:
    """Return the newest packages of the actor's office, with how many of their things were answered how."""
    rows = Package.objects.filter(partner=partner_id, organisation_id=actor.organisation_id).annotate(
        accepted=Count("answer", filter=Q(answer__outcome="accepted")),
        rejected=Count("answer", filter=Q(answer__outcome="rejected")),
    )
    return [
        PackageFacts(
            each.id, each.partner, each.format, each.person_name, each.only_new, each.made_at, each.accepted,
            each.rejected,
        )
        for each in rows.order_by("-made_at", "-id")[:PACKAGES_SHOWN]
    ]  # fmt: skip


def content_of(actor: Actor, package: PackageFacts) -> Iterator[bytes]:
    """Yield the file of a package piece by piece, each under the actor's scope. See `giving`."""
    return giving.content_of(actor, PARTNERS[package.partner], package_id=package.id, only_new=package.only_new)
