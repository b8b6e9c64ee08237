"""What the database itself holds for clocks: seen as their case is; that one was raised is never unsaid.

Cases of the one procedure whose only clock is that of the case get its row here; safe to run twice. Those of other
procedures get theirs from the next sweep, if they are open.
"""

from django.db.migrations.operations import RunSQL

from plumbline.domain.rows.operations import append_only, row_security, visible_to

FILL = """
    select set_config('plumbline.everything', 'on', true);
    insert into cases_caseclock
        (id, case_id, name, procedure, owner_id, body_id, region_code, started_on, due_on, limit_on, met_on)
    select gen_random_uuid(), id, 'finish', procedure, owner_id, body_id, region_code, clock_from, due_on, limit_on,
           met_on
      from cases_case where procedure = 'verification' and clock_from is not null
    on conflict do nothing;
    select set_config('plumbline.everything', '', true);
"""
_SEEN = visible_to(organisations=["owner_id", "body_id"], region="region_code")
OPERATIONS = [
    row_security("cases_caseclock", using=_SEEN),
    row_security("cases_raised", using=_SEEN),
    append_only("cases_raised"),
    RunSQL(FILL, RunSQL.noop),
]
