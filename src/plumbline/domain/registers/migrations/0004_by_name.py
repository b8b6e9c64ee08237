"""Instruments and sites are asked for by what they are called, just as it stands.

Built beside the running release, which goes on writing meanwhile.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("registers", "0003_searching")]

    operations = [
        AddIndexConcurrently(
            model_name="instrument", index=models.Index(fields=["name_zh"], name="instrument_by_name")
        ),
        AddIndexConcurrently(
            model_name="instrument", index=models.Index(fields=["name_en"], name="instrument_by_name_en")
        ),
        AddIndexConcurrently(model_name="instrument", index=models.Index(fields=["model"], name="instrument_by_model")),
        AddIndexConcurrently(model_name="instrument", index=models.Index(fields=["maker"], name="instrument_by_maker")),
        AddIndexConcurrently(model_name="site", index=models.Index(fields=["name_zh"], name="site_by_name")),
    ]
