"""Rows of what exists: sites, instruments, measurement standards and their certificates, scopes, attestations.

Who sees them is in `migrations/_initial_protection.py`. A scope, a certificate of a measurement standard and an
attestation are facts: they only grow. The row of an instrument says how it stands now, the journal how it came so.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from plumbline.domain.rows.models import Row

_SIX_DIGITS = r"^[1-9][0-9]{5}$"
_STANDING = models.Q(replaced_by__isnull=True)


class Site(Row):
    """A place of an organisation where instruments stand, such as a filling station."""

    owner = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    address_zh = models.CharField(max_length=300, blank=True)
    address_en = models.CharField(max_length=300, blank=True)
    region_code = models.CharField(max_length=6)
    is_demo = models.BooleanField(default=False)
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name_zh"], name="site_once_an_owner"),
            models.CheckConstraint(condition=models.Q(region_code__regex=_SIX_DIGITS), name="site_region_six_digits"),
        ]
        indexes = [
            models.Index(fields=["region_code", "id"]),
            models.Index(fields=["name_zh"], name="site_by_name"),
        ]


class Instrument(Row):
    """One measuring instrument. `identity` is printed on it for life; `lookup_code` opens its public page.

    `category` is a code of the mandatory catalogue or OUTSIDE; `external_id` the owner's own number for it;
    `place` says where on the site (a nozzle number); `intake` names the import it came by.
    """

    class State(models.TextChoices):
        IN_USE = "in_use"
        OUT_OF_USE = "out_of_use"
        SEALED = "sealed"
        SCRAPPED = "scrapped"
        RETIRED = "retired"

    identity = models.CharField(max_length=20, unique=True)
    lookup_code = models.CharField(max_length=26, unique=True)
    category = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    model = models.CharField(max_length=120, blank=True)
    serial = models.CharField(max_length=80, blank=True)
    maker = models.CharField(max_length=200, blank=True)
    range_text = models.CharField(max_length=200, blank=True)
    accuracy_class = models.CharField(max_length=80, blank=True)
    owner = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True)
    region_code = models.CharField(max_length=6)
    state = models.CharField(max_length=12, choices=State.choices, default=State.IN_USE)
    place = models.CharField(max_length=120, blank=True)
    attributes = models.JSONField(default=dict)
    external_id = models.CharField(max_length=80, blank=True)
    acquired_on = models.DateField(null=True)
    is_demo = models.BooleanField(default=False)
    intake = models.UUIDField(null=True)
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "external_id"],
                condition=~models.Q(external_id=""),
                name="instrument_once_an_owners_number",
            ),
            models.CheckConstraint(
                condition=models.Q(region_code__regex=_SIX_DIGITS), name="instrument_region_six_digits"
            ),
            models.CheckConstraint(condition=~models.Q(name_zh=""), name="instrument_has_a_name"),
        ]
        indexes = [
            models.Index(fields=["owner", "id"], include=["category", "state"], name="instrument_by_owner"),
            models.Index(fields=["region_code", "category", "id"], name="instrument_by_region"),
            models.Index(fields=["site", "id"], name="instrument_by_site"),
            # Plain columns: a function in an index is not used under row-level security unless it is leak-proof.
            models.Index(fields=["serial"], name="instrument_by_serial"),
            models.Index(fields=["external_id"], name="instrument_by_external_id"),
            models.Index(fields=["name_zh"], name="instrument_by_name"),
            models.Index(fields=["name_en"], name="instrument_by_name_en"),
            models.Index(fields=["model"], name="instrument_by_model"),
            models.Index(fields=["maker"], name="instrument_by_maker"),
        ]


class MeasurementStandard(Row):
    """A measurement standard of an institution. What its certificates say lies in `StandardCertificate`."""

    class Level(models.TextChoices):
        NATIONAL = "national"
        PROVINCIAL = "provincial"
        MUNICIPAL = "municipal"
        COUNTY = "county"
        ENTERPRISE = "enterprise"

    owner = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=20)
    level = models.CharField(max_length=12, choices=Level.choices)
    custodian = models.ForeignKey("directory.Person", on_delete=models.PROTECT, null=True, related_name="+")
    is_demo = models.BooleanField(default=False)
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "code"], name="standard_once_a_code")]
        indexes = [models.Index(fields=["owner", "category"], name="standard_by_category")]


class StandardCertificate(Row):
    """One certificate of a measurement standard: range, uncertainty, parameters (decimal text), and its validity."""

    standard = models.ForeignKey(MeasurementStandard, on_delete=models.PROTECT, related_name="certificates")
    owner_id = models.UUIDField()
    certificate_no = models.CharField(max_length=80)
    certified_by = models.CharField(max_length=200)
    range_text = models.CharField(max_length=200, blank=True)
    uncertainty_text = models.CharField(max_length=120, blank=True)
    k = models.CharField(max_length=10, blank=True)
    parameters = models.JSONField(default=dict)
    valid_from = models.DateField()
    valid_to = models.DateField()
    certified_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standard", "certificate_no"], name="standard_certificate_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")), name="standard_certificate_span_in_order"
            ),
        ]
        indexes = [models.Index(fields=["standard", "-valid_to"], name="standard_certificate_newest")]


class Scope(Row):
    """An institution may verify one category in one area, in a span of days. Public: scopes are published.

    `region_codes` is the area's tree at the time of granting, old codes too: with it the database itself can tell which
    instruments an institution may see.
    """

    institution = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=20)
    region_code = models.CharField(max_length=6)
    region_codes = ArrayField(models.CharField(max_length=6))
    range_text = models.CharField(max_length=200, blank=True)
    uncertainty_text = models.CharField(max_length=120, blank=True)
    authorisation_no = models.CharField(max_length=80)
    valid_from = models.DateField()
    valid_to = models.DateField()
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "category", "region_code", "authorisation_no", "valid_from"], name="scope_once"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")), name="scope_span_in_order"
            ),
        ]
        indexes = [models.Index(fields=["institution", "category"], name="scope_by_category")]


class Attestation(Row):
    """Which logged statement attests a fact: a qualification, a scope, a standard's certificate, a body, its key."""

    class Kind(models.TextChoices):
        BODY = "body"
        BODY_KEY = "body_key"
        QUALIFICATION = "qualification"
        SCOPE = "scope"
        STANDARD = "standard"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    subject_id = models.UUIDField()
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    statement = models.OneToOneField("ledger.Statement", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["kind", "subject_id", "-id"], name="attestation_newest")]


