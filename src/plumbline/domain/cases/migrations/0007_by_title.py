"""Cases are asked for by their title as it stands.

Built beside the running release, which goes on writing meanwhile.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("cases", "0006_searching")]

    operations = [
        AddIndexConcurrently(model_name="case", index=models.Index(fields=["title"], name="case_by_title")),
    ]
