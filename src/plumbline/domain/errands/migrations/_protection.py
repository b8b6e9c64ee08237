"""What the database itself holds for errands: the asker's organisation sees them; none is thrown away."""

from django.conf import settings
from django.db.migrations.operations import RunSQL

from plumbline.domain.rows.operations import row_security, visible_to

_ROLE = settings.PLUMBLINE_APP_ROLE

OPERATIONS = [
    row_security("errands_errand", using=visible_to(organisations=["organisation_id"])),
    row_security("errands_piece", using="exists (select from errands_errand e where e.id = errand_id)"),
    RunSQL(
        f"""do $$ begin if exists (select from pg_roles where rolname = '{_ROLE}') then
        execute 'revoke delete, truncate on errands_errand from {_ROLE}'; end if; end $$;""",  # noqa: S608  # the role is named by the settings
        RunSQL.noop,
    ),
]
