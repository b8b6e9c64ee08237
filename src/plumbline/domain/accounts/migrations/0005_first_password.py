"""A password that somebody else made is good for taking one's own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_tokens")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="is_first_password",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
