"""Rows of the simple registers are held to their definition a statement at a time: imports no longer pay by the row."""

from django.db import migrations

from plumbline.domain.registers.migrations._at_once import OPERATIONS


class Migration(migrations.Migration):
    dependencies = [("registers", "0004_by_name")]

    operations = [*OPERATIONS]