class Definition(Row):
    """One edition of a register's definition as the database holds rows to it: a mirror of the rulebook's file."""

    register = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    mirrored_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["register", "-mirrored_at", "-id"], name="definition_newest")]


class Entry(Row):
    """One thing a simple register holds, under the key that names it there. What is said of it lies in `Period`.

    `number` stands in addresses, and keeps the periods of one entry apart from those of another.
    """

    number = models.BigIntegerField()
    register = models.CharField(max_length=40)
    key = models.CharField(max_length=400)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "key"], name="entry_once_a_key"),
            models.UniqueConstraint(fields=["number", "register"], name="entry_once_a_number"),
        ]


class Period(Row):
    """What a register says of an entry for a span of days; both days included, no last day where it goes on.

    Only grows: a later row `replaces` one, and then the database notes in `replaced_by` by which act. Rows of one act
    share `act_id`. No two standing rows of an entry share a day (see `migrations/_entries.py`).
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    number = models.BigIntegerField()
    register = models.CharField(max_length=40)
    key = models.CharField(max_length=400)
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=40)
    owner = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    region_code = models.CharField(max_length=6)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    values = models.JSONField()
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    replaced_by = models.UUIDField(null=True)
    act = models.CharField(max_length=40)
    act_id = models.UUIDField()
    reason = models.CharField(max_length=500, blank=True)
    intake = models.UUIDField(null=True)
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=100)
    role = models.CharField(max_length=40)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="period_span_in_order",
            ),
            models.CheckConstraint(condition=models.Q(region_code__regex=_SIX_DIGITS), name="period_region_six_digits"),
        ]
        indexes = [
            models.Index(fields=["register", "title", "id"], condition=_STANDING, name="period_in_order"),
            models.Index(fields=["register", "valid_to", "id"], condition=_STANDING, name="period_by_end"),
            models.Index(fields=["register", "id"], condition=_STANDING, name="period_as_written"),
            models.Index(
                fields=["register", "region_code", "valid_from"],
                include=["valid_to", "state"],
                condition=_STANDING,
                name="period_counted",
            ),
            models.Index(fields=["number", "valid_from"], name="period_of_entry"),
            models.Index(fields=["register", "key"], condition=_STANDING, name="period_by_key"),
        ]
