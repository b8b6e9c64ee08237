"""Packages given to partners, and their answers, thing by thing. Both only grow: a later answer is another row."""

from __future__ import annotations

from django.db import models

from plumbline.domain.rows.models import Row


class Package(Row):
    """One file given to a partner by an office: in which form, by whom, when. only_new: without what was accepted."""

    partner = models.CharField(max_length=40)
    format = models.CharField(max_length=60)
    organisation_id = models.UUIDField()
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=200)
    only_new = models.BooleanField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "-made_at"], name="package_newest")]


class Answer(Row):
    """What a partner said of one thing of a package. key: identity of an instrument, number of a certificate."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT)
    partner = models.CharField(max_length=40)
    organisation_id = models.UUIDField()
    record = models.CharField(max_length=20)
    key = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10, choices=[("accepted", "accepted"), ("rejected", "rejected")])
    their_id = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    intake = models.UUIDField()
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "record", "key"], name="answer_once_a_package"),
            models.CheckConstraint(
                condition=models.Q(outcome="rejected") | ~models.Q(their_id=""), name="accepted_has_an_identifier"
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "record", "key", "-taken_at"], name="answer_newest"),
            models.Index(fields=["partner", "record", "their_id"], name="answer_by_their_id"),
        ]
