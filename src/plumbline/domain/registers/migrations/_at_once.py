"""Values of the simple registers are held to their definition by the statement, not by the row.

What `_entries.py` asked of each row is asked here of all rows a statement has inserted, a field at a time, over the
transition table: an import of 100,000 rows costs one pass a field. What is refused, and the words in which, stay the
same: the first row found at fault is put to the function that names faults. The row trigger keeps what must happen
before a row goes in: the row it replaces ceases to stand.
"""

from django.db.migrations.operations import RunSQL

_BEFORE_A_ROW = """
create or replace function registers_period_take_in() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
declare
    found int;
begin
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
"""
_AFTER_A_STATEMENT = """
create function registers_period_as_defined() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
declare
    edition record; field record; bad jsonb; fault text;
begin
    for edition in
        select t.definition_id, t.register, d.content, d.content ->> 'title' title, d.content ->> 'region' region,
               d.content -> 'unique' keys, d.content -> 'fields' fields, d.content -> 'states' states,
               array(select jsonb_object_keys(d.content -> 'fields')) names
          from (select distinct definition_id, register from taken) t
               left join registers_definition d on d.id = t.definition_id and d.register = t.register
    loop
        if edition.content is null then
            raise exception 'register %: no such definition', edition.register
                  using errcode = 'foreign_key_violation';
        end if;
        bad := null;
        select t."values" into bad from taken t
         where t.definition_id = edition.definition_id
           and case when jsonb_typeof(t."values") is distinct from 'object' then true
                    else t."values" - edition.names <> '{}' end limit 1;
        for field in select f.key, f.value spec, f.value ->> 'json' as_json, f.value ->> 'type' as_type,
                            (f.value ->> 'required')::boolean as is_required, (f.value ->> 'many')::boolean as is_many,
                            (f.value ->> 'characters')::int as most_long, f.value ->> 'pattern' as fits,
                            (f.value ->> 'least')::numeric as lowest, (f.value ->> 'most')::numeric as highest
                       from jsonb_each(edition.fields) f
        loop
            exit when bad is not null;
            if field.is_many then
                select t."values" into bad from taken t
                 where t.definition_id = edition.definition_id
                   and registers_values_fault(jsonb_build_object(field.key, field.spec),
                           case when t."values" ? field.key
                                then jsonb_build_object(field.key, t."values" -> field.key) else '{}' end) is not null
                 limit 1;
                continue;
            end if;
            select t."values" into bad from taken t
             where t.definition_id = edition.definition_id and case
                   when t."values" -> field.key is null then field.is_required
                   when jsonb_typeof(t."values" -> field.key) <> field.as_json then true
                   when field.as_json = 'boolean' then false
                   when length(t."values" ->> field.key) not between 1 and field.most_long then true
                   when field.fits <> '' and t."values" ->> field.key !~ ('^(?:' || field.fits || ')$') then true
                   when field.as_type = 'date' then not pg_input_is_valid(t."values" ->> field.key, 'date')
                   when field.as_type = 'choice' then not (field.spec -> 'choices') ? (t."values" ->> field.key)
                   when field.lowest is not null and (t."values" ->> field.key)::numeric < field.lowest then true
                   when field.highest is not null and (t."values" ->> field.key)::numeric > field.highest then true
                   else false end
             limit 1;
        end loop;
        fault := case when bad is null then null else coalesce(registers_values_fault(edition.fields, bad), 'values') end;
        if fault is null then
            select case when not edition.states ? t.state then 'state ' || t.state
                        when t.title is distinct from t."values" ->> edition.title then 'title'
                        when t.region_code is distinct from t."values" ->> edition.region then 'region'
                        else 'key' end into fault
              from taken t
             where t.definition_id = edition.definition_id
               and (not edition.states ? t.state or t.title is distinct from t."values" ->> edition.title
                    or t.region_code is distinct from t."values" ->> edition.region
                    or t.key is distinct from case jsonb_array_length(edition.keys)
                       when 1 then t."values" ->> (edition.keys ->> 0)
                       else (select string_agg(t."values" ->> part.name, ' / ' order by part.place)
                               from jsonb_array_elements_text(edition.keys) with ordinality part(name, place)) end)
             limit 1;
        end if;
        if fault is not null then
            raise exception 'register %: %', edition.register, fault
                  using errcode = 'check_violation', constraint = 'period_as_defined';
        end if;
    end loop;
    return null;
end $$;
create trigger registers_period_as_defined after insert on registers_period
    referencing new table as taken for each statement execute function registers_period_as_defined();
"""

OPERATIONS = [
    RunSQL(
        _BEFORE_A_ROW + _AFTER_A_STATEMENT,
        RunSQL.noop,
    )
]
