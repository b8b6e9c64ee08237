"""The reports that were frozen, and in which order facts arrived: what a report knew is all that arrived before it."""

from django.db import migrations, models
from django.db.migrations.operations import RunSQL

import plumbline.domain.rows.models
from plumbline.domain.rows.operations import append_only

SEQUENCE = "indicators_arrival"
FACTS = (
    "cases_case", "certificates_certificate", "certificates_statusevent", "journal_act", "registers_instrument",
)  # fmt: skip


def _arriving(table: str) -> RunSQL:
    """Number the rows of a table as they arrive. Those that are there have no number: every report knows them."""
    return RunSQL(
        f"""
        alter table {table} add column arrival bigint;
        alter table {table} alter column arrival set default nextval('{SEQUENCE}');
        """,
        f"alter table {table} drop column arrival;",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_by_region"),
        ("certificates", "0004_by_region"),
        ("indicators", "0001_initial"),
        ("journal", "0002_newest"),
        ("ledger", "0002_era"),
        ("registers", "0002_entries"),
    ]

    operations = [
        RunSQL(f"create sequence {SEQUENCE};", f"drop sequence {SEQUENCE};"),
        *[_arriving(table) for table in FACTS],
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("month", models.DateField(unique=True)),
                ("frozen_at", models.DateTimeField()),
                ("arrival", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                (
                    "statement",
                    models.OneToOneField(on_delete=models.deletion.PROTECT, related_name="+", to="ledger.statement"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(month__day=1), name="report_of_a_whole_month")
                ]
            },
        ),
        append_only("indicators_report"),
    ]
