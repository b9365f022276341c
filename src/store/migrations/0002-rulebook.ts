import { inPostgres } from '../postgres/ddl.ts'

/**
 * The columns of notices are null on every other row, and `held_for` on all that is not held: their indexes stay small, and most saves do not touch them.
 * The first holds every column that is counted, so that a burst is counted without reading one document.
 */
const notifications = `
alter table notifications add column clinic_id text not null default '';
alter table notifications add column notice_at integer;
alter table notifications add column notice_kind text;
alter table notifications add column agenda_key text;
alter table notifications add column held_for text;
update notifications set
  clinic_id = json_extract(doc, '$.clinicId'),
  held_for = iif(json_extract(doc, '$.state') = 'held', json_extract(doc, '$.reason'), null);
update notifications set
  notice_kind = json_extract(doc, '$.kind'),
  notice_at = strftime('%s', substr(json_extract(doc, '$.plannedAt'), 1, 19)) * 1000000
    + substr(rtrim(substr(json_extract(doc, '$.plannedAt'), 21), 'Z') || '000', 1, 6)
where json_extract(doc, '$.kind') in ('change', 'cancellation', 'correction');
create index notifications_noticed on notifications (clinic_id, notice_at, agenda_key, notice_kind, appointment_id) where notice_at is not null;
create index notifications_held on notifications (clinic_id, held_for) where held_for is not null;
`

const bring = (row: 'patients' | 'new') => `
  insert into contacts (clinic_id, value, patient_id)
  select ${row}.clinic_id, phone.value, ${row}.id from ${row === 'patients' ? 'patients, ' : ''}json_each(${row}.phones) as phone where true
  on conflict do nothing;`

const take = `
  delete from contacts where clinic_id = old.clinic_id and value in (select value from json_each(old.phones)) and patient_id = old.id;`

/** Kept by triggers, which look at a column of their own: of a hundred messages about a patient, one changes a phone number. */
const contacts = `
alter table patients add column clinic_id text not null default '';
alter table patients add column phones text;
update patients set
  clinic_id = json_extract(doc, '$.clinicId'),
  phones = (
    select nullif(json_group_array(json_extract(contact.value, '$.value')), '[]') from json_each(doc, '$.contacts') as contact
    where json_extract(contact.value, '$.kind') = 'phone' and json_extract(contact.value, '$.value') is not null
  );
create table contacts (
  clinic_id text not null, value text not null, patient_id text not null, primary key (clinic_id, value, patient_id)
) without rowid;
${bring('patients')}
create trigger patient_brings_contacts after insert on patients when new.phones is not null begin ${bring('new')}
end;
create trigger patient_changes_contacts after update of clinic_id, phones on patients
when new.clinic_id is not old.clinic_id or new.phones is not old.phones begin ${take} ${bring('new')}
end;
create trigger patient_takes_contacts after delete on patients when old.phones is not null begin ${take}
end;
`

const rulebook = `
alter table settings add column source text;

create table to_call (
  id text not null primary key, clinic_id text not null, appointment_id text not null,
  start_at integer, created_at integer not null, done integer not null, doc text not null
);
create index to_call_open on to_call (clinic_id, start_at) where done = 0;
create index to_call_by_appointment on to_call (appointment_id, created_at);

create table usage (
  attempt_id text not null primary key, clinic_id text not null, channel text not null, automatic integer not null, refused integer not null,
  contact_hash text not null, sent_at integer not null, counted_at integer, segments integer not null, price integer not null,
  currency text not null, doc text not null
);
create index usage_counted on usage (clinic_id, contact_hash, counted_at) where counted_at is not null;
create index usage_by_time on usage (clinic_id, sent_at, channel, automatic, refused, currency, segments, price);

create table mass_holds (
  clinic_id text not null, since_at integer not null, open integer not null, doc text not null, primary key (clinic_id, since_at)
) without rowid;
create table consents (
  clinic_id text not null, channel text not null, contact text not null, doc text not null, primary key (clinic_id, channel, contact)
) without rowid;
`

