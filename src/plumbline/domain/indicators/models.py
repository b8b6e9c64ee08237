"""Judgements kept for speed, never truth: each can be thrown away and computed again from the facts (`cells`).

`Stale` names what has changed below and is not counted yet. Its rows come from triggers on the tables of the facts, so
that an import, a bulk act and a statement typed by the database's owner are noticed alike.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from plumbline.domain.rows.models import Row


class Standing(models.Model):
    """How one instrument stands: by its newest document that was not superseded. `valid_until` only where it passed."""

    instrument = models.OneToOneField(
        "registers.Instrument", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    owner_id = models.UUIDField()
    region_code = models.CharField(max_length=6)
    category = models.CharField(max_length=20)
    state = models.CharField(max_length=12)
    standing = models.CharField(max_length=8)
    valid_until = models.DateField(null=True)
    certificate_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["region_code", "category", "state", "standing", "valid_until"], name="standing_by_region"
            ),
            models.Index(fields=["valid_until", "instrument"], name="standing_by_day"),
        ]


class Coverage(models.Model):
    """How many instruments of a category in a county stand alike.

    days: the last days of their documents, ascending; until: how many end by each of them, the day itself included. So
    a question for any day finds its place among the days instead of reading a row for each.
    """

    region_code = models.CharField(max_length=6)
    category = models.CharField(max_length=20)
    state = models.CharField(max_length=12)
    standing = models.CharField(max_length=8)
    days = ArrayField(models.DateField())
    until = ArrayField(models.PositiveIntegerField())
    count = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["region_code", "category"], name="coverage_by_region")]


class Measured(models.Model):
    """How many documents of a month say alike: `cut` tells by what beside the category they are divided."""

    region_code = models.CharField(max_length=6)
    month = models.DateField()
    body_id = models.UUIDField()
    category = models.CharField(max_length=20)
    cut = models.CharField(max_length=8, choices=[("maker", "maker"), ("age", "age")])
    value = models.CharField(max_length=200)
    kind = models.CharField(max_length=1)
    count = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["region_code", "month"], name="measured_by_region"),
            models.Index(fields=["cut", "month", "region_code"], name="measured_by_cut"),
        ]


class Handled(models.Model):
    """How many cases opened in a month stand alike. `is_on_time` is None where no limit was met or counted;
    `closed_month` is when they ended, `opened_on` the day of those that have not."""

    region_code = models.CharField(max_length=6)
    month = models.DateField()
    body_id = models.UUIDField()
    procedure = models.CharField(max_length=60)
    state = models.CharField(max_length=40)
    due_on = models.DateField(null=True)
    ended_month = models.DateField(null=True)
    is_on_time = models.BooleanField(null=True)
    closed_month = models.DateField(null=True)
    opened_on = models.DateField(null=True)
    count = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["region_code", "month"], name="handled_by_region"),
            models.Index(fields=["procedure", "region_code"], name="handled_by_procedure"),
        ]


class Timed(models.Model):
    """How many clocks of cases opened in a month stand alike: running till a day, or met in a month, on time or not.
    `is_on_time` is None where what a clock asks for was not done, or no last day was known."""

    region_code = models.CharField(max_length=6)
    month = models.DateField()
    body_id = models.UUIDField()
    procedure = models.CharField(max_length=60)
    clock = models.CharField(max_length=40)
    due_on = models.DateField(null=True)
    met_month = models.DateField(null=True)
    is_on_time = models.BooleanField(null=True)
    count = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["region_code", "month"], name="timed_by_region"),
            models.Index(fields=["procedure", "region_code"], name="timed_by_procedure"),
        ]


class Stays(models.Model):
    """How many cases opened in a month have spent so many days in a step they have left, all their stays in it added.
    A day is begun at midnight: what was left on the day it was entered counts 0."""

    region_code = models.CharField(max_length=6)
    month = models.DateField()
    body_id = models.UUIDField()
    procedure = models.CharField(max_length=60)
    step = models.CharField(max_length=40)
    days = models.PositiveIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["region_code", "month"], name="stays_by_region"),
            models.Index(fields=["procedure", "region_code"], name="stays_by_procedure"),
        ]


class Stale(models.Model):
    """A part of a figure that has to be counted anew: which figure, which county, which category or month."""

    figure = models.CharField(max_length=12)
    region_code = models.CharField(max_length=6)
    part = models.CharField(max_length=20)


class Refresh(Row):
    """When what was stale was last counted."""

    at = models.DateTimeField()
    parts = models.PositiveIntegerField()


class Report(Row):
    """The figures of a month as they were frozen: the hash of their file, and what was known by then.

    `arrival` is the place in the order of facts before which everything was counted (see `known`).
    """

    month = models.DateField(unique=True)
    frozen_at = models.DateTimeField()
    arrival = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    statement = models.OneToOneField("ledger.Statement", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(month__day=1), name="report_of_a_whole_month")]
