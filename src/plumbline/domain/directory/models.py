"""Rows of regions, organisations, people and their qualifications.

Regions are effective-dated: a code may be merged, renamed or renumbered; every edition known is accepted.
None of these tables is under row-level security: regions are public, who an organisation is and who may verify what
are public too, and a login must find its person before any scope is known. Faces show names only where they belong.
"""

from __future__ import annotations

from django.db import models

from plumbline.domain.rows.models import Row


class Region(Row):
    """One administrative division under one name, as long as it was listed so (GB/T 2260).

    `successor_code` is filled only where the whole territory went to one code; all that is known of a code's end is in
    `Succession`. `valid_from` and `valid_to` are empty where no source told the day.
    """

    class Level(models.IntegerChoices):
        PROVINCE = 1
        PREFECTURE = 2
        COUNTY = 3

    code = models.CharField(max_length=6)
    level = models.SmallIntegerField(choices=Level.choices)
    name = models.CharField(max_length=80)
    parent_code = models.CharField(max_length=6, blank=True)
    first_edition = models.CharField(max_length=20)
    last_edition = models.CharField(max_length=20)
    last_year = models.SmallIntegerField()
    is_current = models.BooleanField()
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    successor_code = models.CharField(max_length=6, blank=True)
    change_source = models.TextField(blank=True)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "level", "name"], name="region_once_a_name"),
            models.CheckConstraint(condition=models.Q(code__regex=r"^[1-9][0-9]{5}$"), name="region_code_six_digits"),
        ]
        indexes = [models.Index(fields=["parent_code"]), models.Index(fields=["successor_code"])]


class Succession(Row):
    """Territory of one code went to another: all of it or a part, with the source that says so."""

    class Share(models.TextChoices):
        ALL = "all"
        PART = "part"

    predecessor_code = models.CharField(max_length=6)
    successor_code = models.CharField(max_length=6)
    share = models.CharField(max_length=4, choices=Share.choices)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    year = models.SmallIntegerField(null=True)
    day = models.DateField(null=True)
    source = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor_code", "successor_code"], name="succession_once"),
            models.CheckConstraint(
                condition=~models.Q(predecessor_code=models.F("successor_code")), name="succession_to_another"
            ),
        ]
        indexes = [models.Index(fields=["successor_code"], name="succession_backwards")]


class Organisation(Row):
    """An organisation; one may play many roles. `warnings` holds codes of `rules.WARNINGS`."""

    uscc = models.CharField(max_length=18, unique=True, null=True)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    region_code = models.CharField(max_length=6)
    address_zh = models.CharField(max_length=300, blank=True)
    address_en = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    mail = models.CharField(max_length=200, blank=True)
    institution_code = models.CharField(max_length=12, unique=True, null=True)
    authorisation_no = models.CharField(max_length=80, blank=True)
    is_demo = models.BooleanField(default=False)
    warnings = models.JSONField(default=list)
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(name_zh=""), name="organisation_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(region_code__regex=r"^[1-9][0-9]{5}$"), name="organisation_region_six_digits"
            ),
        ]
        indexes = [
            models.Index(fields=["region_code"]),
            models.Index(fields=["name_zh"], name="organisation_by_name"),
            models.Index(fields=["name_en"], name="organisation_by_name_en"),
        ]


class Person(Row):
    """A person; personal data live here and can be erased without touching a hash."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    registered_at = models.DateTimeField()


class Qualification(Row):
    """A person may verify instruments of one category at one institution in a span of days."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    institution = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    category = models.CharField(max_length=20)
    number = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField()
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")), name="qualification_span_in_order"
            ),
            models.UniqueConstraint(
                fields=["person", "institution", "category", "number", "valid_from"], name="qualification_once"
            ),
        ]
        indexes = [models.Index(fields=["person", "category"])]
