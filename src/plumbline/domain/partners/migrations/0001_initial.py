"""The tables of the room `partners`: seen by the office that gave the files, and they only grow."""

import django.db.models.deletion
from django.db import migrations, models

import plumbline.domain.rows.models
from plumbline.domain.rows.operations import append_only, row_security, visible_to

KEY = models.UUIDField(default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Package",
            fields=[
                ("id", KEY.clone()),
                ("partner", models.CharField(max_length=40)),
                ("format", models.CharField(max_length=60)),
                ("organisation_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("person_name", models.CharField(max_length=200)),
                ("only_new", models.BooleanField()),
                ("made_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["organisation_id", "-made_at"], name="package_newest")]},
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", KEY.clone()),
                ("partner", models.CharField(max_length=40)),
                ("organisation_id", models.UUIDField()),
                ("record", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=40)),
                (
                    "outcome",
                    models.CharField(choices=[("accepted", "accepted"), ("rejected", "rejected")], max_length=10),
                ),
                ("their_id", models.CharField(blank=True, max_length=80)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("intake", models.UUIDField()),
                ("taken_at", models.DateTimeField()),
                ("package", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="partners.package")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["partner", "record", "key", "-taken_at"], name="answer_newest"),
                    models.Index(fields=["partner", "record", "their_id"], name="answer_by_their_id"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("package", "record", "key"), name="answer_once_a_package"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome", "rejected"), models.Q(("their_id", ""), _negated=True), _connector="OR"
                        ),
                        name="accepted_has_an_identifier",
                    ),
                ],
            },
        ),
        row_security("partners_package", using=visible_to(organisations=["organisation_id"])),
        row_security("partners_answer", using=visible_to(organisations=["organisation_id"])),
        append_only("partners_package"),
        append_only("partners_answer"),
    ]
