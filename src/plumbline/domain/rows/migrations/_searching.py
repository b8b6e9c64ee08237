"""What search asks of the database: folding, pairs of characters, readings, and the phrases that things are called by.

Under row-level security no index serves LIKE or a text search, since their operators are not leak-proof; equality is, so
a search first finds out which *phrases* there are (distinct names, kept here without saying whose), then asks for rows
by equality, under security. The application has no right to this table: it asks `rows_phrases` and `rows_phrases_alike`.

A phrase is kept with the pairs of neighbouring characters of its folded text, as words of a `tsvector`, and with those
of its initials in pinyin: every reading of every character counts, so that 重庆 is found by `cq` and by `zq`.
"""

from django.conf import settings
from django.db.migrations.operations import RunSQL

_TEXTS = r"""
create function rows_folded(said text) returns text language sql immutable strict parallel safe as $$
    select left(regexp_replace(lower(normalize(said, nfkc)), '[^[:alnum:]]+', '', 'g'), 200)
$$;

create function rows_all_of(words text[]) returns text language sql immutable parallel safe as $$
    select string_agg(quote_literal(word), ' & ') from unnest(words) word
$$;
"""
PAIRS = r"""
-- The initials each character may be read with, between commas: 加油2 is ,j,y,2, and 石 is ,sd,
create or replace function rows_spelled(folded text) returns text language sql stable strict parallel safe as $$
    select coalesce(',' || string_agg(coalesce(r.initials, one.letter), ',' order by one.place) || ',', '')
      from string_to_table(folded, null) with ordinality one(letter, place)
      left join rows_reading r on r.character = one.letter
$$;

-- Loops, not queries: a query is started anew for each of many texts, which costs more than its pairs.
create or replace function rows_pairs(head text, folded text) returns text[]
    language plpgsql immutable strict parallel safe as $$
declare found text[] := '{}';
begin
    for place in 1 .. length(folded) - 1 loop
        found := found || (head || substr(folded, place, 2));
    end loop;
    return found;
end $$;

create or replace function rows_spelled_pairs(head text, spelled text) returns text[]
    language plpgsql immutable strict parallel safe as $$
declare
    sounds text[] := string_to_array(trim(both ',' from spelled), ',');
    found text[] := '{}';
    one text;
    two text;
begin
    for place in 1 .. cardinality(sounds) - 1 loop
        foreach one in array string_to_array(sounds[place], null) loop
            foreach two in array string_to_array(sounds[place + 1], null) loop
                found := found || (head || one || two);
            end loop;
        end loop;
    end loop;
    return found;
end $$;
"""
NOTE = """
-- What has only letters and digits is its own initials: it is found by them as it stands.
-- Two transactions may note the same phrase: neither waits for the other, and a phrase told twice does no harm.
create or replace function rows_note(of_kind text, texts text[]) returns void language sql
    set enable_seqscan = off as $$
    with fresh as materialized (
        select said, folded, case when folded ~ '[^a-z0-9]' then rows_spelled(folded) else '' end spelled
          from (select said, rows_folded(said) folded from (select distinct unnest(texts) said) told
                 where not exists (select from rows_phrase p where p.kind = of_kind and p.said = told.said)) f
         where folded <> '')
    insert into rows_phrase (kind, said, folded, spelled, pairs)
    select of_kind, said, folded, spelled,
           array_to_tsvector(rows_pairs(of_kind || ':', folded)
                             || case when spelled = '' then '{}' else rows_spelled_pairs(of_kind || '~', spelled) end)
      from fresh
$$;
"""
FIND = r"""
-- Phrases of some kinds that hold every token: 0 exactly, 1 at their beginning, 2 somewhere, 3 by initials.
-- Planned once a connection: whatever is asked, an index serves it. Of a kind of which enough phrases begin so, no others
-- are looked for: all of very many would be read to leave out those that begin so.
create or replace function rows_phrases(kinds text[], tokens text[], most int)
returns table (kind text, said text, rank int) language plpgsql stable security definer
    set search_path = public, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    parts text[] := array(select f from (select rows_folded(t) f from unnest(tokens) t) x where f <> '');
    whole text := array_to_string(parts, '');
    held text[];
    spelled_held text[];
    spellings text[];
    full_kinds text[];
begin
    if length(whole) < 2 then return; end if;
    full_kinds := array(
        select k from unnest(kinds) k
         where (select count(*) from (select from rows_phrase p
                 where p.kind = k and p.folded >= whole and p.folded < whole || U&'\+10FFFF' limit most) f) = most);
    return query
        select k, f.said, f.rank
          from unnest(kinds) k cross join lateral (
               select p.said, case when p.folded = whole then 0 else 1 end rank from rows_phrase p
                where p.kind = k and p.folded >= whole and p.folded < whole || U&'\+10FFFF'
                order by p.folded limit most) f;
    held := array(select rows_all_of(array(select pair from unnest(parts) t, unnest(rows_pairs(k || ':', t)) pair))
                    from unnest(kinds) k);
    return query
        select k, f.said, 2
          from unnest(kinds, held) u(k, wanted) cross join lateral (
               select p.said from rows_phrase p
                where p.pairs @@ wanted::tsquery and not starts_with(p.folded, whole)
                  and (select bool_and(strpos(p.folded, t) > 0) from unnest(parts) t) limit most) f
         where wanted is not null and k <> all(full_kinds);
    if whole !~ '^[a-z0-9]*[a-z][a-z0-9]*$' then return; end if;
    spelled_held := array(
        select rows_all_of(array(select pair from unnest(parts) t, unnest(rows_pairs(k || '~', t)) pair))
          from unnest(kinds) k);
    spellings := array(
        select (select ',' || string_agg('[^,]*' || letter || '[^,]*,', '') from regexp_split_to_table(t, '') letter)
          from unnest(parts) t);
    return query
        select k, f.said, 3
          from unnest(kinds, spelled_held) u(k, wanted) cross join lateral (
               select p.said from rows_phrase p
                where p.pairs @@ wanted::tsquery and (select bool_and(p.spelled ~ s) from unnest(spellings) s)
                  and not (select bool_and(strpos(p.folded, t) > 0) from unnest(parts) t) limit most) f
         where wanted is not null and k <> all(full_kinds);
end $$;

-- Phrases that could have been meant: those that keep every pair but the ones a slip at one place would break, and those
-- that sound so. How near they are is judged by whoever asks.
create or replace function rows_phrases_alike(kinds text[], typed text, most int)
returns table (kind text, said text) language plpgsql stable security definer
    set search_path = public, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    whole text := left(rows_folded(typed), 40);
    long int := length(whole);
    slip int := case when long >= 5 then 1 else 0 end;
    sounds text[] := string_to_array(trim(both ',' from rows_spelled(whole)), ',');
    wanted text[];
begin
    if long < 2 then return; end if;
    wanted := array(
        select (select string_agg('(' || kept || ')', ' | ')
                  from (select rows_all_of(array(
                                   select k || ':' || substr(whole, i, 2) from generate_series(1, long - 1) i
                                    where i + 1 < place or i > place + slip)) kept
                          from generate_series(1, long - slip) place) each_place
                 where long >= 4 and kept is not null)
          from unnest(kinds) k
         union all
        select (select string_agg('(' || either || ')', ' & ')
                  from (select (select string_agg(quote_literal(k || '~' || a || b), ' | ')
                                  from regexp_split_to_table(sounds[i], '') a,
                                       regexp_split_to_table(sounds[i + 1], '') b) either
                          from generate_series(1, long - 1) i) sound
                 where whole !~ '^[a-z0-9]+$')
          from unnest(kinds) k);
    return query
        select k, f.said
          from unnest(kinds || kinds, wanted) u(k, meant) cross join lateral (
               select p.said from rows_phrase p where p.pairs @@ meant::tsquery limit most) f
         where meant is not null;
end $$;
"""
_RIGHTS = """
do $$ begin
    if exists (select from pg_roles where rolname = '{role}') then
        execute 'revoke all on rows_phrase, rows_reading from {role}';
        execute 'grant select on rows_reading to {role}';
    end if; end $$;
"""
OPERATIONS = [
    RunSQL(
        """
        create extension if not exists pg_trgm;
        create table rows_reading (
            character text collate "C" primary key,
            initials text not null check (initials ~ '^[a-z]+$')
        );
        create table rows_phrase (
            kind text collate "C" not null,
            said text collate "C" not null,
            folded text collate "C" not null,
            spelled text collate "C" not null,
            pairs tsvector not null
        );
        create index rows_phrase_said on rows_phrase (kind, said);
        create index rows_phrase_folded on rows_phrase (kind, folded);
        create index rows_phrase_pairs on rows_phrase using gin (pairs) with (gin_pending_list_limit = 256);
        """,
        "drop table rows_phrase; drop table rows_reading;",
    ),
    RunSQL(
        _TEXTS + PAIRS + NOTE + FIND,
        "drop function rows_phrases_alike; drop function rows_phrases; drop function rows_note;"
        "drop function rows_all_of; drop function rows_spelled_pairs; drop function rows_spelled;"
        "drop function rows_pairs; drop function rows_folded;",
    ),
    RunSQL(_RIGHTS.format(role=settings.PLUMBLINE_APP_ROLE), RunSQL.noop),
]
