import { inPostgres } from '../postgres/ddl.ts'

/** Who is told of what happens, what happened, and what is on its way; and the answers that a repeated request gets again. */
const webhooks = `
create table webhook_endpoints (id text not null primary key, clinic_id text not null, doc text not null) without rowid;
create index webhook_endpoints_of_clinic on webhook_endpoints (clinic_id, id);
create table webhook_events (id text not null primary key, clinic_id text not null, at integer not null, doc text not null) without rowid;
create index webhook_events_of_clinic on webhook_events (clinic_id, at, id);
create index webhook_events_by_time on webhook_events (at);
create table webhook_deliveries (
  endpoint_id text not null, event_id text not null, created_at integer not null, pending_at integer, state text not null, doc text not null,
  primary key (endpoint_id, event_id)
) without rowid;
create index webhook_deliveries_pending on webhook_deliveries (pending_at) where pending_at is not null;
create index webhook_deliveries_listed on webhook_deliveries (endpoint_id, state, created_at, event_id);
create index webhook_deliveries_of_event on webhook_deliveries (event_id);
`

const idempotency = `
create table idempotency (key text not null primary key, forget_at integer not null, doc text not null) without rowid;
create index idempotency_to_forget on idempotency (forget_at);
`

const microseconds = (path: string) =>
  `strftime('%s', substr(json_extract(doc, '${path}'), 1, 19)) * 1000000
    + substr(rtrim(substr(json_extract(doc, '${path}'), 21), 'Z') || '000', 1, 6)`

/** What lists and searches look for, page by page, at a million rows. */
const listed = `
alter table appointments add column agenda_key text;
update appointments set agenda_key = json_quote(json_extract(doc, '$.agenda.key')) where json_extract(doc, '$.agenda.key') is not null;
create index appointments_by_agenda on appointments (clinic_id, agenda_key, start_at, id) where agenda_key is not null;
alter table notifications add column state text not null default '';
alter table notifications add column changed_at integer not null default 0;
update notifications set state = json_extract(doc, '$.state'), changed_at = ${microseconds('$.changedAt')};
create index notifications_listed on notifications (clinic_id, state, changed_at, id);
alter table write_backs add column connector_id text not null default '';
alter table write_backs add column state text not null default '';
update write_backs set connector_id = json_extract(doc, '$.connectorId'), state = json_extract(doc, '$.state');
create index write_backs_listed on write_backs (connector_id, state, answered_at, id);
`

const accents: readonly (readonly [string, string])[] = [
  ...[...'àâäáãåÀÂÄÁÃÅ'].map((each) => [each, 'a'] as const),
  ...[...'éèêëÉÈÊË'].map((each) => [each, 'e'] as const),
  ...[...'îïíìÎÏÍÌ'].map((each) => [each, 'i'] as const),
  ...[...'ôöóòõÔÖÓÒÕ'].map((each) => [each, 'o'] as const),
  ...[...'ûüúùÛÜÚÙ'].map((each) => [each, 'u'] as const),
  ...[...'çÇ'].map((each) => [each, 'c'] as const),
  ...[...'ñÑ'].map((each) => [each, 'n'] as const),
  ['œ', 'oe'],
  ['Œ', 'oe'],
  ['-', ' '],
  ['’', ' '],
  ["''", ' '],
]

/** As the program spells a name that is looked for, or nearly; every later word of the EHR puts it right. One statement each: SQLite's parser is not deep. */
const folded = accents.map(([from, to]) => `update patients set terms = replace(terms, '${from}', '${to}');`).join('\n')

const bring = (row: 'patients' | 'new') => `
  insert into patient_terms (clinic_id, term, patient_id)
  select ${row}.clinic_id, term.value, ${row}.id from ${row === 'patients' ? 'patients, ' : ''}json_each(${row}.terms) as term where true
  on conflict do nothing;`

const take = `
  delete from patient_terms where clinic_id = old.clinic_id and term in (select value from json_each(old.terms)) and patient_id = old.id;`

/** Names and birth dates as they are looked for; kept by triggers that look at a column of their own, as the phone numbers are. */
const terms = `
alter table patients add column terms text;
update patients set terms = json_array(
  'n ' || trim(lower(coalesce(json_extract(doc, '$.familyName'), '') || ' ' || coalesce(json_extract(doc, '$.givenName'), ''))),
  'n ' || trim(lower(coalesce(json_extract(doc, '$.givenName'), '') || ' ' || coalesce(json_extract(doc, '$.familyName'), '')))
);
${folded}
update patients set terms = json_insert(terms, '$[#]', 'b ' || json_extract(doc, '$.birthDate'))
where json_extract(doc, '$.birthDate') is not null;
create table patient_terms (
  clinic_id text not null, term text not null, patient_id text not null, primary key (clinic_id, term, patient_id)
) without rowid;
${bring('patients')}
create trigger patient_brings_terms after insert on patients when new.terms is not null begin ${bring('new')}
end;
create trigger patient_changes_terms after update of clinic_id, terms on patients
when new.clinic_id is not old.clinic_id or new.terms is not old.terms begin ${take} ${bring('new')}
end;
create trigger patient_takes_terms after delete on patients when old.terms is not null begin ${take}
end;
`

const termsInPostgres = `
${inPostgres(`
alter table patients add column terms text;
create table patient_terms (clinic_id text not null, term text not null, patient_id text not null, primary key (clinic_id, term, patient_id));
`)}
create function keep_terms() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    delete from patient_terms where clinic_id = old.clinic_id and patient_id = old.id and term in (select texts_in(old.terms));
  end if;
  if tg_op <> 'DELETE' then
    insert into patient_terms (clinic_id, term, patient_id) select new.clinic_id, term, new.id from texts_in(new.terms) as term on conflict do nothing;
  end if;
  return null;
end $$;
create trigger patient_brings_terms after insert on patients for each row when (new.terms is not null) execute function keep_terms();
create trigger patient_changes_terms after update of clinic_id, terms on patients for each row
when (new.clinic_id <> old.clinic_id or new.terms is distinct from old.terms) execute function keep_terms();
create trigger patient_takes_terms after delete on patients for each row when (old.terms is not null) execute function keep_terms();
`

export const apiTables = {
  name: '0009-api',
  sql: webhooks + idempotency + listed + terms,
  postgres: inPostgres(webhooks + idempotency + listed) + termsInPostgres,
}
