"""Noting many new phrases asks the index for each: a plan made while the table is small would read it whole each time."""

from django.db import migrations
from django.db.migrations.operations import RunSQL


class Migration(migrations.Migration):
    dependencies = [("rows", "0001_searching")]

    operations = [
        RunSQL(
            "alter function rows_note(text, text[]) set enable_seqscan = off",
            "alter function rows_note(text, text[]) reset enable_seqscan",
        )
    ]
