"""Outcome documents of procedures: rows, numbers without gap by house, kind and year, what happened since."""

import django.db.models.deletion
from django.db import migrations, models

import plumbline.domain.rows.models
from plumbline.domain.certificates.migrations import _outcome_protection


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0007_numbers_looked_up_once"),
        ("directory", "0003_by_name"),
        ("ledger", "0002_era"),
    ]

    operations = [
        migrations.CreateModel(
            name="Outcome",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True)),
                ("kind", models.CharField(max_length=4)),
                ("year", models.PositiveSmallIntegerField()),
                ("serial", models.PositiveIntegerField()),
                ("code", models.CharField(max_length=26, unique=True)),
                ("procedure", models.CharField(max_length=60)),
                ("edition", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=60)),
                ("case_id", models.UUIDField()),
                ("sequence", models.PositiveIntegerField()),
                ("region_code", models.CharField(max_length=6)),
                ("granted_on", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("issued_at", models.DateTimeField()),
                ("facts", models.JSONField()),
                ("record_sha256", models.CharField(max_length=64)),
                ("pdf_sha256", models.CharField(max_length=64)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.organisation"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.organisation"
                    ),
                ),
                (
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.statement"
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="certificates.outcome",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutcomeEvent",
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
                            ("superseded", "superseded"),
                            ("suspended", "suspended"),
                            ("reinstated", "reinstated"),
                            ("revoked", "revoked"),
                        ],
                        max_length=20,
                    ),
                ),
                ("act", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("outcome", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="certificates.outcome")),
                (
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.statement"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutcomeSeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("institution_id", models.UUIDField()),
                ("kind", models.CharField(max_length=4)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution_id", "kind", "year"), name="outcome_series_once_a_year"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.UniqueConstraint(fields=("body", "kind", "year", "serial"), name="outcome_once_a_serial"),
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.UniqueConstraint(fields=("case_id", "sequence", "name"), name="outcome_once_an_act"),
        ),
        migrations.AddConstraint(
            model_name="outcomeevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["superseded", "revoked"])),
                fields=("outcome", "kind"),
                name="outcome_ended_once",
            ),
        ),
        *_outcome_protection.OPERATIONS,
    ]
