"""Indexes for the list of notices, page after page, and for the number of those not read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="notice", name="notices_not_recipie_3420e7_idx"),
        migrations.AddIndex(
            model_name="notice", index=models.Index(fields=["recipient_id", "-at", "-id"], name="notice_newest")
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(condition=models.Q(("read_at", None)), fields=["recipient_id"], name="notice_unread"),
        ),
    ]
