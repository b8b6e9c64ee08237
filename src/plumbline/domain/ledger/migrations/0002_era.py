"""Queue items carry the era of the database server they were written on: a restored copy counts transactions anew."""

import django.utils.timezone
from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from plumbline.domain.rows.operations import append_only

# Transaction numbers order the queue within one server only. A row written before its server has an era is refused.
_ERAS = """
    insert into ledger_era (number, cluster, begun_at) select 1, system_identifier, now() from pg_control_system();
    create function ledger_era_here() returns integer language plpgsql stable as $$
    declare found integer;
    begin
        select e.number into found from (select number, cluster from ledger_era order by number desc limit 1) e
            join pg_control_system() c on c.system_identifier = e.cluster;
        if found is null then
            raise exception 'this database was restored on another server: its log opens an era here first'
                using hint = 'start the platform, its sequencer opens it';
        end if;
        return found;
    end $$;
    alter table ledger_queueitem add column era integer not null default ledger_era_here();
    drop index ledger_queueitem_commit_order;
    create index ledger_queueitem_commit_order on ledger_queueitem (era, xid, id);
"""
_NO_ERAS = """
    drop index ledger_queueitem_commit_order;
    create index ledger_queueitem_commit_order on ledger_queueitem (xid, id);
    alter table ledger_queueitem drop column era;
    drop function ledger_era_here();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Era",
            fields=[
                ("number", models.IntegerField(primary_key=True, serialize=False)),
                ("cluster", models.BigIntegerField()),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        RunSQL(_ERAS, _NO_ERAS),
        append_only("ledger_era"),
    ]
