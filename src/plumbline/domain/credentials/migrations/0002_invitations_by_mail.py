"""An invitation may be mailed: to which address, in which language, by which letter, how often."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("credentials", "0001_initial"), ("notices", "0005_secret_letters")]

    operations = [
        migrations.AddField(
            model_name="invitation", name="address", field=models.CharField(blank=True, default="", max_length=254),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="invitation", name="language", field=models.CharField(blank=True, default="", max_length=10),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="invitation",
            name="letter",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="notices.letter"
            ),
        ),
        migrations.AddField(model_name="invitation", name="mailed_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="invitation", name="mails", field=models.PositiveSmallIntegerField(default=0)
        ),
        # The running release writes rows without them.
        migrations.RunSQL(
            "alter table credentials_invitation alter address set default '', alter language set default '',"
            " alter mails set default 0",
            "alter table credentials_invitation alter address drop default, alter language drop default,"
            " alter mails drop default",
        ),
    ]  # fmt: skip
