"""Cases whose clock stands still have no day they are due on, as every case has that is folded from now on.

The states named here are those of the procedure as it was when such cases kept their day. Safe to run twice.
"""

from django.db.migrations.operations import RunSQL

STOPPED = """
    select set_config('plumbline.everything', 'on', true);
    update cases_case set due_on = null
     where due_on is not null
       and (ended_at is not null or (procedure = 'verification' and state in ('returned', 'withdrawn', 'issued')));
    select set_config('plumbline.everything', '', true);
"""
OPERATIONS = [RunSQL(STOPPED, RunSQL.noop)]
