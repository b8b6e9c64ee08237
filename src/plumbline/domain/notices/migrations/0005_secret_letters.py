"""A letter may go to somebody who is no reader; then all of it is sealed, and wiped once it has ended."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0004_webhooks")]

    operations = [
        migrations.AlterField(
            model_name="letter",
            name="reader",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="notices.reader"),
        ),
        migrations.AlterField(
            model_name="letter",
            name="kind",
            field=models.CharField(
                choices=[
                    ("notice", "notice"),
                    ("digest", "digest"),
                    ("confirm", "confirm"),
                    ("invitation", "invitation"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(model_name="letter", name="sealed", field=models.BinaryField(null=True)),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(("reader__isnull", False), ("kind", "invitation"), _connector="OR"),
                name="letter_to_a_reader",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(("sealed", None), ("state", "waiting"), _connector="OR"),
                name="letter_sealed_while_waiting",
            ),
        ),
    ]
