"""Accounts and the roles they act in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from plumbline.domain.accounts.models_delegation import Absence, Delegation
from plumbline.domain.rows.models import Row, new_id

__all__ = ["Absence", "Delegation", "Membership", "User", "UserManager"]


class UserManager(BaseUserManager["User"]):
    """Finds accounts by their name; accounts are made by actions only."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser):
    """One login of one person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=80, unique=True)
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(username=""), name="user_has_a_name")]


class Membership(Row):
    """The right to act for one organisation in one role, where the role is bounded by an area, in that region.

    A role given again is a row of its own; a row is only ever ended.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT)
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    region_code = models.CharField(max_length=6, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role", "valid_from"], name="membership_once_from_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="membership_span_in_order",
            ),
        ]


class Token(Row):
    """What a program asks by in place of a sign-in: of a person in one membership, or of a role in an organisation.

    The secret is kept as a hash alone; a row is only ever ended.
    """

    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=80)
    scopes = models.JSONField()
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT)
    role = models.CharField(max_length=40, blank=True)
    region_code = models.CharField(max_length=6, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT)
    made_at = models.DateTimeField()
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(membership__isnull=False, role="")
                | models.Q(membership__isnull=True) & ~models.Q(role=""),
                name="token_has_one_holder",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="token_has_a_name"),
        ]
        indexes = [models.Index(fields=["organisation", "-made_at", "-id"], name="token_newest")]
