"""Messages waiting for their readers, and the letters that bring some of them by mail."""

from __future__ import annotations

from django.db import models

from plumbline.domain.rows.models import Row


class Notice(Row):
    """A sentence for an organisation, or for one person there, written in the transaction of the act it tells of."""

    recipient_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=20, default="case")
    template = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["recipient_id", "-at", "-id"], name="notice_newest"),
            models.Index(fields=["recipient_id"], condition=models.Q(read_at=None), name="notice_unread"),
        ]


class Reader(Row):
    """Where and how somebody who acts for an organisation wants its notices by mail.

    wishes: kind of notice to immediate, daily or never, for those the reader has chosen. An address is used once its
    holder has confirmed it; `since` is from when on notices go there. `digested_on`: the day of the last digest.
    """

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    organisation_id = models.UUIDField()
    address = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=10)
    wishes = models.JSONField(default=dict)
    since = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    digested_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organisation_id"], name="reader_once_a_house")]
        indexes = [models.Index(fields=["organisation_id"], name="reader_of_house")]


class Letter(Row):
    """A mail to be sent: written with the act it tells of, delivered by a job until it is sent or given up.

    `due_at`: not to be tried before; whoever tries it moves it on first, so that a process that dies leaves it to be
    tried again. Its id is in its Message-ID: sent twice, it is seen to be the same. `sealed`: all of a letter to
    somebody who is no reader, address and secret link included; wiped once it is sent or given up.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        GIVEN_UP = "given_up"
        DROPPED = "dropped"

    reader = models.ForeignKey(Reader, on_delete=models.PROTECT, null=True)
    organisation_id = models.UUIDField()
    kind = models.CharField(
        max_length=10, choices=[(each, each) for each in ("notice", "digest", "confirm", "invitation")]
    )
    sealed = models.BinaryField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting", ended_at=None)
                | (~models.Q(state="waiting") & models.Q(ended_at__isnull=False)),
                name="letter_ended_or_waiting",
            ),
            models.CheckConstraint(
                condition=models.Q(reader__isnull=False) | models.Q(kind="invitation"), name="letter_to_a_reader"
            ),
            models.CheckConstraint(
                condition=models.Q(sealed=None) | models.Q(state="waiting"), name="letter_sealed_while_waiting"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=models.Q(state="waiting"), name="letter_due"),
            models.Index(fields=["-made_at", "-id"], name="letter_newest"),
            models.Index(fields=["reader", "-made_at"], name="letter_of_reader"),
        ]


class Line(Row):
    """A notice stands in a letter; to one reader it is sent in one letter only."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT)
    reader = models.ForeignKey(Reader, on_delete=models.PROTECT)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT)
    organisation_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "notice"], name="notice_once_to_a_reader")]


class Reminder(Row):
    """An organisation was reminded of an end: of what, which day, how many days before. Each once."""

    kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    last_day = models.DateField()
    lead_days = models.PositiveSmallIntegerField()
    recipient_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id", "last_day", "lead_days"], name="reminder_once")
        ]


class Subscription(Row):
    """An organisation wants to be told of some kinds of happenings at an address. A row is only ever ended.

    No secret is kept: it follows from the installation's own and `secret_number`. published: the hash of the
    catalogue it was told last.
    """

    organisation_id = models.UUIDField()
    url = models.CharField(max_length=500)
    kinds = models.JSONField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    secret_number = models.PositiveIntegerField(default=1)
    published = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(url=""), name="subscription_has_an_address")]
        indexes = [
            models.Index(
                fields=["organisation_id"], condition=models.Q(ended_at=None), name="subscription_of_organisation"
            )
        ]


class Delivery(Row):
    """A happening on its way to a subscription, written in the transaction of the act it tells of."""

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT)
    organisation_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    body = models.TextField()
    at = models.DateTimeField()
    state = models.CharField(max_length=10)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    answered = models.PositiveIntegerField(null=True)
    fault = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting", next_at__isnull=False)
                | models.Q(state__in=["delivered", "given_up"], next_at__isnull=True),
                name="delivery_waits_or_is_done",
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["subscription", "-at", "-id"], name="delivery_newest"),
        ]


class Change(Row):
    """Where a case stands: one row a case, rewritten as it moves. place: in the feed, none until it is numbered."""

    case = models.CharField(max_length=20, unique=True)
    owner_id = models.UUIDField()
    body_id = models.UUIDField()
    region_code = models.CharField(max_length=6)
    data = models.JSONField()
    at = models.DateTimeField()
    place = models.BigIntegerField(null=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["at", "id"], condition=models.Q(place=None), name="change_unplaced"),
            models.Index(fields=["owner_id", "place"], name="change_by_owner"),
            models.Index(fields=["body_id", "place"], name="change_by_body"),
        ]
