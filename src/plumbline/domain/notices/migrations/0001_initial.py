"""The first tables of the room `notices`, and what the database itself holds for them."""

from django.db import migrations, models

import plumbline.domain.rows.models
from plumbline.domain.notices.migrations import _initial_protection


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("recipient_id", models.UUIDField()),
                ("template", models.CharField(max_length=200)),
                ("params", models.JSONField(default=dict)),
                ("link", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["recipient_id", "-at"], name="notices_not_recipie_3420e7_idx")],
            },
        ),
        *_initial_protection.OPERATIONS,
    ]
