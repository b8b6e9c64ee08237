"""The first tables of the room `ledger`, and what the database itself holds for them."""

import django.db.models.deletion
from django.db import migrations, models

import plumbline.domain.rows.models
from plumbline.domain.ledger.migrations import _initial_protection


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.BinaryField()),
                ("note", models.TextField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                ("leaf", models.BinaryField()),
                ("leaf_hash", models.BinaryField()),
                ("queue_item_id", models.BigIntegerField(unique=True)),
                ("statement_id", models.UUIDField(unique=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("index__gte", 0)), name="entry_index_from_zero")
                ],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("type", models.CharField(max_length=40)),
                ("issuer", models.CharField(max_length=20)),
                ("organisation_id", models.UUIDField()),
                ("payload", models.BinaryField()),
                ("envelope", models.BinaryField()),
                ("leaf", models.BinaryField()),
                ("ref", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["organisation_id", "type"], name="ledger_stat_organis_84402c_idx")],
            },
        ),
        migrations.CreateModel(
            name="QueueItem",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("leaf", models.BinaryField()),
                (
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="queued", to="ledger.statement"
                    ),
                ),
            ],
        ),
        *_initial_protection.OPERATIONS,
    ]
