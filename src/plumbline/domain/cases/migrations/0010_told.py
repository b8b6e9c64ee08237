"""What later acts say of people is kept beside the case, where it can be erased."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_open_by_state")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="told",
            field=models.JSONField(default=dict, db_default=models.Value({}, models.JSONField())),
        )
    ]
