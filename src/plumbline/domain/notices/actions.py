"""Writes of notices: tell an organisation or a person, mark as read, say how one wants them by mail, remind once; tell
other systems of what happened.

A letter is written in the transaction of the act it tells of, and sent later by a job: see `jobs`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from plumbline.domain.accounts.types import Actor
from plumbline.domain.notices import queries, rules, secret_letters, webhooks
from plumbline.domain.notices.models import Letter, Line, Notice, Reader
from plumbline.domain.notices.types import Addressee, Due, Telling, Wishes
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import AccessError, InputError, InputErrors, Text, say
from plumbline.rulebook import notices as rulebook

CASE, WORK, CERTIFICATE, REMINDER, ACCOUNT = "case", "work", "certificate", "reminder", "account"

AT_ONCE = 1_000
"""So many notices are written in one statement."""

announce, publish = webhooks.announce, webhooks.publish
subscribe, end_subscription, renew_secret = webhooks.subscribe, webhooks.end_subscription, webhooks.renew_secret
try_address, redeliver = webhooks.try_address, webhooks.redeliver
write_secret_letter, drop_letter = secret_letters.write, secret_letters.drop


def tell(recipient_id: UUID, text: Text, *, link: str, at: datetime, kind: str = CASE) -> None:
    """Leave a sentence for an organisation; it commits or falls with the act that it tells of."""
    _leave(Notice(recipient_id=recipient_id, kind=kind, link=link, at=at), text)


def tell_person(addressee: Addressee, text: Text, *, link: str, at: datetime, kind: str = WORK) -> None:
    """Leave a sentence for one person of an organisation, as `tell`."""
    row = Notice(recipient_id=addressee.organisation_id, person_id=addressee.person_id, kind=kind, link=link, at=at)
    _leave(row, text)


def tell_all(tellings: Iterable[Telling], *, at: datetime, kind: str) -> None:
    """Leave many sentences for organisations at once, as `tell`; letters are written to those alone who want them."""
    rows = [
        _said(Notice(recipient_id=each.recipient_id, kind=kind, link=each.link, at=at), each.text) for each in tellings
    ]
    Notice.objects.bulk_create(rows, batch_size=AT_ONCE)
    if rows and queries.is_mail_set_up():
        with scoped(EVERYTHING):
            readers = Reader.objects.filter(
                organisation_id__in={row.recipient_id for row in rows}, confirmed_at__isnull=False
            )
            reached = set(readers.exclude(address="").values_list("organisation_id", flat=True))
        for row in rows:
            if row.recipient_id in reached:
                _post(row)


def _leave(row: Notice, text: Text) -> None:
    _said(row, text).save(force_insert=True)
    if queries.is_mail_set_up():
        _post(row)


def _said(row: Notice, text: Text) -> Notice:
    """Return a notice with its sentence; its kind is one of the rulebook's."""
    rulebook.kind(row.kind)
    row.template = text.template
    row.params = {name: rules.kept(value) for name, value in text.params.items()}
    return row


def _post(row: Notice) -> None:
    """Write a letter to every reader who wants this kind at once; whoever acts need not see who they are."""
    with scoped(EVERYTHING):
        readers = Reader.objects.filter(organisation_id=row.recipient_id, confirmed_at__isnull=False)
        if row.person_id is not None:
            readers = readers.filter(user__person_id=row.person_id)
        for reader in readers.exclude(address=""):
            if rules.frequency(reader.wishes, row.kind) == rulebook.IMMEDIATE:
                due_at = rulebook.due_at(row.kind, row.at)
                write_letter(reader, "notice", notices=[row.id], at=row.at, due_at=due_at)


def write_letter(
    reader: Reader, kind: str, *, notices: Iterable[UUID] = (), at: datetime, due_at: datetime | None = None
) -> UUID:
    """Put a letter into the outbox, with the notices it brings; returns its id. due_at: when it may go."""
    letter = Letter.objects.create(
        reader=reader, organisation_id=reader.organisation_id, kind=kind, made_at=at, due_at=due_at or at
    )
    Line.objects.bulk_create(
        Line(letter=letter, reader=reader, notice_id=each, organisation_id=reader.organisation_id) for each in notices
    )
    return letter.id


