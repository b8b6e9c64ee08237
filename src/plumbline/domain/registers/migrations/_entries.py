"""What the database itself holds of the simple registers: values as defined, no shared day, nothing ever lost.

- A row's values must fit the mirrored definition it names: every key known, what is required there, each value of its
  type, pattern, choice, bounds and length. The title, area and key must be those of the values.
- No two standing rows of one entry share a day: an exclusion constraint, so that no race gets past it. The embedded
  PostgreSQL has no btree_gist; entry and day are one number there: `number` * 2^22 + days since 0001-01-01, and a span of
  days is a range of such numbers, never touching those of another entry.
- A row is never changed but for `replaced_by`, once, by the trigger of the row that replaces it.
- Who sees a row: its organisation, the offices of its area. Everybody reads public registers through
  `registers_published`, which gives public fields alone.
"""
# names of tables and columns are this module's own, never a file's; values are bound

from django.conf import settings
from django.db.migrations.operations import RunSQL

from plumbline.domain.rows.operations import append_only, row_security, visible_to

_ANYBODY = (
    "(select coalesce(current_setting('plumbline.everything', true), '') = 'on'"
    " or nullif(current_setting('plumbline.organisations', true), '') is not null"
    " or nullif(current_setting('plumbline.regions', true), '') is not null)"
)
_FAULT = r"""
create function registers_value_fault(spec jsonb, value jsonb) returns text language plpgsql immutable as $$
declare
    text_of text := value #>> '{}';
begin
    if jsonb_typeof(value) <> spec ->> 'json' then return 'is no ' || (spec ->> 'json'); end if;
    if spec ->> 'json' = 'boolean' then return null; end if;
    if length(text_of) = 0 then return 'is empty'; end if;
    if length(text_of) > (spec ->> 'characters')::int then return 'is too long'; end if;
    if spec ->> 'pattern' <> '' and text_of !~ ('^(?:' || (spec ->> 'pattern') || ')$') then
        return 'does not fit its pattern';
    end if;
    if spec ->> 'type' = 'date' and not pg_input_is_valid(text_of, 'date') then return 'is no day'; end if;
    if spec ->> 'type' = 'choice' and not (spec -> 'choices') ? text_of then return 'is none of the choices'; end if;
    if spec ->> 'least' is not null and text_of::numeric < (spec ->> 'least')::numeric then return 'is too small'; end if;
    if spec ->> 'most' is not null and text_of::numeric > (spec ->> 'most')::numeric then return 'is too large'; end if;
    return null;
end $$;

create function registers_values_fault(fields jsonb, held jsonb) returns text language plpgsql immutable as $$
declare
    key text; spec jsonb; value jsonb; one jsonb; fault text;
begin
    if jsonb_typeof(held) is distinct from 'object' then return 'values are no object'; end if;
    for key in select k from jsonb_object_keys(held) k where not fields ? k loop
        return format('field %s is not defined', key);
    end loop;
    for key, spec in select * from jsonb_each(fields) loop
        value := held -> key;
        if value is null then
            if (spec ->> 'required')::boolean then return format('field %s is missing', key); end if;
            continue;
        end if;
        if not (spec ->> 'many')::boolean then
            fault := registers_value_fault(spec, value);
        elsif jsonb_typeof(value) <> 'array' or jsonb_array_length(value) = 0 then
            fault := 'is no list';
        else
            for one in select * from jsonb_array_elements(value) loop
                fault := coalesce(fault, registers_value_fault(spec, one));
            end loop;
        end if;
        if fault is not null then return format('field %s %s', key, fault); end if;
    end loop;
    return null;
end $$;
"""
_TAKE_IN = """
create function registers_period_take_in() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
declare
    definition jsonb; fault text; named text; found int;
begin
    select d.content into definition from registers_definition d
     where d.id = new.definition_id and d.register = new.register;
    if definition is null then
        raise exception 'register %: no such definition', new.register using errcode = 'foreign_key_violation';
    end if;
    fault := registers_values_fault(definition -> 'fields', new."values");
    if fault is null and not (definition -> 'states') ? new.state then fault := 'state ' || new.state; end if;
    if fault is null and new.title is distinct from new."values" ->> (definition ->> 'title') then fault := 'title'; end if;
    if fault is null and new.region_code is distinct from new."values" ->> (definition ->> 'region') then
        fault := 'region';
    end if;
    select string_agg(new."values" ->> part.name, ' / ' order by part.place) into named
      from jsonb_array_elements_text(definition -> 'unique') with ordinality part(name, place);
    if fault is null and new.key is distinct from named then fault := 'key'; end if;
    if fault is not null then
        raise exception 'register %: %', new.register, fault
              using errcode = 'check_violation', constraint = 'period_as_defined';
    end if;
    if new.replaced_by is not null then
        raise exception 'a row begins standing' using errcode = 'check_violation', constraint = 'period_begins_standing';
    end if;
    if new.replaces_id is not null then
        update registers_period set replaced_by = new.act_id
         where id = new.replaces_id and number = new.number and (replaced_by is null or replaced_by = new.act_id);
        get diagnostics found = row_count;
        if found = 0 then
            raise exception 'the row has been replaced already'
                  using errcode = 'check_violation', constraint = 'period_replaced_once';
        end if;
    end if;
    return new;
end $$;
create trigger registers_period_take_in before insert on registers_period
    for each row execute function registers_period_take_in();

create function registers_period_keep() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.replaced_by is not distinct from new.replaced_by
       and to_jsonb(old) = to_jsonb(new) then return new; end if;
    if tg_op = 'UPDATE' and old.replaced_by is null and new.replaced_by is not null
       and to_jsonb(old) - 'replaced_by' = to_jsonb(new) - 'replaced_by' then return new; end if;
    raise exception 'table registers_period only grows: add a correcting row instead'
          using errcode = 'integrity_constraint_violation';
end $$;
create trigger registers_period_keep before update or delete on registers_period
    for each row execute function registers_period_keep();
create function registers_period_keep_all() returns trigger language plpgsql as $$
begin
    raise exception 'table registers_period only grows' using errcode = 'integrity_constraint_violation';
end $$;
create trigger registers_period_keep_all before truncate on registers_period
    for each statement execute function registers_period_keep_all();
"""
_PUBLIC_PART = """
        select p.number, p.title::text, p.state::text, p.region_code::text, p.valid_from, p.valid_to,
           coalesce((select jsonb_object_agg(k, p."values" -> k)
                       from jsonb_array_elements_text(d.content -> 'public') k where p."values" ? k), '{}')
      from registers_period p,
           (select content from registers_definition where register = of_register
             order by mirrored_at desc, id desc limit 1) d
     where p.register = of_register and p.replaced_by is null and (d.content ->> 'is_public')::boolean
       and p.valid_from <= on_day and (p.valid_to is null or p.valid_to >= on_day)
"""
_RETURNS = """ returns table (
    number bigint, title text, state text, region_code text, valid_from date, valid_to date, "values" jsonb
) language plpgsql volatile as $$
#variable_conflict use_column
declare before text := coalesce(current_setting('plumbline.everything', true), '');
begin
    perform set_config('plumbline.everything', 'on', true);
    return query
"""
_ENDS = """;
    perform set_config('plumbline.everything', before, true);
end $$;
"""
_PUBLISHED = f"""
create function registers_published(
    of_register text, on_day date, like_text text, in_regions text[], after_title text, after_number bigint, most int
) {_RETURNS} {_PUBLIC_PART}
       and (like_text = '' or p.title like '%' || like_text || '%')
       and (in_regions is null or p.region_code = any(in_regions))
       and (p.title, p.number) > (after_title, after_number)
     order by p.title, p.number limit least(most, 501){_ENDS}create function registers_published_entry(of_register text, of_number bigint, on_day date)
{_RETURNS} {_PUBLIC_PART} and p.number = of_number{_ENDS}"""
_DAY = "date '0001-01-01'"
_KEEP_RIGHTS = """
do $$ begin
    if exists (select from pg_roles where rolname = '{role}') then
        execute 'revoke update, delete, truncate on registers_period from {role}';
    end if; end $$;
"""
OPERATIONS = [
    RunSQL(
        """
        create sequence registers_entry_number;
        alter table registers_entry add constraint entry_whole unique (id, number, register, key);
        alter table registers_period add constraint period_of_its_entry
            foreign key (entry_id, number, register, key) references registers_entry (id, number, register, key);
        alter table registers_entry add constraint entry_number_fits check (number > 0 and number < 2199023255552);
        alter table registers_period add constraint period_in_our_time
            check (valid_from >= date '1900-01-01' and (valid_to is null or valid_to <= date '9999-12-31'));
        """
        f"""
        alter table registers_period add constraint period_once_a_day exclude using gist (
            int8range(number * 4194304 + (valid_from - {_DAY}),
                      number * 4194304 + coalesce(valid_to - {_DAY}, 4194302) + 1) with &&
        ) where (replaced_by is null);
        """,
        """
        drop sequence registers_entry_number;
        """,
    ),
    RunSQL(
        _FAULT + _TAKE_IN + _PUBLISHED,
        "drop function registers_published; drop function registers_published_entry; drop function registers_period_take_in cascade;"
        "drop function registers_period_keep cascade; drop function registers_period_keep_all cascade;"
        "drop function registers_values_fault; drop function registers_value_fault;",
    ),
    RunSQL(_KEEP_RIGHTS.format(role=settings.PLUMBLINE_APP_ROLE), RunSQL.noop),
    append_only("registers_definition"),
    row_security("registers_period", using=visible_to(organisations=["owner_id"], region="region_code")),
    row_security(
        "registers_entry",
        using="exists (select from registers_period p where p.entry_id = registers_entry.id)",
        check=_ANYBODY,
    ),
    append_only("registers_entry"),
]
