/** What patients write back. A number is one for every clinic: what it was asked, and which texts came from it, belong to none. */
const texts = `
create table inbound_texts (id text not null primary key, contact_hash text not null, received_at integer not null, said text) without rowid;
create index inbound_texts_answered on inbound_texts (contact_hash, received_at, said) where said is not null;
create table questions (contact text not null primary key, doc text not null) without rowid;
create table wrong_numbers (clinic_id text not null, contact text not null, marked_at integer not null, primary key (clinic_id, contact)) without rowid;
`

const toDo = `
create table to_do (
  id text not null primary key, clinic_id text not null, created_at integer not null, forget_at integer not null, done integer not null,
  doc text not null
);
create index to_do_open on to_do (clinic_id, created_at, id) where done = 0;
create index to_do_to_forget on to_do (forget_at);
`

/** Null on all that has come to its end, so that the index stays small. */
const asking = `
alter table attempts add column ask_at integer;
create index attempts_to_ask on attempts (ask_at) where ask_at is not null;
`

export const answersTables = { name: '0005-answers', sql: texts + toDo + asking }
