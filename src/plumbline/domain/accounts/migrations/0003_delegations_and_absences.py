"""Rights handed to another for a time, and days on which somebody is away."""

from __future__ import annotations

from typing import Any

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import plumbline.domain.rows.models
from plumbline.domain.rows.operations import row_security, visible_to


def key() -> models.UUIDField[Any, Any]:  # Any: as a migration has it
    return models.UUIDField(
        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
    )


def pointing(to: str) -> models.ForeignKey[Any, Any]:  # Any: as a migration has it
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to)


def within(to: str) -> models.ForeignKey[Any, Any]:  # Any: as a migration has it
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=to)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_roles_are_ended"), ("directory", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", key()),
                (
                    "rights",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), size=None),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("reason", models.CharField(max_length=300)),
                ("given_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("delegate", within(settings.AUTH_USER_MODEL)),
                ("membership", within("accounts.membership")),
                ("organisation", pointing("directory.organisation")),
            ],
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", key()),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("noted_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("organisation", pointing("directory.organisation")),
                ("user", within(settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name="delegation",
            index=models.Index(
                condition=models.Q(("ended_at", None)),
                fields=["delegate", "valid_to"],
                name="delegation_of_delegate",
            ),
        ),
        migrations.AddIndex(
            model_name="delegation",
            index=models.Index(fields=["organisation", "-valid_to", "-id"], name="delegation_of_house"),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__gte", models.F("valid_from"))), name="delegation_span_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("rights__len__gte", 1)), name="delegation_of_some_right"
            ),
        ),
        migrations.AddIndex(
            model_name="absence",
            index=models.Index(
                condition=models.Q(("ended_at", None)), fields=["organisation", "last_day"], name="absence_of_house"
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("first_day"))), name="absence_span_in_order"
            ),
        ),
        row_security("accounts_absence", using=visible_to(organisations=["organisation_id"])),
    ]
