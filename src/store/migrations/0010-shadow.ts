/** What was decided while only watching, what the former system says it sent, and its files: each for a time. */
const shadow = `
create table shadow_watched (
  notification_id text not null primary key, clinic_id text not null, appointment_id text not null, patient_id text not null,
  at integer not null, forget_at integer not null, doc text not null
);
create index shadow_watched_by_time on shadow_watched (clinic_id, at, notification_id);
create index shadow_watched_of_appointment on shadow_watched (appointment_id);
create index shadow_watched_of_patient on shadow_watched (patient_id);
create index shadow_watched_to_forget on shadow_watched (forget_at);
create table incumbent_log (
  id text not null primary key, clinic_id text not null, appointment_id text, patient_id text, at integer not null, forget_at integer not null, doc text not null
);
create index incumbent_log_by_time on incumbent_log (clinic_id, at, id);
create index incumbent_log_of_appointment on incumbent_log (appointment_id) where appointment_id is not null;
create index incumbent_log_of_patient on incumbent_log (patient_id) where patient_id is not null;
create index incumbent_log_to_forget on incumbent_log (forget_at);
create table incumbent_imports (id text not null primary key, clinic_id text not null, at integer not null, forget_at integer not null, doc text not null);
create index incumbent_imports_of_clinic on incumbent_imports (clinic_id, at, id);
create index incumbent_imports_to_forget on incumbent_imports (forget_at);
`

export const shadowTables = { name: '0010-shadow', sql: shadow }
