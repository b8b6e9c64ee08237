"""The coverage of a county and category keeps its days in one row: counted anew, as every cell can be."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.migrations.operations import RunSQL

_ANEW = """
    select set_config('plumbline.everything', 'on', true);
    delete from indicators_coverage;
    insert into indicators_stale (figure, region_code, part)
        select distinct 'coverage', region_code, category from registers_instrument;
    select set_config('plumbline.everything', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0004_areas_by_hash")]

    operations = [
        RunSQL(_ANEW, _ANEW),
        migrations.RemoveField("coverage", "valid_until"),
        migrations.AddField("coverage", "days", ArrayField(models.DateField())),
        migrations.AddField("coverage", "until", ArrayField(models.PositiveIntegerField())),
    ]
