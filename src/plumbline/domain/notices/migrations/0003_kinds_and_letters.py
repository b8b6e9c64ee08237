"""Notices have kinds and may be for one person; letters bring them by mail; ends are reminded of once."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import plumbline.domain.rows.models
from plumbline.domain.rows.operations import row_security, visible_to


def key() -> models.UUIDField[Any, Any]:  # Any: as a migration has it
    return models.UUIDField(
        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
    )


def within(to: str) -> models.ForeignKey[Any, Any]:  # Any: as a migration has it
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=to)


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_newest_and_unread"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(model_name="notice", name="person_id", field=models.UUIDField(null=True)),
        migrations.AddField(model_name="notice", name="kind", field=models.CharField(default="case", max_length=20)),
        # The running release writes rows without a kind. The model knows nothing of this default: with one it would
        # read the row back, and whoever tells another organisation may not see what they wrote.
        migrations.RunSQL(
            "alter table notices_notice alter column kind set default 'case'",
            "alter table notices_notice alter column kind drop default",
        ),
        migrations.CreateModel(
            name="Reader",
            fields=[
                ("id", key()),
                ("organisation_id", models.UUIDField()),
                ("address", models.CharField(blank=True, max_length=254)),
                ("language", models.CharField(max_length=10)),
                ("wishes", models.JSONField(default=dict)),
                ("since", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("digested_on", models.DateField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organisation_id"], name="reader_of_house")],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "organisation_id"), name="reader_once_a_house")
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", key()),
                ("organisation_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("notice", "notice"), ("digest", "digest"), ("confirm", "confirm")], max_length=10
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sent", "Sent"),
                            ("given_up", "Given Up"),
                            ("dropped", "Dropped"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
                ("fault", models.CharField(blank=True, max_length=300)),
                ("reader", within("notices.reader")),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "waiting")), fields=["due_at", "id"], name="letter_due"),
                    models.Index(fields=["-made_at", "-id"], name="letter_newest"),
                    models.Index(fields=["reader", "-made_at"], name="letter_of_reader"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ended_at", None), ("state", "waiting"))
                        | models.Q(models.Q(("state", "waiting"), _negated=True), ("ended_at__isnull", False)),
                        name="letter_ended_or_waiting",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", key()),
                ("organisation_id", models.UUIDField()),
                ("letter", within("notices.letter")),
                ("notice", within("notices.notice")),
                ("reader", within("notices.reader")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("reader", "notice"), name="notice_once_to_a_reader")],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", key()),
                ("kind", models.CharField(max_length=20)),
                ("subject_id", models.UUIDField()),
                ("last_day", models.DateField()),
                ("lead_days", models.PositiveSmallIntegerField()),
                ("recipient_id", models.UUIDField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "subject_id", "last_day", "lead_days"), name="reminder_once"
                    )
                ],
            },
        ),
        row_security("notices_reader", using=visible_to(organisations=["organisation_id"])),
        row_security("notices_letter", using=visible_to(organisations=["organisation_id"])),
        row_security("notices_line", using=visible_to(organisations=["organisation_id"])),
        row_security("notices_reminder", using=visible_to(organisations=["recipient_id"])),
    ]
