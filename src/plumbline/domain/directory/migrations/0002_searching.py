"""What organisations are called by is noted for search."""

from django.db import migrations

from plumbline.domain.rows.searching.schema import called_by


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial"), ("rows", "0001_searching")]

    operations = [called_by("directory_organisation", "name_zh", "name_en", "uscc", "institution_code")]