const addUsage = (row: 'new' | 'old', sign: '' | '-') => `
  insert into usage_hours (clinic_id, hour_at, channel, automatic, refused, currency, messages, segments, price)
  values (
    ${row}.clinic_id, ${row}.sent_at - ${row}.sent_at % 3600000000, ${row}.channel, ${row}.automatic, ${row}.refused, ${row}.currency,
    ${sign}1, ${sign}${row}.segments, ${sign}${row}.price
  )
  on conflict (clinic_id, hour_at, channel, automatic, refused, currency) do update set
    messages = messages + excluded.messages, segments = segments + excluded.segments, price = price + excluded.price;`

/** The budget is asked before each text: a month is 744 hours, however many messages. Not days: they begin at another hour in each zone. */
const usageHours = `
create table usage_hours (
  clinic_id text not null, hour_at integer not null, channel text not null, automatic integer not null, refused integer not null,
  currency text not null, messages integer not null, segments integer not null, price integer not null,
  primary key (clinic_id, hour_at, channel, automatic, refused, currency)
) without rowid;
`

const summing = `${usageHours}
create trigger usage_summed after insert on usage begin ${addUsage('new', '')}
end;
create trigger usage_resummed after update on usage begin ${addUsage('old', '-')} ${addUsage('new', '')}
end;
create trigger usage_unsummed after delete on usage begin ${addUsage('old', '-')}
end;
`

const notificationsInPostgres = inPostgres(`
alter table notifications add column clinic_id text not null default '';
alter table notifications add column notice_at integer;
alter table notifications add column notice_kind text;
alter table notifications add column agenda_key text;
alter table notifications add column held_for text;
create index notifications_noticed on notifications (clinic_id, notice_at, agenda_key, notice_kind, appointment_id) where notice_at is not null;
create index notifications_held on notifications (clinic_id, held_for) where held_for is not null;
`)

/** A NUL is written as it is in a column (`postgres/connection.ts`); a text that PostgreSQL does not read at all names nobody. */
const contactsInPostgres = `
create function texts_in(document text) returns setof text language plpgsql immutable as $$
begin
  return query select json_array_elements_text(regexp_replace(document, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000', '\\1\uFDD0', 'g')::json);
exception when untranslatable_character or invalid_text_representation then
  return;
end $$;
${inPostgres(`
alter table patients add column clinic_id text not null default '';
alter table patients add column phones text;
create table contacts (clinic_id text not null, value text not null, patient_id text not null, primary key (clinic_id, value, patient_id));
`)}
create function keep_contacts() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    delete from contacts where clinic_id = old.clinic_id and patient_id = old.id and value in (select texts_in(old.phones));
  end if;
  if tg_op <> 'DELETE' then
    insert into contacts (clinic_id, value, patient_id) select new.clinic_id, phone, new.id from texts_in(new.phones) as phone on conflict do nothing;
  end if;
  return null;
end $$;
create trigger patient_brings_contacts after insert on patients for each row when (new.phones is not null) execute function keep_contacts();
create trigger patient_changes_contacts after update of clinic_id, phones on patients for each row
when (new.clinic_id <> old.clinic_id or new.phones is distinct from old.phones) execute function keep_contacts();
create trigger patient_takes_contacts after delete on patients for each row when (old.phones is not null) execute function keep_contacts();
`

const addUsageInPostgres = (row: 'new' | 'old', sign: '' | '-') =>
  addUsage(row, sign).replace(
    'messages = messages + excluded.messages, segments = segments + excluded.segments, price = price + excluded.price',
    'messages = usage_hours.messages + excluded.messages, segments = usage_hours.segments + excluded.segments, price = usage_hours.price + excluded.price',
  )

const summingInPostgres = `
${inPostgres(usageHours)}
create function sum_usage() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then ${addUsageInPostgres('old', '-')} end if;
  if tg_op <> 'DELETE' then ${addUsageInPostgres('new', '')} end if;
  return null;
end $$;
create trigger usage_summed after insert or update or delete on usage for each row execute function sum_usage();
`

export const rulebookTables = {
  name: '0002-rulebook',
  sql: notifications + contacts + rulebook + summing,
  postgres: notificationsInPostgres + contactsInPostgres + inPostgres(rulebook) + summingInPostgres,
}
