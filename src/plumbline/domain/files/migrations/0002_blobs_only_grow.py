"""What the database itself holds for this room: a file named once stays named, with its media type and size."""

from django.db import migrations

from plumbline.domain.rows.operations import append_only


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial")]

    operations = [append_only("files_blob")]
