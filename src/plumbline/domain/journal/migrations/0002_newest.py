"""An index for the audit trail, newest first.

Built beside the running release, which goes on writing meanwhile.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("journal", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            model_name="act",
            index=models.Index(fields=["-at", "-id"], name="act_newest"),
        ),
    ]
