"""The first tables of the room `cases`, and what the database itself holds for them."""

import django.db.models.deletion
from django.db import migrations, models

import plumbline.domain.rows.models
from plumbline.domain.cases.migrations import _initial_protection


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("directory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("serial", models.BigIntegerField(unique=True)),
                ("number", models.CharField(max_length=20, unique=True)),
                ("procedure", models.CharField(max_length=60)),
                ("edition", models.CharField(max_length=40)),
                ("region_code", models.CharField(max_length=6)),
                ("title", models.CharField(max_length=200)),
                ("details", models.JSONField(default=dict)),
                ("opened_at", models.DateTimeField()),
                ("state", models.CharField(max_length=40)),
                ("sequence", models.PositiveIntegerField()),
                ("clock_from", models.DateField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("verifier_id", models.UUIDField(null=True)),
                ("checker_id", models.UUIDField(null=True)),
                ("approver_id", models.UUIDField(null=True)),
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
            ],
            options={
                "indexes": [
                    models.Index(fields=["body", "state", "due_on"], name="cases_case_body_id_496399_idx"),
                    models.Index(fields=["owner", "-opened_at"], name="cases_case_owner_i_8dc4d8_idx"),
                    models.Index(fields=["-opened_at", "-id"], name="cases_case_opened__a70e60_idx"),
                ],
            },
        ),
        *_initial_protection.OPERATIONS,
    ]
