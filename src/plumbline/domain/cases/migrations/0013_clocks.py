"""Each clock of a case has a row of its own, and that it was raised is kept."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import plumbline.domain.rows.models
from plumbline.domain.cases.migrations import _clocks


def key() -> models.UUIDField[Any, Any]:  # Any: as a migration has it
    return models.UUIDField(
        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_parent"), ("directory", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="CaseClock",
            fields=[
                ("id", key()),
                ("name", models.CharField(max_length=40)),
                ("procedure", models.CharField(max_length=60)),
                ("owner_id", models.UUIDField()),
                ("body_id", models.UUIDField()),
                ("region_code", models.CharField(max_length=6)),
                ("started_on", models.DateField()),
                ("due_on", models.DateField(null=True)),
                ("limit_on", models.DateField(null=True)),
                ("met_on", models.DateField(null=True)),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="cases.case")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["case", "name"], name="clock_once_a_case")],
                "indexes": [
                    models.Index(
                        fields=["due_on", "id"], condition=models.Q(due_on__isnull=False), name="clock_running"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Raised",
            fields=[
                ("id", key()),
                ("name", models.CharField(max_length=40)),
                ("owner_id", models.UUIDField()),
                ("body_id", models.UUIDField()),
                ("region_code", models.CharField(max_length=6)),
                ("limit_on", models.DateField()),
                ("days_over", models.PositiveIntegerField()),
                ("raised_on", models.DateField()),
                ("at", models.DateTimeField()),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="cases.case")),
                ("clock", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="cases.caseclock")),
                (
                    "raised_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["clock", "limit_on"], name="raised_once")],
                "indexes": [models.Index(fields=["case"], name="raised_of_case")],
            },
        ),
        *_clocks.OPERATIONS,
    ]
