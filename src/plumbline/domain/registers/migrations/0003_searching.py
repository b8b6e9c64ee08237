"""Instruments, sites, measurement standards and entries are found by names and by pieces of numbers."""

from django.db import migrations

from plumbline.domain.registers.migrations import _searching


class Migration(migrations.Migration):
    dependencies = [("registers", "0002_entries"), ("rows", "0001_searching")]

    operations = _searching.OPERATIONS
