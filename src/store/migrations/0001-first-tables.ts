import { inPostgres } from '../postgres/ddl.ts'

/**
 * Tables that hold documents keep their rowid: the text key is an index beside, so that a document of one or two kilobytes needs no overflow page.
 * Small rows live in their key.
 */
const tables = `
create table inbox (
  id text not null primary key,
  connector_id text not null,
  identity text,
  hash text not null,
  state text not null,
  tries integer not null,
  pending_at integer,
  next_try_at integer not null,
  settled_at integer,
  archived integer not null default 0,
  pinned integer not null default 0,
  doc text not null,
  outcome text
) without rowid;
create index inbox_by_identity on inbox (connector_id, identity, hash) where identity is not null;
create index inbox_pending on inbox (pending_at) where pending_at is not null;
create index inbox_quarantined on inbox (id) where state = 'quarantined';
create index inbox_archivable on inbox (id) where archived = 0 and pinned = 0 and settled_at is not null;
create table inbox_bodies (id text not null primary key, body blob not null);
create table inbox_counts (state text not null primary key, rows integer not null) without rowid;

create table appointments (id text not null primary key, patient_id text, start_at integer, envelope_id text, doc text not null);
create index appointments_by_patient on appointments (patient_id, start_at) where patient_id is not null;
create index appointments_by_envelope on appointments (envelope_id) where envelope_id is not null;
create table patients (id text not null primary key, doc text not null);
create table told (appointment_id text not null primary key, doc text not null) without rowid;

create table notifications (id text not null primary key, appointment_id text not null, pending_at integer, doc text not null);
create index notifications_by_appointment on notifications (appointment_id);
create index notifications_pending on notifications (pending_at) where pending_at is not null;
create table attempts (
  id text not null primary key, notification_id text not null, started_at integer not null, finished_at integer, doc text not null, outcome text
);
create index attempts_by_notification on attempts (notification_id);
create index attempts_unfinished on attempts (started_at) where finished_at is null;
create table links (token_hash text not null primary key, doc text not null) without rowid;

create table write_backs (
  id text not null primary key, appointment_id text not null, answered_at integer not null, pending_at integer, doc text not null
);
create index write_backs_by_appointment on write_backs (appointment_id, answered_at);
create index write_backs_pending on write_backs (pending_at) where pending_at is not null;

create table settings (
  clinic_id text not null, version integer not null, saved_at integer not null, doc text not null, primary key (clinic_id, version)
);
create table opt_outs (
  clinic_id text not null, channel text not null, contact text not null, added_at integer not null, primary key (clinic_id, channel, contact)
) without rowid;
create table unset_keys (
  clinic_id text not null, connector_id text not null, kind text not null, key text not null, text text, doc text not null,
  count integer not null, first_seen_at integer not null, primary key (clinic_id, connector_id, kind, key)
) without rowid;

create table audit (
  seq integer primary key autoincrement, subject text not null, doc text not null, detail text, salt text, detail_hash text, hash text not null
);
create index audit_by_subject on audit (subject);
create table probe (at integer not null, body blob not null);
`

const counting = `
create trigger inbox_counted after insert on inbox begin
  insert into inbox_counts (state, rows) values (new.state, 1) on conflict (state) do update set rows = rows + 1;
end;
create trigger inbox_recounted after update of state on inbox when old.state <> new.state begin
  update inbox_counts set rows = rows - 1 where state = old.state;
  insert into inbox_counts (state, rows) values (new.state, 1) on conflict (state) do update set rows = rows + 1;
end;
create trigger inbox_discounted after delete on inbox begin
  update inbox_counts set rows = rows - 1 where state = old.state;
end;
`

/** Whichever of an envelope and its appointment is written first. */
const pinning = `
create trigger inbox_pinned after insert on inbox
when exists (select 1 from appointments where envelope_id = new.id) begin
  update inbox set pinned = 1 where id = new.id;
end;
create trigger appointment_pins after insert on appointments when new.envelope_id is not null begin
  update inbox set pinned = 1 where id = new.envelope_id and pinned = 0;
end;
create trigger appointment_pins_another after update of envelope_id on appointments when old.envelope_id is not new.envelope_id begin
  update inbox set pinned = 1 where id = new.envelope_id and pinned = 0;
  update inbox set pinned = 0 where id = old.envelope_id and not exists (select 1 from appointments where envelope_id = old.envelope_id);
end;
create trigger appointment_unpins after delete on appointments when old.envelope_id is not null begin
  update inbox set pinned = 0 where id = old.envelope_id and not exists (select 1 from appointments where envelope_id = old.envelope_id);
end;
`

/** Spread over shards: nodes that commit at the same time would else wait for each other's row. */
const countingInPostgres = `
alter table inbox_counts add column shard bigint not null default 0;
alter table inbox_counts drop constraint inbox_counts_pkey;
alter table inbox_counts add primary key (state, shard);
create function count_inbox() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    insert into inbox_counts (state, shard, rows) values (old.state, pg_backend_pid() % 1024, -1)
    on conflict (state, shard) do update set rows = inbox_counts.rows + excluded.rows;
  end if;
  if tg_op <> 'DELETE' then
    insert into inbox_counts (state, shard, rows) values (new.state, pg_backend_pid() % 1024, 1)
    on conflict (state, shard) do update set rows = inbox_counts.rows + excluded.rows;
  end if;
  return null;
end $$;
create trigger inbox_counted after insert or delete on inbox for each row execute function count_inbox();
create trigger inbox_recounted after update of state on inbox for each row when (old.state <> new.state) execute function count_inbox();
`

const pinningInPostgres = `
create function pin_inbox() returns trigger language plpgsql as $$
begin
  update inbox set pinned = 1 where id = new.id and exists (select 1 from appointments where envelope_id = new.id);
  return null;
end $$;
create trigger inbox_pinned after insert on inbox for each row execute function pin_inbox();
create function pin_envelope() returns trigger language plpgsql as $$
begin
  if tg_op <> 'DELETE' then
    update inbox set pinned = 1 where id = new.envelope_id and pinned = 0;
  end if;
  if tg_op <> 'INSERT' then
    update inbox set pinned = 0 where id = old.envelope_id and not exists (select 1 from appointments where envelope_id = old.envelope_id);
  end if;
  return null;
end $$;
create trigger appointment_pins after insert or delete on appointments for each row execute function pin_envelope();
create trigger appointment_pins_another after update of envelope_id on appointments for each row
when (old.envelope_id is distinct from new.envelope_id) execute function pin_envelope();
`

export const firstTables = {
  name: '0001-first-tables',
  sql: tables + counting + pinning,
  postgres: inPostgres(tables) + countingInPostgres + pinningInPostgres,
}
