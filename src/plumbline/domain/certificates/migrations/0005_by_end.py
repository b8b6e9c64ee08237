"""An index by the day a certificate ends, for reminders. Built beside the running release, which goes on writing."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("certificates", "0004_by_region")]

    operations = [
        AddIndexConcurrently(
            model_name="certificate",
            index=models.Index(
                fields=["valid_until", "id"],
                condition=models.Q(("is_load_test", False), ("kind", "J")),
                name="certificate_by_end",
            ),
        ),
    ]
