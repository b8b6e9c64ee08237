"""Certificates are found by pieces of their number."""

from django.db import migrations

from plumbline.domain.rows.searching.schema import numbered_by


class Migration(migrations.Migration):
    dependencies = [("certificates", "0005_by_end"), ("rows", "0001_searching")]

    operations = [numbered_by("certificates_certificate", "number")]
