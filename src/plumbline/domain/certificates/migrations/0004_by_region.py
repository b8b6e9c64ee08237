"""An index for counting the documents of a county in a month, made without keeping anybody out."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("certificates", "0003_newest_and_of_case")]

    operations = [
        AddIndexConcurrently(
            model_name="certificate",
            index=models.Index(fields=["region_code", "performed_on"], name="certificate_by_region"),
        ),
    ]
