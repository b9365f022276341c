import { inPostgres } from '../postgres/ddl.ts'

/** How far we have asked an EHR, or heard it: a watermark, an event number. */
const marks = `
create table marks (
  connector_id text not null, name text not null, value text not null, saved_at integer not null, primary key (connector_id, name)
) without rowid;
`

/** Each prior record once, with the survivor of all its merges: no chain is ever followed. */
const aliases = `
create table aliases (prior_id text not null primary key, survivor_id text not null, survivor text not null, merged_at integer not null) without rowid;
create index aliases_by_survivor on aliases (survivor_id);
`

const bring = `
  insert into kin (patient_id, relative_id) select new.id, kin.value from json_each(new.kin) as kin where true on conflict do nothing;`

const take = `
  delete from kin where patient_id = old.id;`

/** Whom each patient's record names, kept by triggers that look at a column of their own, as the phone numbers are. */
const kin = `
alter table patients add column kin text;
create table kin (patient_id text not null, relative_id text not null, primary key (patient_id, relative_id)) without rowid;
create index kin_by_relative on kin (relative_id, patient_id);
create trigger patient_brings_kin after insert on patients when new.kin is not null begin ${bring}
end;
create trigger patient_changes_kin after update of kin on patients when new.kin is not old.kin begin ${take} ${bring}
end;
create trigger patient_takes_kin after delete on patients when old.kin is not null begin ${take}
end;
`

const visits = `
alter table appointments add column visit_key text;
create index appointments_by_visit on appointments (visit_key, id) where visit_key is not null;
`

/** By their end first: of an agenda's past ones none is read when something ahead is looked for. */
const blocks = `
create table blocks (
  clinic_id text not null, agenda_key text not null, end_at integer not null, start_at integer not null, said_at integer not null, doc text not null,
  primary key (clinic_id, agenda_key, end_at, start_at)
) without rowid;
`

const kinInPostgres = `
${inPostgres(`
alter table patients add column kin text;
create table kin (patient_id text not null, relative_id text not null, primary key (patient_id, relative_id));
create index kin_by_relative on kin (relative_id, patient_id);
`)}
create function keep_kin() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    delete from kin where patient_id = old.id;
  end if;
  if tg_op <> 'DELETE' then
    insert into kin (patient_id, relative_id) select new.id, relative from texts_in(new.kin) as relative on conflict do nothing;
  end if;
  return null;
end $$;
create trigger patient_brings_kin after insert on patients for each row when (new.kin is not null) execute function keep_kin();
create trigger patient_changes_kin after update of kin on patients for each row when (new.kin is distinct from old.kin) execute function keep_kin();
create trigger patient_takes_kin after delete on patients for each row when (old.kin is not null) execute function keep_kin();
`

export const newsTables = {
  name: '0004-news',
  sql: marks + aliases + kin + visits + blocks,
  postgres: inPostgres(marks + aliases) + kinInPostgres + inPostgres(visits + blocks),
}
