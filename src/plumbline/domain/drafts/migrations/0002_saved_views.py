"""Saved views of lists, seen by the organisation they were saved for; whose they are, every query asks."""

from django.db import migrations, models

import plumbline.domain.rows.models
from plumbline.domain.rows.operations import row_security, visible_to


class Migration(migrations.Migration):
    dependencies = [
        ("drafts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.UUIDField()),
                ("organisation_id", models.UUIDField()),
                ("listed", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=2000)),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person_id", "organisation_id", "listed", "name"), name="saved_view_once_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="saved_view_has_a_name"
                    ),
                ],
            },
        ),
        row_security("drafts_savedview", using=visible_to(organisations=["organisation_id"])),
    ]
