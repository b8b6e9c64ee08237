"""The table of the room `drafts`, and who sees it: the organisation it was filled in for; queries ask for the person."""

from django.db import migrations, models

import plumbline.domain.rows.models
from plumbline.domain.rows.operations import row_security, visible_to


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.UUIDField()),
                ("organisation_id", models.UUIDField()),
                ("form", models.CharField(max_length=40)),
                ("content", models.JSONField()),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person_id", "organisation_id", "form"), name="draft_once_a_form")
                ],
            },
        ),
        row_security("drafts_draft", using=visible_to(organisations=["organisation_id"])),
    ]
