"""The first tables of the room `indicators`, who sees them, and what marks them stale."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations import RunSQL

import plumbline.domain.rows.models
from plumbline.domain.indicators.migrations import _triggers
from plumbline.domain.rows.operations import row_security, visible_to

_BODY = visible_to(organisations=["body_id"], region="region_code")
# What was there before the triggers were: all of it is to be counted.
_ALL_STALE = """
    select set_config('plumbline.everything', 'on', true);
    insert into indicators_stale (figure, region_code, part)
        select distinct 'coverage', region_code, category from registers_instrument
        union select 'measured', region_code, to_char(performed_on, 'YYYY-MM') from certificates_certificate
        union select 'handled', region_code, to_char(opened_at at time zone 'Asia/Shanghai', 'YYYY-MM')
            from cases_case;
    select set_config('plumbline.everything', '', true);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0003_limit_and_day_it_was_met"),
        ("certificates", "0001_initial"),
        ("registers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "instrument",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="registers.instrument",
                    ),
                ),
                ("owner_id", models.UUIDField()),
                ("region_code", models.CharField(max_length=6)),
                ("category", models.CharField(max_length=20)),
                ("state", models.CharField(max_length=12)),
                ("standing", models.CharField(max_length=8)),
                ("valid_until", models.DateField(null=True)),
                ("certificate_id", models.UUIDField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["region_code", "category", "state", "standing", "valid_until"],
                        name="standing_by_region",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Coverage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region_code", models.CharField(max_length=6)),
                ("category", models.CharField(max_length=20)),
                ("state", models.CharField(max_length=12)),
                ("standing", models.CharField(max_length=8)),
                ("valid_until", models.DateField(null=True)),
                ("count", models.PositiveIntegerField()),
            ],
            options={"indexes": [models.Index(fields=["region_code", "category"], name="coverage_by_region")]},
        ),
        migrations.CreateModel(
            name="Measured",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region_code", models.CharField(max_length=6)),
                ("month", models.DateField()),
                ("body_id", models.UUIDField()),
                ("category", models.CharField(max_length=20)),
                ("cut", models.CharField(choices=[("maker", "maker"), ("age", "age")], max_length=8)),
                ("value", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=1)),
                ("count", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["region_code", "month"], name="measured_by_region"),
                    models.Index(fields=["cut", "month", "region_code"], name="measured_by_cut"),
                ]
            },
        ),
        migrations.CreateModel(
            name="Handled",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region_code", models.CharField(max_length=6)),
                ("month", models.DateField()),
                ("body_id", models.UUIDField()),
                ("procedure", models.CharField(max_length=60)),
                ("state", models.CharField(max_length=40)),
                ("due_on", models.DateField(null=True)),
                ("ended_month", models.DateField(null=True)),
                ("is_on_time", models.BooleanField(null=True)),
                ("count", models.PositiveIntegerField()),
            ],
            options={"indexes": [models.Index(fields=["region_code", "month"], name="handled_by_region")]},
        ),
        migrations.CreateModel(
            name="Stale",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("figure", models.CharField(max_length=12)),
                ("region_code", models.CharField(max_length=6)),
                ("part", models.CharField(max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="Refresh",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("parts", models.PositiveIntegerField()),
            ],
        ),
        row_security("indicators_standing", using=visible_to(organisations=["owner_id"], region="region_code")),
        row_security("indicators_coverage", using=visible_to(region="region_code")),
        row_security("indicators_measured", using=_BODY),
        row_security("indicators_handled", using=_BODY),
        *_triggers.OPERATIONS,
        RunSQL(_ALL_STALE, RunSQL.noop),
    ]
