import { createServer, type Socket } from 'node:net'
import Database from 'libsql'
import { acknowledge, takeFrames } from './bare-framer.ts'

/** The least that is durable: each message whole in one table with three indexes, one commit for all that waits, then AA. Nothing is decided. */
const [port, path] = [Number(process.argv[2]), process.argv[3] ?? '']
const database = new Database(path)
database.exec('pragma journal_mode = wal; pragma synchronous = full')
database.exec('create table kept (id text primary key, patient text, start text, body blob not null)')
database.exec(
  'create index by_patient on kept (patient); create index by_start on kept (start); create index by_both on kept (patient, start)',
)
const insert = database.prepare('insert into kept values (?, ?, ?, ?)')

interface Waiting {
  readonly socket: Socket
  readonly message: Buffer
}

let waiting: Waiting[] = []

function commit(): void {
  const group = waiting
  waiting = []
  database.exec('begin immediate')
  for (const { message } of group) {
    const segments = message.toString('utf8').split('\r')
    const fieldOf = (name: string, field: number) => segments.find((line) => line.startsWith(name))?.split('|')[field] ?? ''
    insert.run(fieldOf('SCH', 2), fieldOf('PID', 3), fieldOf('TQ1', 7), message)
  }
  database.exec('commit')
  for (const { socket, message } of group) socket.write(acknowledge(message))
}

const server = createServer((socket) =>
  takeFrames(socket, (message) => {
    if (waiting.length === 0) setImmediate(commit)
    waiting.push({ socket, message })
  }),
)

server.listen(port, '127.0.0.1', () => process.stdout.write('listening\n'))
