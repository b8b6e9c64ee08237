"""The name of a list may be that of a register, with what stands before it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("drafts", "0002_saved_views")]

    operations = [
        migrations.AlterField(model_name="savedview", name="listed", field=models.CharField(max_length=60)),
    ]
