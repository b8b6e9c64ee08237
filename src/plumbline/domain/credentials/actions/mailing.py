"""Invitations by mail: the link goes to an address in a sealed letter, not through whoever invites.

The code lies nowhere else: a letter sent again brings a new one, and the old one opens nothing any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Sum

from plumbline.domain.credentials.models import Invitation
from plumbline.domain.credentials.types import Offer
from plumbline.domain.notices import actions as outbox
from plumbline.domain.notices import queries as notices
from plumbline.domain.notices.types import SecretLetter
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError, Term, Text, say
from plumbline.rulebook import signing
from plumbline.rulebook.calendar import legal_day

KIND = "invitation"
DAY = timedelta(days=1)


def require_mailable(offer: Offer, *, at: datetime) -> str:
    """Return the address of an offer as it is written to, "" for none.

    Raises: InputError beside `address` or `language`; where too many letters went out within a day.
    """
    if not offer.address.strip():
        return ""
    address = notices.require_mail(offer.address, language=offer.language)
    rule, since = signing.load(), at - DAY
    with scoped(EVERYTHING):
        rows = Invitation.objects.filter(address__iexact=address, mailed_at__gt=since)
        to_one = rows.aggregate(mails=Sum("mails"))["mails"] or 0
        of_house = notices.letters_since(offer.grant.organisation_id, KIND, at=since)
    if to_one >= rule.mails_to_one:
        raise _too_many(say("一天里给 {address} 已发过 {n} 封邀请", address=address, n=to_one))
    if of_house >= rule.mails:
        raise _too_many(say("一天里这个单位的邀请邮件已有 {n} 封", n=of_house))
    return address


def send(row: Invitation, code: str, *, at: datetime) -> None:
    """Write the letter that brings the link of an invitation, in the transaction that makes the code.

    Nothing is written for an invitation without an address. Saves the row.
    """
    take_back(row, at=at)
    if not row.address:
        return
    house = Term(row.organisation.name_zh, row.organisation.name_en or row.organisation.name_zh)
    text = say(
        "{house}请您在准绳开账号 {username}。打开下面的链接，自己定口令；{day} 前有效，只用一次。不是您，不必理会。",
        house=house, username=row.username, day=legal_day(row.ends_at),
    )  # fmt: skip
    letter = SecretLetter(row.address, row.language, say("请您开账号"), text, f"/invitation/{code}/")
    row.letter_id = outbox.write_secret_letter(row.organisation_id, KIND, letter=letter, at=at)
    is_today = row.mailed_at is not None and row.mailed_at > at - DAY
    row.mails = row.mails + 1 if is_today else 1
    row.mailed_at = at
    row.save(update_fields=["letter", "mails", "mailed_at"])


def take_back(row: Invitation, *, at: datetime) -> None:
    """Take back the letter of an invitation that waits still: its link opens nothing any more."""
    letter_id: UUID | None = row.letter_id
    if letter_id is not None:
        outbox.drop_letter(letter_id, at=at)


def _too_many(what: Text) -> InputError:
    return InputError(what, remedy=say("过一天再发，或不填邮箱，把链接当面交给本人"), field="address")
