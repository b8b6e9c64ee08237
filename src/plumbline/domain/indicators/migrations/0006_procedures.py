"""Cases are counted by procedure too: when they ended, how old those are that have not, each clock, each step."""

from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from plumbline.domain.rows.operations import row_security, visible_to

_BODY = visible_to(organisations=["body_id"], region="region_code")
_ANEW = """
    select set_config('plumbline.everything', 'on', true);
    insert into indicators_stale (figure, region_code, part)
        select distinct 'handled', region_code, to_char(opened_at at time zone 'Asia/Shanghai', 'YYYY-MM')
          from cases_case;
    select set_config('plumbline.everything', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0005_days_in_one_row"), ("cases", "0013_clocks")]

    operations = [
        migrations.AddField("handled", "closed_month", models.DateField(null=True)),
        migrations.AddField("handled", "opened_on", models.DateField(null=True)),
        migrations.AddIndex("handled", models.Index(fields=["procedure", "region_code"], name="handled_by_procedure")),
        migrations.CreateModel(
            name="Timed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region_code", models.CharField(max_length=6)),
                ("month", models.DateField()),
                ("body_id", models.UUIDField()),
                ("procedure", models.CharField(max_length=60)),
                ("clock", models.CharField(max_length=40)),
                ("due_on", models.DateField(null=True)),
                ("met_month", models.DateField(null=True)),
                ("is_on_time", models.BooleanField(null=True)),
                ("count", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["region_code", "month"], name="timed_by_region"),
                    models.Index(fields=["procedure", "region_code"], name="timed_by_procedure"),
                ]
            },
        ),
        migrations.CreateModel(
            name="Stays",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region_code", models.CharField(max_length=6)),
                ("month", models.DateField()),
                ("body_id", models.UUIDField()),
                ("procedure", models.CharField(max_length=60)),
                ("step", models.CharField(max_length=40)),
                ("days", models.PositiveIntegerField()),
                ("count", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["region_code", "month"], name="stays_by_region"),
                    models.Index(fields=["procedure", "region_code"], name="stays_by_procedure"),
                ]
            },
        ),
        row_security("indicators_timed", using=_BODY),
        row_security("indicators_stays", using=_BODY),
        RunSQL(_ANEW, RunSQL.noop),
    ]
