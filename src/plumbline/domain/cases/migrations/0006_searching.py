"""Cases are found by title and by pieces of their number."""

from django.db import migrations

from plumbline.domain.rows.searching.schema import called_by, numbered_by


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_by_region"), ("rows", "0001_searching")]

    operations = [called_by("cases_case", "title"), numbered_by("cases_case", "number")]
