"""Rows of a load test may stand beside certificates, told apart by the database: they have no statement, no documents.

The column has a default in the database, so that the release before this one goes on issuing; the constraint is added
without a look at the rows there are, and looked at afterwards without keeping anybody out.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

_ISSUED = models.Q(("is_load_test", False), ("statement__isnull", False))
_LOAD_TEST = models.Q(
    ("dcc_sha256", ""),
    ("is_load_test", True),
    ("number__startswith", "LT-"),
    ("pdf_sha256", ""),
    ("record_sha256", ""),
    ("statement__isnull", True),
    ("supersedes__isnull", True),
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("certificates", "0001_initial"), ("ledger", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="certificate",
            name="is_load_test",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="certificate",
            name="statement",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.statement"
            ),
        ),
        AddConstraintNotValid(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(_ISSUED, _LOAD_TEST, _connector="OR"), name="issued_or_load_test"
            ),
        ),
        ValidateConstraint(model_name="certificate", name="issued_or_load_test"),
    ]
