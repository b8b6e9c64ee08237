"""Indexes for lists of cases in the order of their limits, and for those of open ones alone.

Built beside the running release, which goes on writing meanwhile.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("cases", "0003_limit_and_day_it_was_met")]

    operations = [
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(fields=["due_on", "opened_at", "id"], name="case_by_limit"),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                fields=["due_on", "opened_at", "id"],
                condition=models.Q(("ended_at__isnull", True)),
                name="case_open_by_limit",
            ),
        ),
    ]
