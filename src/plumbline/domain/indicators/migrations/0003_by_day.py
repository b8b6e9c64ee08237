"""The order in which instruments fall due has its index: the list behind the figures is read in it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("indicators", "0002_reports")]

    operations = [
        AddIndexConcurrently(
            model_name="standing",
            index=models.Index(fields=["valid_until", "instrument"], name="standing_by_day"),
        )
    ]
