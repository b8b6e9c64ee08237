"""Search reads no phrases that hold what was typed where enough begin with it; a new phrase is spelled once."""

from django.db import migrations
from django.db.migrations.operations import RunSQL

from plumbline.domain.rows.migrations import _searching


class Migration(migrations.Migration):
    dependencies = [("rows", "0002_noting_many")]

    operations = [RunSQL(_searching.PAIRS + _searching.NOTE + _searching.FIND, RunSQL.noop)]
