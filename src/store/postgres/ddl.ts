/**
 * What a migration says in SQLite's words, in PostgreSQL's. Enough for tables, columns and indexes; a migration with triggers brings its own text
 * (`Migration.postgres`). Texts are compared byte by byte, as SQLite does, whatever the database's language: ids are ordered and paged by. What a migration
 * does to the rows of before is left out: no store was in PostgreSQL before 0014, and one of after gives its own text.
 */
export function inPostgres(sql: string): string {
  return sql
    .replaceAll(/^update [^;]*;/gm, '')
    .replaceAll(/\) (without rowid|strict)\b/g, ')')
    .replaceAll(/\binteger primary key autoincrement\b/g, 'bigint primary key')
    .replaceAll(/\b(\w+) integer\b/g, '$1 bigint')
    .replaceAll(/\b(\w+) real\b/g, '$1 double precision')
    .replaceAll(/\b(\w+) blob\b/g, '$1 bytea')
    .replaceAll(/\b(\w+) text\b(?! from)/g, '$1 text collate "C"')
}
