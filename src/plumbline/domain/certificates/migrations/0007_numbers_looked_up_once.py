"""A piece of a number is looked up once, and not at all where very many hold it."""

from django.db import migrations

from plumbline.domain.rows.searching.schema import asked_by_number


class Migration(migrations.Migration):
    dependencies = [("certificates", "0006_searching"), ("rows", "0003_search_reads_less")]

    operations = [asked_by_number("certificates_certificate")]
