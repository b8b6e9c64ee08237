"""Tokens of programs: seen by their organisation, and by whoever presents one, by its prefix."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import plumbline.domain.rows.models
from plumbline.domain.rows.operations import row_security, visible_to


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial"), ("accounts", "0003_delegations_and_absences")]

    operations = [
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("prefix", models.CharField(max_length=12, unique=True)),
                ("digest", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=80)),
                ("scopes", models.JSONField()),
                ("role", models.CharField(blank=True, max_length=40)),
                ("region_code", models.CharField(blank=True, max_length=6)),
                ("made_at", models.DateTimeField()),
                ("expires_on", models.DateField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("last_used_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
                (
                    "membership",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="accounts.membership"),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.organisation"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organisation", "-made_at", "-id"], name="token_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("membership__isnull", False), ("role", "")),
                            models.Q(("membership__isnull", True), models.Q(("role", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="token_has_one_holder",
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="token_has_a_name"),
                ],
            },
        ),
        row_security("accounts_token", using=visible_to(organisations=["organisation_id"], lookups=["prefix"])),
    ]
