"""What people sign in with, and where they are signed in. No row holds a secret that could be used as it lies here:
secrets of apps are sealed, recovery codes and invitations kept as digests, of a passkey only the public key.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from plumbline.domain.rows.models import Row

USER = "accounts.User"


class SignIn(Row):
    """One sign-in of an account, from a device, until it ends. `confirmed_*`: how and when its holder last showed who
    they are.
    """

    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    address = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=200, blank=True)
    confirmed_by = models.CharField(max_length=20)
    confirmed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-begun_at"], name="sign_in_newest")]


class Passkey(Row):
    """The public half of a passkey."""

    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    credential_id = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField()
    count = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class CodeSecret(Row):
    """The secret of an account's authenticator app, sealed. `last_step`: the newest code taken; none is taken twice."""

    user = models.OneToOneField(USER, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    last_step = models.BigIntegerField()


class RecoveryCode(Row):
    """One recovery code, as a digest keyed in the data folder; good for one sign-in."""

    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")]


class WrongCodes(Row):
    """How often codes of an account were wrong since the last right one, and when last."""

    user = models.OneToOneField(USER, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()


class OutsideIdentity(Row):
    """Who an identity provider knows an account's holder as."""

    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=40)
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="outside_identity_of_one_account")]


class Invitation(Row):
    """An account promised to a person, with its first role, to whoever holds the link; kept as the link's digest.

    letter: the newest that brought the link to `address`; mails: how many there were, the last at `mailed_at`.
    """

    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    username = models.CharField(max_length=80)
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    region_code = models.CharField(max_length=6, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=10, blank=True)
    letter = models.ForeignKey("notices.Letter", on_delete=models.PROTECT, null=True, related_name="+")
    mailed_at = models.DateTimeField(null=True)
    mails = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(withdrawn_at__isnull=True), name="invitation_used_or_withdrawn"
            ),
            models.UniqueConstraint(
                fields=["username"], condition=Q(used_at=None, withdrawn_at=None), name="invitation_open_once"
            ),
        ]
