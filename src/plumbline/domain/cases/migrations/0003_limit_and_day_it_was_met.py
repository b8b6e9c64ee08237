"""Keeps the last day of the limit also when the clock has stopped, and the day it was met.

Cases that ended before keep neither: nobody counted it for them, and figures say so.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_stopped_clocks_have_no_day")]

    operations = [
        migrations.AddField("case", "limit_on", models.DateField(null=True)),
        migrations.AddField("case", "met_on", models.DateField(null=True)),
    ]
