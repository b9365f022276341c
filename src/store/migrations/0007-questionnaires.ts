/** What patients type before a visit, by appointment; encrypted with the store, and gone after `forget_at`. */
const drafts = `
create table questionnaire_drafts (appointment_id text not null primary key, forget_at integer not null, doc text not null) without rowid;
create index questionnaire_drafts_to_forget on questionnaire_drafts (forget_at, appointment_id);
`

export const questionnaireTables = { name: '0007-questionnaires', sql: drafts }