def mark_read(actor: Actor, *, at: datetime, only: UUID | None = None) -> int:
    """Mark what somebody's inbox holds unread as read, or only one notice of it; returns how many."""
    unread = queries.inbox(actor).filter(read_at__isnull=True)
    return (unread if only is None else unread.filter(pk=only)).update(read_at=at)


def mark_unread(actor: Actor, notice_id: UUID) -> int:
    """Mark a notice as not read, so that it is seen again; returns how many were."""
    return queries.inbox(actor).filter(pk=notice_id, read_at__isnull=False).update(read_at=None)


@transaction.atomic
def wish(actor: Actor, wishes: Wishes, *, at: datetime) -> bool:
    """Keep how somebody wants the notices of the organisation they act for by mail; returns whether a confirmation
    of the address is on its way.

    A new address gets nothing but that until its holder confirms it. Raises: InputErrors beside the fields;
    AccessError for somebody who stands in for another.
    """
    if actor.behalf is not None:
        raise AccessError(say("代别人办理时不能改通知设置"), remedy=say("换回自己的角色再改"))
    faults: list[InputError] = []
    address = ""
    try:
        address = rules.require_address(wishes.address) if wishes.address.strip() else ""
    except InputError as error:
        faults.append(error)
    kinds = rulebook.load().kinds
    for kind, frequency in wishes.by_kind.items():
        if kind not in kinds or frequency not in rulebook.FREQUENCIES:
            faults.append(InputError(say("没有这样的选项"), remedy=say("从所列各项中选"), field=f"wish-{kind[:20]}"))
    if wishes.language not in dict(settings.LANGUAGES):
        faults.append(InputError(say("没有这种语言"), remedy=say("从所列各项中选"), field="language"))
    if faults:
        raise InputErrors(faults)
    row, is_new = Reader.objects.select_for_update().get_or_create(
        user_id=actor.user_id,
        organisation_id=actor.organisation_id,
        defaults={"language": wishes.language, "since": at},
    )
    is_changed = is_new or row.address != address
    row.language, row.wishes = wishes.language, {**row.wishes, **wishes.by_kind}
    if is_changed:
        row.address, row.confirmed_at, row.since = address, None, at
    row.save()
    if is_changed and address and queries.is_mail_set_up():
        write_letter(row, "confirm", at=at)
        return True
    return False


@transaction.atomic
def confirm(token: str, *, at: datetime) -> None:
    """Confirm an address by the link that was sent there. Raises: InputError for a link that no longer holds."""
    reader_id, address = queries.confirming(token)
    with scoped(EVERYTHING):
        row = Reader.objects.select_for_update().filter(pk=reader_id, address=address).first()
        if row is None:
            raise InputError(say("这个地址已经换掉，或者不再收通知"), remedy=say("到通知设置页看现在的地址"))
        if row.confirmed_at is None:
            row.confirmed_at = row.since = at
            row.save(update_fields=["confirmed_at", "since"])


def first_reminders(kind: str, dues: Sequence[Due], *, at: datetime) -> list[Due]:
    """Keep what is about to be told of ends, and return those not told before: each once, whoever runs beside us."""
    if not dues:
        return []
    rows = [(new_id(), each.subject_id, each.last_day, each.lead_days, each.recipient_id) for each in dues]
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into notices_reminder (id, kind, subject_id, last_day, lead_days, recipient_id, at)"
            " select id, %s, subject_id, last_day, lead_days, recipient_id, %s from unnest("
            "%s::uuid[], %s::uuid[], %s::date[], %s::int[], %s::uuid[])"
            " as due (id, subject_id, last_day, lead_days, recipient_id)"
            " on conflict do nothing returning subject_id, lead_days",
            [kind, at, *map(list, zip(*rows, strict=True))],
        )
        new = {(subject, lead) for subject, lead in cursor.fetchall()}
    return [each for each in dues if (each.subject_id, each.lead_days) in new]
