/** A store that came from a backup tells nobody anything until a person has looked (R9). */
const restored = `
create table restore_holds (since_at integer not null primary key, open integer not null, doc text not null);
`

/** What the time limits and an erasure look for. */
const forgetting = `
create table erasures (id text not null primary key, clinic_id text not null, open integer not null, doc text not null);
create index erasures_open on erasures (id) where open = 1;
alter table links add column appointment_id text;
update links set appointment_id = json_extract(doc, '$.appointmentId');
create index links_by_appointment on links (appointment_id);
alter table questions add column until_at integer;
create index questions_over on questions (until_at);
create index inbound_texts_by_time on inbound_texts (received_at);
create index inbox_settled on inbox (settled_at, id) where settled_at is not null and pinned = 0;
create index audit_detailed on audit (seq) where detail is not null;
`

export const operationsTables = { name: '0013-operations', sql: restored + forgetting }
