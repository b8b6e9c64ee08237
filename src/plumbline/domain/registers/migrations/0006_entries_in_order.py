"""Entries of a register are paged by (title, id), (last day, id) and (id): an index for each order a list offers.

Built beside the running release, which goes on writing meanwhile. The function `registers_published` stays until no
running release asks it any more.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


def _standing(*fields: str, name: str) -> AddIndexConcurrently:
    index = models.Index(fields=list(fields), condition=models.Q(("replaced_by__isnull", True)), name=name)
    return AddIndexConcurrently(model_name="period", index=index)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("registers", "0005_values_checked_at_once")]

    operations = [
        _standing("register", "title", "id", name="period_in_order"),
        _standing("register", "valid_to", "id", name="period_by_end"),
        _standing("register", "id", name="period_as_written"),
        RemoveIndexConcurrently(model_name="period", name="period_by_title"),
    ]
