import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Receive } from '../../../connectors/connector.ts'
import { plain } from '../../mapping/change-said.ts'
import type { Command } from '../command.ts'
import { readArgs } from '../command.ts'
import { Refusal } from '../refusal.ts'

const help = `usage: rappel hl7 listen --port N [--host ADDRESS] [--out FOLDER]
Takes HL7 v2 messages by MLLP, in clear, prints what comes and acknowledges all of it (AA). For trying out a feed before it is Rappel's: with --out
each message is kept as it came, which is what rappel hl7 inspect and rappel simulate --from read. Ends with Ctrl-C.

  --port  0: any free one, which is printed
  --host  127.0.0.1 unless given; anything else takes patients' data in clear from the network
  --out   a folder for the messages, 0001.hl7 and so on, readable by you alone

exit status: 0 stopped as asked · 1 it cannot listen there · 2 wrong command
`

const flags = { port: { type: 'string' }, host: { type: 'string', default: '127.0.0.1' }, out: { type: 'string' } } as const

export const hl7Listen: Command = {
  name: 'hl7 listen',
  summary: `rappel hl7 listen --port N [--out FOLDER]
                                  takes what comes by MLLP, and acknowledges it`,
  help,
  async run(args, { composition, stopSignal, print, complain }) {
    const { port, host, out } = readArgs(hl7Listen, args, flags).values
    if (!/^\d{1,5}$/.test(port ?? '') || Number(port) > 65_535) throw new Refusal(`--port is needed, 0 to 65535\n\n${help}`)
    const tools = await composition.hl7Tools()
    let count = out === undefined ? 0 : await lastNumberIn(out)
    const receive: Receive = async ({ body }) => {
      count += 1
      const number = String(count).padStart(4, '0')
      const { type, controlId } = tools.show(body) ?? { type: 'no MSH', controlId: '' }
      // kept before it is acknowledged: what cannot be kept is not answered
      if (out !== undefined) await writeFile(join(out, `${number}.hl7`), body, { mode: 0o600, flag: 'wx' })
      print(`${number} ${plain(`${type} ${controlId}`)}, ${body.length} bytes\n`)
      return { disposition: 'accepted', duplicate: false }
    }
    const listener = tools.listener({
      host,
      port: Number(port),
      onListening: (actual) => print(`listening on ${host}:${actual}\n`),
      onDrop: (reason) => complain(`not handed on: ${reason}\n`),
    })
    try {
      await listener.listen(receive, stopSignal())
      return 0
    } catch (error) {
      complain(`cannot listen on ${host}:${port}: ${error instanceof Error && 'code' in error ? String(error.code) : 'failed'}\n`)
      return 1
    }
  },
}

/** Made where it is missing; what an earlier run left there is not overwritten. */
async function lastNumberIn(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return Math.max(0, ...(await readdir(folder)).flatMap((name) => /^(\d+)\.hl7$/.exec(name)?.[1] ?? []).map(Number))
}
