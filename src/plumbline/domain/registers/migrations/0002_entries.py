"""The simple registers: definitions mirrored from the rulebook, entries, and what is said of them for spans of days."""

import django.db.models.deletion
from django.db import migrations, models

import plumbline.domain.rows.models
from plumbline.domain.registers.migrations import _entries


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0001_initial"),
        ("registers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Definition",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("register", models.CharField(max_length=40)),
                ("digest", models.CharField(max_length=64)),
                ("content", models.JSONField()),
                ("mirrored_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["register", "-mirrored_at", "-id"], name="definition_newest")],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.BigIntegerField()),
                ("register", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=400)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("register", "key"), name="entry_once_a_key"),
                    models.UniqueConstraint(fields=("number", "register"), name="entry_once_a_number"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.BigIntegerField()),
                ("register", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=400)),
                ("title", models.CharField(max_length=200)),
                ("state", models.CharField(max_length=40)),
                ("region_code", models.CharField(max_length=6)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("values", models.JSONField()),
                ("replaced_by", models.UUIDField(null=True)),
                ("act", models.CharField(max_length=40)),
                ("act_id", models.UUIDField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("intake", models.UUIDField(null=True)),
                ("person_id", models.UUIDField()),
                ("person_name", models.CharField(max_length=100)),
                ("role", models.CharField(max_length=40)),
                ("written_at", models.DateTimeField()),
                (
                    "definition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registers.definition"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registers.entry"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.organisation",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registers.period"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("replaced_by__isnull", True)),
                        fields=["register", "title", "number"],
                        name="period_by_title",
                    ),
                    models.Index(
                        condition=models.Q(("replaced_by__isnull", True)),
                        fields=["register", "region_code", "valid_from"],
                        include=("valid_to", "state"),
                        name="period_counted",
                    ),
                    models.Index(fields=["number", "valid_from"], name="period_of_entry"),
                    models.Index(
                        condition=models.Q(("replaced_by__isnull", True)),
                        fields=["register", "key"],
                        name="period_by_key",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="period_span_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("region_code__regex", "^[1-9][0-9]{5}$")), name="period_region_six_digits"
                    ),
                ],
            },
        ),
        *_entries.OPERATIONS,
    ]
