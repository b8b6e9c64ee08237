"""What goes on side by side, and who was assigned, stand beside the case for its lists."""

from django.db import migrations, models

NOTHING = models.Value({}, models.JSONField())


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_told")]

    operations = [
        migrations.AddField("case", "tracks", models.JSONField(default=dict, db_default=NOTHING)),
        migrations.AddField("case", "assigned", models.JSONField(default=dict, db_default=NOTHING)),
    ]
