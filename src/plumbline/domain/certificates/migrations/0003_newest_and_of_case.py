"""Indexes for the list of certificates, newest first, and for the documents of a case.

Built beside the running release, which goes on writing meanwhile.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("certificates", "0002_load_test_rows")]

    operations = [
        AddIndexConcurrently(
            model_name="certificate",
            index=models.Index(fields=["-issued_at", "-id"], name="certificate_newest"),
        ),
        AddIndexConcurrently(
            model_name="certificate",
            index=models.Index(fields=["case_id", "issued_at", "id"], name="certificate_of_case"),
        ),
    ]
