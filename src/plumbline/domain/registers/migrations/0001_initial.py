"""The first tables of the room `registers`, and what the database itself holds for them."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import plumbline.domain.rows.models
from plumbline.domain.registers.migrations import _initial_protection


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("directory", "0001_initial"),
        ("ledger", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="MeasurementStandard",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("name_zh", models.CharField(max_length=200)),
                ("name_en", models.CharField(blank=True, max_length=200)),
                ("category", models.CharField(max_length=20)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("national", "National"),
                            ("provincial", "Provincial"),
                            ("municipal", "Municipal"),
                            ("county", "County"),
                            ("enterprise", "Enterprise"),
                        ],
                        max_length=12,
                    ),
                ),
                ("is_demo", models.BooleanField(default=False)),
                ("registered_at", models.DateTimeField()),
                (
                    "custodian",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Scope",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("category", models.CharField(max_length=20)),
                ("region_code", models.CharField(max_length=6)),
                (
                    "region_codes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=6), size=None),
                ),
                ("range_text", models.CharField(blank=True, max_length=200)),
                ("uncertainty_text", models.CharField(blank=True, max_length=120)),
                ("authorisation_no", models.CharField(max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("granted_at", models.DateTimeField()),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name_zh", models.CharField(max_length=200)),
                ("name_en", models.CharField(blank=True, max_length=200)),
                ("address_zh", models.CharField(blank=True, max_length=300)),
                ("address_en", models.CharField(blank=True, max_length=300)),
                ("region_code", models.CharField(max_length=6)),
                ("is_demo", models.BooleanField(default=False)),
                ("registered_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Instrument",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("identity", models.CharField(max_length=20, unique=True)),
                ("lookup_code", models.CharField(max_length=26, unique=True)),
                ("category", models.CharField(max_length=20)),
                ("name_zh", models.CharField(max_length=200)),
                ("name_en", models.CharField(blank=True, max_length=200)),
                ("model", models.CharField(blank=True, max_length=120)),
                ("serial", models.CharField(blank=True, max_length=80)),
                ("maker", models.CharField(blank=True, max_length=200)),
                ("range_text", models.CharField(blank=True, max_length=200)),
                ("accuracy_class", models.CharField(blank=True, max_length=80)),
                ("region_code", models.CharField(max_length=6)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("in_use", "In Use"),
                            ("out_of_use", "Out Of Use"),
                            ("sealed", "Sealed"),
                            ("scrapped", "Scrapped"),
                            ("retired", "Retired"),
                        ],
                        default="in_use",
                        max_length=12,
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=120)),
                ("attributes", models.JSONField(default=dict)),
                ("external_id", models.CharField(blank=True, max_length=80)),
                ("acquired_on", models.DateField(null=True)),
                ("is_demo", models.BooleanField(default=False)),
                ("intake", models.UUIDField(null=True)),
                ("registered_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.organisation"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="registers.site"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StandardCertificate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("owner_id", models.UUIDField()),
                ("certificate_no", models.CharField(max_length=80)),
                ("certified_by", models.CharField(max_length=200)),
                ("range_text", models.CharField(blank=True, max_length=200)),
                ("uncertainty_text", models.CharField(blank=True, max_length=120)),
                ("k", models.CharField(blank=True, max_length=10)),
                ("parameters", models.JSONField(default=dict)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("certified_at", models.DateTimeField()),
                (
                    "standard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="registers.measurementstandard",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attestation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("body", "Body"),
                            ("body_key", "Body Key"),
                            ("qualification", "Qualification"),
                            ("scope", "Scope"),
                            ("standard", "Standard"),
                        ],
                        max_length=16,
                    ),
                ),
                ("subject_id", models.UUIDField()),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                (
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.statement"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "subject_id", "-id"], name="attestation_newest")],
            },
        ),
        migrations.AddIndex(
            model_name="measurementstandard",
            index=models.Index(fields=["owner", "category"], name="standard_by_category"),
        ),
        migrations.AddConstraint(
            model_name="measurementstandard",
            constraint=models.UniqueConstraint(fields=("owner", "code"), name="standard_once_a_code"),
        ),
        migrations.AddIndex(
            model_name="scope",
            index=models.Index(fields=["institution", "category"], name="scope_by_category"),
        ),
        migrations.AddConstraint(
            model_name="scope",
            constraint=models.UniqueConstraint(
                fields=("institution", "category", "region_code", "authorisation_no", "valid_from"), name="scope_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="scope",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__gte", models.F("valid_from"))), name="scope_span_in_order"
            ),
        ),
        migrations.AddIndex(
            model_name="site",
            index=models.Index(fields=["region_code", "id"], name="registers_s_region__1336e4_idx"),
        ),
        migrations.AddConstraint(
            model_name="site",
            constraint=models.UniqueConstraint(fields=("owner", "name_zh"), name="site_once_an_owner"),
        ),
        migrations.AddConstraint(
            model_name="site",
            constraint=models.CheckConstraint(
                condition=models.Q(("region_code__regex", "^[1-9][0-9]{5}$")), name="site_region_six_digits"
            ),
        ),
        migrations.AddIndex(
            model_name="instrument",
            index=models.Index(fields=["owner", "id"], include=("category", "state"), name="instrument_by_owner"),
        ),
        migrations.AddIndex(
            model_name="instrument",
            index=models.Index(fields=["region_code", "category", "id"], name="instrument_by_region"),
        ),
        migrations.AddIndex(
            model_name="instrument",
            index=models.Index(fields=["site", "id"], name="instrument_by_site"),
        ),
        migrations.AddIndex(
            model_name="instrument",
            index=models.Index(fields=["serial"], name="instrument_by_serial"),
        ),
        migrations.AddIndex(
            model_name="instrument",
            index=models.Index(fields=["external_id"], name="instrument_by_external_id"),
        ),
        migrations.AddConstraint(
            model_name="instrument",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("owner", "external_id"),
                name="instrument_once_an_owners_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="instrument",
            constraint=models.CheckConstraint(
                condition=models.Q(("region_code__regex", "^[1-9][0-9]{5}$")), name="instrument_region_six_digits"
            ),
        ),
        migrations.AddConstraint(
            model_name="instrument",
            constraint=models.CheckConstraint(
                condition=models.Q(("name_zh", ""), _negated=True), name="instrument_has_a_name"
            ),
        ),
        migrations.AddIndex(
            model_name="standardcertificate",
            index=models.Index(fields=["standard", "-valid_to"], name="standard_certificate_newest"),
        ),
        migrations.AddConstraint(
            model_name="standardcertificate",
            constraint=models.UniqueConstraint(fields=("standard", "certificate_no"), name="standard_certificate_once"),
        ),
        migrations.AddConstraint(
            model_name="standardcertificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__gte", models.F("valid_from"))), name="standard_certificate_span_in_order"
            ),
        ),
        *_initial_protection.OPERATIONS,
    ]
