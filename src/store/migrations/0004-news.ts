/** How far we have asked an EHR, or heard it: a watermark, an event number. */
const marks = `
create table marks (
  connector_id text not null, name text not null, value text not null, saved_at integer not null, primary key (connector_id, name)
) without rowid;
`

export const newsTables = { name: '0004-news', sql: marks }
