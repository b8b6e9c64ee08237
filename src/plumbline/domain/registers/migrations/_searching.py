"""What the registers' rows are called by and numbered with, and public entries by what they are called."""

from django.db.migrations.operations import RunSQL

from plumbline.domain.rows.searching.schema import called_by, numbered_by

# Everybody reads public entries through functions that give public fields alone, see `_entries`.
_PUBLISHED = """
create function registers_published_called(of_registers text[], tokens text[], on_day date, most int)
returns table (register text, number bigint, title text) language plpgsql volatile as $$
#variable_conflict use_column
declare before text := coalesce(current_setting('plumbline.everything', true), '');
begin
    perform set_config('plumbline.everything', 'on', true);
    return query
        select p.register::text, p.number, p.title::text
          from (select said, min(rank) rank from rows_phrases(array['registers_period.title'], tokens, 50) group by said) f
          join registers_period p on p.title = f.said
          join lateral (select content from registers_definition d where d.register = p.register
                         order by mirrored_at desc, id desc limit 1) d on (d.content ->> 'is_public')::boolean
         where p.register = any(of_registers) and p.replaced_by is null
           and p.valid_from <= on_day and (p.valid_to is null or p.valid_to >= on_day)
         order by f.rank, length(p.title), p.title, p.number limit least(most, 51);
    perform set_config('plumbline.everything', before, true);
end $$;
"""
OPERATIONS = [
    called_by("registers_instrument", "name_zh", "name_en", "model", "maker"),
    numbered_by("registers_instrument", "identity", "serial", "external_id"),
    called_by("registers_site", "name_zh"),
    called_by("registers_measurementstandard", "code", "name_zh", "name_en"),
    called_by("registers_period", "title", "key"),
    RunSQL(_PUBLISHED, "drop function registers_published_called;"),
]
