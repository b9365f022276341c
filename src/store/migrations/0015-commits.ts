import { inPostgres } from '../postgres/ddl.ts'

/** What each node committed last, in a word of its own: how it tells, when the answer to a commit was lost. */
const commits = 'create table commits (node text not null primary key, token text not null);'

export const commitsTable = { name: '0015-commits', sql: '', postgres: inPostgres(commits) }
