"""Search: the readings of Chinese characters, and the phrases that things are called by."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from plumbline.domain.rows.migrations import _searching
from plumbline.domain.rows.searching.readings import initials_by_character


def fill_readings(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Write the initials of every character that has a reading. Safe to run twice."""
    with editor.connection.cursor() as cursor:
        cursor.execute("truncate rows_reading")
        with cursor.copy("copy rows_reading (character, initials) from stdin") as copy:
            for row in initials_by_character().items():
                copy.write_row(row)


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [*_searching.OPERATIONS, migrations.RunPython(fill_readings, migrations.RunPython.noop)]
