"""An act done in the place of another says so: who it was done for, beside who did it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_newest")]

    operations = [
        migrations.AddField(model_name="act", name="behalf_id", field=models.UUIDField(null=True)),
        migrations.AddField(
            model_name="act",
            name="behalf_name",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.AddConstraint(
            model_name="act",
            constraint=models.CheckConstraint(
                condition=models.Q(("behalf_id", None), ("behalf_name", ""))
                | models.Q(
                    ("behalf_id__isnull", False),
                    models.Q(("behalf_id", models.F("person_id")), _negated=True),
                    models.Q(("behalf_name", ""), _negated=True),
                ),
                name="act_behalf_is_another",
            ),
        ),
    ]
