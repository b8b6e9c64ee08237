"""The first tables of the room `laboratory`, and what the database itself holds for them."""

import django.db.models.deletion
from django.db import migrations, models

import plumbline.domain.rows.models
from plumbline.domain.laboratory.migrations import _initial_protection


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0001_initial"),
        ("certificates", "0001_initial"),
        ("ledger", "0001_initial"),
        ("registers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("owner_id", models.UUIDField()),
                ("body_id", models.UUIDField()),
                ("region_code", models.CharField(max_length=6)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "certificate",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="certificates.certificate",
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registers.instrument"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "job",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="laboratory.job",
                    ),
                ),
                ("body_id", models.UUIDField()),
                ("content", models.JSONField()),
                ("version", models.PositiveIntegerField()),
                ("saved_by", models.UUIDField()),
                ("saved_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="RawRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True)),
                ("job_id", models.UUIDField()),
                ("body_id", models.UUIDField()),
                ("owner_id", models.UUIDField()),
                ("region_code", models.CharField(max_length=6)),
                ("version", models.PositiveSmallIntegerField()),
                ("regulation", models.CharField(max_length=60)),
                ("performed_on", models.DateField()),
                ("place", models.CharField(max_length=300)),
                ("verifier_id", models.UUIDField()),
                ("standard_ids", models.JSONField()),
                ("observations", models.JSONField()),
                ("content", models.BinaryField()),
                ("at", models.DateTimeField()),
                (
                    "replaces",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="laboratory.rawrecord"
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.statement"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="job",
            name="record",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="laboratory.rawrecord"
            ),
        ),
        migrations.AddConstraint(
            model_name="rawrecord",
            constraint=models.UniqueConstraint(fields=("job_id", "version"), name="record_once_a_version"),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.UniqueConstraint(fields=("case", "instrument"), name="job_once_an_instrument"),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.UniqueConstraint(fields=("case", "position"), name="job_once_a_position"),
        ),
        *_initial_protection.OPERATIONS,
    ]
