"""What waits for somebody is asked procedure by procedure, among open cases alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_numbers_looked_up_once")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(ended_at__isnull=True), fields=["procedure", "state"], name="case_open_by_state"
            ),
        )
    ]
