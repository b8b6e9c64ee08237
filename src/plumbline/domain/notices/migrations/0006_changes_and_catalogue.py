"""Where each case stands, in an order that other systems follow; and which catalogue a subscription was told last."""

from django.db import migrations, models

import plumbline.domain.rows.models
from plumbline.domain.rows.operations import row_security, visible_to


class Migration(migrations.Migration):
    dependencies = [("notices", "0005_secret_letters")]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="published",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("case", models.CharField(max_length=20, unique=True)),
                ("owner_id", models.UUIDField()),
                ("body_id", models.UUIDField()),
                ("region_code", models.CharField(max_length=6)),
                ("data", models.JSONField()),
                ("at", models.DateTimeField()),
                ("place", models.BigIntegerField(null=True, unique=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("place", None)), fields=["at", "id"], name="change_unplaced"),
                    models.Index(fields=["owner_id", "place"], name="change_by_owner"),
                    models.Index(fields=["body_id", "place"], name="change_by_body"),
                ]
            },
        ),
        migrations.RunSQL("create sequence notices_change_places", "drop sequence notices_change_places"),
        row_security("notices_change", using=visible_to(organisations=["owner_id", "body_id"], region="region_code")),
    ]
