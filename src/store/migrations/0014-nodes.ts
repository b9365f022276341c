import { inPostgres } from '../postgres/ddl.ts'

/** Who does what until when, by the database's clock; the fence grows each time a lease changes hands. */
const leases = `
create table leases (name text not null primary key, holder text not null, fence integer not null, expires_at integer not null);
create index leases_of_holder on leases (holder);
`

/** What a node has taken in hand is nobody else's until then. */
const taken = `
alter table notifications add column taken_until integer;
alter table inbox add column taken_until integer;
`

/** Whatever is saved of it, it is out of hand. */
const given = `
create function give_back() returns trigger language plpgsql as $$
begin
  new.taken_until := null;
  return new;
end $$;
create trigger notification_given_back before update of doc on notifications for each row execute function give_back();
create trigger inbox_given_back before update of pending_at on inbox for each row execute function give_back();
`

/** Whose attempt it is: after a node's death its own are in doubt, and no other's. */
const attempts = `
alter table attempts add column node text collate "C" default current_setting('rappel.node', true);
`

/** The end of the chain, kept beside it: rows that are cut off show. Whoever adds to the chain holds this row. */
const audit = `
create table audit_head (one integer not null primary key, seq integer not null, hash text not null);
insert into audit_head (one, seq, hash) values (1, 0, repeat('0', 64));
`

/** A store that is being filled from another (`rappel migrate`) is nobody's yet. */
const moves = 'create table moves (source text not null primary key, started_at integer not null, finished_at integer);'

/** What only several processes on one database need. SQLite has one, and nothing of it. */
export const nodesTables = {
  name: '0014-nodes',
  sql: '',
  postgres: inPostgres(leases + taken) + given + attempts + inPostgres(audit + moves),
}
