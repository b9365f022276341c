/**
 * Settings that changed are applied to what is ahead of one clinic, page by page; the index holds the start, so that the past is skipped unread.
 * The history of the settings is read without their documents, which may be large and many.
 */
const ahead = `
alter table appointments add column clinic_id text not null default '';
update appointments set clinic_id = json_extract(doc, '$.clinicId');
create index appointments_ahead on appointments (clinic_id, id, start_at) where start_at is not null;
create index settings_history on settings (clinic_id, version, saved_at, source);
`

export const replanningTables = { name: '0003-replanning', sql: ahead }
