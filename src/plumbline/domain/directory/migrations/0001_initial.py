"""The first tables of the room `directory`, and what the database itself holds for them."""

import django.db.models.deletion
from django.db import migrations, models

import plumbline.domain.rows.models
from plumbline.domain.directory.migrations import _initial_protection


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("uscc", models.CharField(max_length=18, null=True, unique=True)),
                ("name_zh", models.CharField(max_length=200)),
                ("name_en", models.CharField(blank=True, max_length=200)),
                ("region_code", models.CharField(max_length=6)),
                ("address_zh", models.CharField(blank=True, max_length=300)),
                ("address_en", models.CharField(blank=True, max_length=300)),
                ("postcode", models.CharField(blank=True, max_length=10)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("mail", models.CharField(blank=True, max_length=200)),
                ("institution_code", models.CharField(max_length=12, null=True, unique=True)),
                ("authorisation_no", models.CharField(blank=True, max_length=80)),
                ("is_demo", models.BooleanField(default=False)),
                ("warnings", models.JSONField(default=list)),
                ("registered_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["region_code"], name="directory_o_region__c9f00c_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name_zh", ""), _negated=True), name="organisation_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("region_code__regex", "^[1-9][0-9]{5}$")),
                        name="organisation_region_six_digits",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name_zh", models.CharField(max_length=80)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                ("registered_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="directory.organisation"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=6)),
                ("level", models.SmallIntegerField(choices=[(1, "Province"), (2, "Prefecture"), (3, "County")])),
                ("name", models.CharField(max_length=80)),
                ("parent_code", models.CharField(blank=True, max_length=6)),
                ("first_edition", models.CharField(max_length=20)),
                ("last_edition", models.CharField(max_length=20)),
                ("last_year", models.SmallIntegerField()),
                ("is_current", models.BooleanField()),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("successor_code", models.CharField(blank=True, max_length=6)),
                ("change_source", models.TextField(blank=True)),
                ("loaded_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["parent_code"], name="directory_r_parent__3343bd_idx"),
                    models.Index(fields=["successor_code"], name="directory_r_success_9edb60_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("code", "level", "name"), name="region_once_a_name"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[1-9][0-9]{5}$")), name="region_code_six_digits"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("predecessor_code", models.CharField(max_length=6)),
                ("successor_code", models.CharField(max_length=6)),
                ("share", models.CharField(choices=[("all", "All"), ("part", "Part")], max_length=4)),
                ("name_zh", models.CharField(max_length=120)),
                ("name_en", models.CharField(max_length=160)),
                ("year", models.SmallIntegerField(null=True)),
                ("day", models.DateField(null=True)),
                ("source", models.TextField()),
            ],
            options={
                "indexes": [models.Index(fields=["successor_code"], name="succession_backwards")],
                "constraints": [
                    models.UniqueConstraint(fields=("predecessor_code", "successor_code"), name="succession_once"),
                    models.CheckConstraint(
                        condition=models.Q(("predecessor_code", models.F("successor_code")), _negated=True),
                        name="succession_to_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Qualification",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("category", models.CharField(max_length=20)),
                ("number", models.CharField(max_length=60)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("granted_at", models.DateTimeField()),
                (
                    "institution",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="directory.organisation"),
                ),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="directory.person")),
            ],
            options={
                "indexes": [models.Index(fields=["person", "category"], name="directory_q_person__c009bc_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gte", models.F("valid_from"))),
                        name="qualification_span_in_order",
                    ),
                    models.UniqueConstraint(
                        fields=("person", "institution", "category", "number", "valid_from"), name="qualification_once"
                    ),
                ],
            },
        ),
        *_initial_protection.OPERATIONS,
    ]
