"""The first tables of the room `certificates`, and what the database itself holds for them."""

import django.db.models.deletion
from django.db import migrations, models

import plumbline.domain.rows.models
from plumbline.domain.certificates.migrations import _initial_protection


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("directory", "0001_initial"),
        ("ledger", "0001_initial"),
        ("registers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("origin_id", models.UUIDField()),
                ("number", models.CharField(max_length=40, unique=True)),
                ("serial", models.PositiveIntegerField()),
                ("year", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(choices=[("J", "Certificate"), ("T", "Result Notice")], max_length=1)),
                ("code", models.CharField(max_length=26, unique=True)),
                ("instrument_code", models.CharField(max_length=26)),
                ("case_id", models.UUIDField()),
                ("region_code", models.CharField(max_length=6)),
                ("performed_on", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("issued_at", models.DateTimeField()),
                ("facts", models.JSONField()),
                ("dcc_sha256", models.CharField(max_length=64)),
                ("pdf_sha256", models.CharField(max_length=64)),
                ("record_sha256", models.CharField(max_length=64)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.organisation"
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registers.instrument"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.organisation"
                    ),
                ),
                (
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.statement"
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="certificates.certificate",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutsideCalibration",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("performed_on", models.DateField()),
                ("instrument_class", models.CharField(blank=True, max_length=80)),
                ("serial", models.CharField(blank=True, max_length=80)),
                ("performed_by", models.CharField(blank=True, max_length=200)),
                ("certificate_no", models.CharField(blank=True, max_length=120)),
                ("document", models.CharField(blank=True, max_length=300)),
                ("document_sha256", models.CharField(blank=True, max_length=64)),
                ("values_count", models.PositiveIntegerField(null=True)),
                ("intake", models.UUIDField()),
                ("registered_at", models.DateTimeField()),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registers.instrument"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PublishedStatus",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("content", models.BinaryField()),
                ("count", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.statement"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("institution_id", models.UUIDField()),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("institution_id", "year"), name="series_once_a_year")],
            },
        ),
        migrations.CreateModel(
            name="StatusEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=plumbline.domain.rows.models.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("superseded", "superseded"), ("revoked", "revoked")], max_length=20),
                ),
                ("reason_code", models.CharField(max_length=40)),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "certificate",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="certificates.certificate"),
                ),
                (
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.statement"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["instrument", "-performed_on", "-id"], name="certificate_instrum_97fdb9_idx"),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(
                fields=["instrument_code", "-performed_on", "-id"], name="certificate_instrum_bccf06_idx"
            ),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["owner", "-issued_at", "-id"], name="certificate_owner_i_f302c8_idx"),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["body", "-issued_at", "-id"], name="certificate_body_id_7b8d47_idx"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(fields=("body", "year", "serial"), name="certificate_once_a_serial"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("supersedes__isnull", True)),
                fields=("origin_id",),
                name="certificate_once_an_origin",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "J"), ("valid_until__isnull", False)),
                    models.Q(("kind", "T"), ("valid_until__isnull", True)),
                    _connector="OR",
                ),
                name="only_a_pass_has_validity",
            ),
        ),
        migrations.AddIndex(
            model_name="outsidecalibration",
            index=models.Index(fields=["instrument", "-performed_on"], name="outside_calibration_newest"),
        ),
        migrations.AddConstraint(
            model_name="outsidecalibration",
            constraint=models.UniqueConstraint(
                fields=("instrument", "performed_on", "instrument_class", "certificate_no", "document"),
                name="outside_calibration_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="statusevent",
            constraint=models.UniqueConstraint(fields=("certificate", "kind"), name="event_once_a_kind"),
        ),
        *_initial_protection.OPERATIONS,
    ]
