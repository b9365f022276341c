import { inPostgres } from '../postgres/ddl.ts'

/**
 * What each row counts as in the figures, on which local day; null on all that counts as nothing. A message keeps the day it left.
 * `held_for` is null on all appointments but the few that wait for a person.
 */
const columns = `
alter table appointments add column counted_day integer;
alter table appointments add column counted_as text;
alter table appointments add column counted_agenda text;
alter table appointments add column counted_motif text;
alter table appointments add column counted_lead text;
alter table appointments add column held_for text;
alter table notifications add column counted_day integer;
alter table notifications add column counted_as text;
alter table notifications add column counted_agenda text;
alter table notifications add column counted_motif text;
alter table notifications add column counted_lead text;
create index appointments_held on appointments (clinic_id, start_at, id) where held_for is not null;
`

const sums = `
create table daily_counts (
  clinic_id text not null, scope text not null, name text not null, day integer not null, counted_as text not null, number integer not null,
  primary key (clinic_id, scope, name, day, counted_as)
) without rowid;
`

/** The whole clinic, its agenda, its motif, and how long before the start it was confirmed. */
const scopes = (row: 'new' | 'old') => `(
    select 'all' as scope, '' as name
    union all select 'agenda', coalesce(${row}.counted_agenda, '')
    union all select 'motif', coalesce(${row}.counted_motif, '')
    union all select 'lead', ${row}.counted_lead
  ) as scopes`

const add = (row: 'new' | 'old', sign: '' | '-', shard: '' | 'shard, ' = '') => `
  insert into daily_counts (clinic_id, scope, name, day, counted_as, ${shard}number)
  select ${row}.clinic_id, scopes.scope, scopes.name, ${row}.counted_day, ${row}.counted_as, ${shard && 'pg_backend_pid() % 64, '}${sign}1
  from ${scopes(row)} where ${row}.counted_as is not null and scopes.name is not null
  on conflict (clinic_id, scope, name, day, counted_as${shard && ', shard'}) do update set number = daily_counts.number + excluded.number;`

const watched = ['clinic_id', 'counted_day', 'counted_as', 'counted_agenda', 'counted_motif', 'counted_lead']

/** Nothing is taken back when a row is deleted: the figures of a day outlive what they count (R39). */
const counting = (table: 'appointments' | 'notifications') => `
create trigger ${table}_counted after insert on ${table} when new.counted_as is not null begin ${add('new', '')}
end;
create trigger ${table}_recounted after update of ${watched.join(', ')} on ${table}
when ${watched.map((column) => `new.${column} is not old.${column}`).join(' or ')} begin ${add('old', '-')} ${add('new', '')}
end;
`

/** Spread over shards: nodes that commit at the same time would else wait for each other's row. */
const countingInPostgres = `
alter table daily_counts add column shard bigint not null default 0;
alter table daily_counts drop constraint daily_counts_pkey;
alter table daily_counts add primary key (clinic_id, scope, name, day, counted_as, shard);
create function count_daily() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then ${add('old', '-', 'shard, ')}
  end if;
  ${add('new', '', 'shard, ')}
  return null;
end $$;
${(['appointments', 'notifications'] as const)
  .map(
    (table) => `
create trigger ${table}_counted after insert on ${table} for each row when (new.counted_as is not null) execute function count_daily();
create trigger ${table}_recounted after update on ${table} for each row
when (${watched.map((column) => `new.${column} is distinct from old.${column}`).join(' or ')}) execute function count_daily();`,
  )
  .join('')}
`

export const figuresTables = {
  name: '0011-figures',
  sql: columns + sums + counting('appointments') + counting('notifications'),
  postgres: inPostgres(columns + sums) + countingInPostgres,
}
