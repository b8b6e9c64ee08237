"""The first tables of the room `journal`, and what the database itself holds for them."""

import django.db.models.functions.datetime
from django.db import migrations, models

import plumbline.domain.rows.models
from plumbline.domain.journal.migrations import _initial_protection


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Act",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject_kind", models.CharField(max_length=40)),
                ("subject_id", models.UUIDField()),
                ("sequence", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=60)),
                ("user_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("person_name", models.CharField(max_length=120)),
                ("role", models.CharField(max_length=40)),
                ("organisation_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("data", models.JSONField(default=dict)),
                ("owner_id", models.UUIDField(null=True)),
                ("body_id", models.UUIDField(null=True)),
                ("region_code", models.CharField(blank=True, max_length=6)),
            ],
            options={
                "indexes": [models.Index(fields=["subject_kind", "at"], name="journal_act_subject_0fe767_idx")],
                "constraints": [models.UniqueConstraint(fields=("subject_id", "sequence"), name="act_once_a_place")],
            },
        ),
        *_initial_protection.OPERATIONS,
    ]
