"""Subscriptions of organisations to happenings, and the messages on their way: each seen by its organisation."""

import django.db.models.deletion
from django.db import migrations, models

import plumbline.domain.rows.models
from plumbline.domain.rows.operations import row_security, visible_to

KEY = models.UUIDField(default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_kinds_and_letters")]

    operations = [
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", KEY.clone()),
                ("organisation_id", models.UUIDField()),
                ("url", models.CharField(max_length=500)),
                ("kinds", models.JSONField()),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("failing_since", models.DateTimeField(null=True)),
                ("secret_number", models.PositiveIntegerField(default=1)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["organisation_id"],
                        name="subscription_of_organisation",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("url", ""), _negated=True), name="subscription_has_an_address"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", KEY.clone()),
                ("organisation_id", models.UUIDField()),
                ("kind", models.CharField(max_length=40)),
                ("body", models.TextField()),
                ("at", models.DateTimeField()),
                ("state", models.CharField(max_length=10)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_at", models.DateTimeField(null=True)),
                ("answered", models.PositiveIntegerField(null=True)),
                ("fault", models.CharField(blank=True, max_length=300)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "subscription",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="notices.subscription"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "waiting")), fields=["next_at"], name="delivery_due"),
                    models.Index(fields=["subscription", "-at", "-id"], name="delivery_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("next_at__isnull", False), ("state", "waiting")),
                            models.Q(("next_at__isnull", True), ("state__in", ["delivered", "given_up"])),
                            _connector="OR",
                        ),
                        name="delivery_waits_or_is_done",
                    )
                ],
            },
        ),
        row_security("notices_subscription", using=visible_to(organisations=["organisation_id"])),
        row_security("notices_delivery", using=visible_to(organisations=["organisation_id"])),
    ]
