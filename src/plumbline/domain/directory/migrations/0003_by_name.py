"""Organisations are asked for by their names as they stand.

Built beside the running release, which goes on writing meanwhile.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("directory", "0002_searching")]

    operations = [
        AddIndexConcurrently(
            model_name="organisation", index=models.Index(fields=["name_zh"], name="organisation_by_name")
        ),
        AddIndexConcurrently(
            model_name="organisation", index=models.Index(fields=["name_en"], name="organisation_by_name_en")
        ),
    ]
