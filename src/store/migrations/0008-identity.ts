/** Who may sign in, where they did, and what opens the API. `sees_all` is 1 on an operator of all clinics who can sign in. */
const people = `
create table users (id text not null primary key, login text not null, subject text, sees_all integer not null, doc text not null);
create unique index users_by_login on users (login);
create unique index users_by_subject on users (subject) where subject is not null;
create index users_who_see_all on users (id) where sees_all = 1;
create table invitations (token_hash text not null primary key, user_id text, expires_at integer not null, doc text not null);
create index invitations_of_user on invitations (user_id) where user_id is not null;
create index invitations_to_forget on invitations (expires_at);
`

const sessions = `
create table sessions (id text not null primary key, user_id text not null, ends_at integer not null, doc text not null);
create index sessions_of_user on sessions (user_id, ends_at);
create index sessions_to_forget on sessions (ends_at);
`

const keys = 'create table api_keys (id text not null primary key, doc text not null);'

export const identityTables = { name: '0008-identity', sql: `${people}${sessions}${keys}\n` }
