import type { Command } from './command.ts'
import { readArgs } from './command.ts'
import { readBytes } from './files.ts'
import { Refusal } from './refusal.ts'

const help = `usage: rappel migrate --from sqlite:FILE --to postgres://USER@HOST/DATABASE [--key-file FILE] [--ca-file FILE] [--insecure] [--json]
Moves all that a store holds from its file into an empty database in PostgreSQL. Stop the service first. Each table is read back and compared by its
number of rows and a hash of them, and the audit chain is gone through. The file is only read, and stays. What was broken off is begun anew by the same
command; until it ends well no service starts on that database. Then name the database in the configuration (store.postgres), and keep store.key: it
opens the archive.

  --from        the store's file
  --to          the database; its password in the variable PGPASSWORD, which the driver reads
  --key-file    holds store.key, where the file is encrypted
  --ca-file     of the authority that signed the server's certificate, where this machine does not know it
  --insecure    in clear to another machine
  --json        tables, rows and hashes

exit status: 0 moved and verified · 1 not moved: the reason is told · 2 wrong command
`

const flags = {
  from: { type: 'string' },
  to: { type: 'string' },
  'key-file': { type: 'string' },
  'ca-file': { type: 'string' },
  insecure: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

async function lineIn(file: string): Promise<string> {
  return new TextDecoder().decode(await readBytes(file)).trim()
}

export const migrate: Command = {
  name: 'migrate',
  summary: `rappel migrate --from sqlite:FILE --to postgres://USER@HOST/DATABASE [--key-file FILE]
                                  moves a store into PostgreSQL, and verifies it there`,
  help,
  async run(args, { composition, now, stopSignal, print, complain, progress }) {
    const { values } = readArgs(migrate, args, flags)
    const path = /^sqlite:(.+)$/.exec(values.from ?? '')?.[1]
    if (path === undefined) throw new Refusal(`--from sqlite:FILE is needed\n\n${help}`)
    if (!/^postgres(ql)?:\/\//.test(values.to ?? '')) throw new Refusal(`--to postgres://… is needed\n\n${help}`)
    const secrets = {
      ...(values['key-file'] !== undefined && { key: await lineIn(values['key-file']) }),
      ...(values['ca-file'] !== undefined && { ca: await lineIn(values['ca-file']) }),
    }
    const bar = progress('rows')
    try {
      const { tables } = await composition.moveStore({
        path,
        to: values.to ?? '',
        ...secrets,
        insecure: values.insecure ?? false,
        now: now(),
        signal: stopSignal(),
        progress: bar.at,
      })
      bar.end()
      const rows = tables.reduce((sum, each) => sum + each.rows, 0)
      if (values.json) print(`${JSON.stringify({ tables }, undefined, 2)}\n`)
      else print(`${rows} rows in ${tables.length} tables: moved and verified\n`)
      return 0
    } catch (error) {
      bar.end()
      complain(`not moved: ${error instanceof Error ? error.message : String(error)}\n`)
      return 1
    }
  },
}
