"""An index for counting the cases of a county opened in a month, made without keeping anybody out."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("cases", "0004_by_limit")]

    operations = [
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(fields=["region_code", "opened_at"], name="case_by_region"),
        ),
    ]
