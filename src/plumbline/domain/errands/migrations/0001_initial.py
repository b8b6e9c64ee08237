"""The first tables of the room `errands`, and what the database itself holds for them."""

import django.db.models.deletion
from django.db import migrations, models

import plumbline.domain.rows.models
from plumbline.domain.errands.migrations._protection import OPERATIONS

KEY = models.UUIDField(default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Errand",
            fields=[
                ("id", KEY.clone()),
                ("kind", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=200)),
                ("organisation_id", models.UUIDField()),
                ("membership_id", models.UUIDField(null=True)),
                ("person_id", models.UUIDField()),
                ("person_name", models.CharField(max_length=100)),
                ("role", models.CharField(max_length=40)),
                ("asked", models.JSONField()),
                ("asked_at", models.DateTimeField()),
                ("state", models.CharField(max_length=10)),
                ("is_stop_asked", models.BooleanField(default=False)),
                ("phase", models.CharField(default="", max_length=40)),
                ("done", models.PositiveBigIntegerField(default=0)),
                ("of", models.PositiveBigIntegerField(null=True)),
                ("cursor", models.JSONField(default=dict)),
                ("result", models.JSONField(default=dict)),
                ("fault", models.JSONField(default=list)),
                ("deaths", models.PositiveSmallIntegerField(default=0)),
                ("begun_at", models.DateTimeField(null=True)),
                ("leg_at", models.DateTimeField(null=True)),
                ("leg_done", models.PositiveBigIntegerField(default=0)),
                ("seen_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("waiting", "running"))),
                        fields=["asked_at", "id"],
                        name="errand_open",
                    ),
                    models.Index(fields=["organisation_id", "-asked_at", "-id"], name="errand_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("waiting", "running", "asks", "stopped", "done", "failed"))),
                        name="errand_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("of", None), ("done__lte", models.F("of")), _connector="OR"),
                        name="errand_within",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Piece",
            fields=[
                ("id", KEY.clone()),
                ("number", models.PositiveIntegerField()),
                ("content", models.TextField()),
                (
                    "errand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="errands.errand"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("errand", "number"), name="piece_once")],
            },
        ),
        *OPERATIONS,
    ]
