/** What patients chose, by their record; the EHR's word of them is elsewhere and never touches it. */
const preferences = 'create table preferences (patient_id text not null primary key, doc text not null) without rowid;'

/** Wrong answers to a second factor, by what it protects. */
const guesses = 'create table guesses (subject text not null primary key, doc text not null) without rowid;'

/** Whoever tells their hour at the desk is found by it. */
const hours = 'create index appointments_by_hour on appointments (clinic_id, start_at, id) where start_at is not null;'

export const patientPageTables = { name: '0006-patient-page', sql: `${preferences}\n${guesses}\n${hours}\n` }
