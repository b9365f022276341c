import { readFileSync } from 'node:fs'
import { Temporal } from 'temporal-polyfill'
import { plain } from '../../mapping/change-said.ts'
import type { Command } from '../command.ts'
import { readArgs } from '../command.ts'
import { readBytes } from '../files.ts'
import { Refusal } from '../refusal.ts'
import type { SenderAsked, SendReport } from './tools.ts'

const help = `usage: rappel hl7 send FILE --to HOST:PORT [--tls] [--ca FILE] [--cert FILE --key FILE] [--server-name NAME] [--timeout SECONDS]
Sends each HL7 v2 message of a file by MLLP, one after the other, as it is, and prints what is answered: the acknowledgement code, what it says,
and how long it took. Stops where no answer comes. The peer takes the messages for real ones.

  FILE           one message, several in a row, or a batch, whose messages are sent one by one
  --tls          encrypts; the peer's certificate is always verified
  --ca           of the authority that signed it, PEM; implies --tls
  --cert, --key  our own, where the peer asks for one
  --server-name  the name in the peer's certificate, where it is not HOST
  --timeout      for the connection and for each answer; 30 unless given

exit status: 0 every message was accepted (AA, CA) · 1 one was not, or nobody answered · 2 wrong command
`

const text = { type: 'string' } as const
const flags = {
  to: text,
  tls: { type: 'boolean' },
  ca: text,
  cert: text,
  key: text,
  'server-name': text,
  timeout: { type: 'string', default: '30' },
} as const

export const hl7Send: Command = {
  name: 'hl7 send',
  summary: `rappel hl7 send FILE --to HOST:PORT [--tls]
                                  sends its messages by MLLP, and prints the answers`,
  help,
  async run(args, { composition, stopSignal, print, complain }) {
    const { values, positionals } = readArgs(hl7Send, args, flags, [1, 1])
    const asked = { ...addressIn(values.to), timeout: secondsIn(values.timeout), ...tlsIn(values) }
    const bytes = await readBytes(positionals[0] ?? '')
    const tools = await composition.hl7Tools()
    const [sender, signal] = [tools.openSender(asked), stopSignal()]
    const messages = tools.split(bytes)
    let accepted = 0
    try {
      for (const [index, message] of messages.entries()) {
        const began = performance.now()
        const report = await sender.send(message, signal)
        const { type = '?', controlId = '' } = tools.show(message) ?? {}
        print(
          `${index + 1}/${messages.length} ${plain(`${type} ${controlId}`)}: ${sayReport(report)}, ${Math.round(performance.now() - began)} ms\n`,
        )
        if (report.kind !== 'answered') break
        if (report.code === 'AA' || report.code === 'CA') accepted += 1
      }
    } finally {
      sender.close()
    }
    if (accepted < messages.length) complain(`${messages.length - accepted} of ${messages.length} not accepted\n`)
    return accepted === messages.length ? 0 : 1
  },
}

function sayReport(report: SendReport): string {
  if (report.kind !== 'answered') return `${report.kind === 'unsent' ? 'not sent' : 'sent, not answered'}: ${report.reason}`
  return [report.code, report.error, report.text && plain(report.text)].filter(Boolean).join(' ')
}

function addressIn(to: string | undefined): Pick<SenderAsked, 'host' | 'port'> {
  const [, host, port] = /^(?:\[?)([^[\]]+?)(?:\]?):(\d{1,5})$/.exec(to ?? '') ?? []
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) throw new Refusal(`--to is needed, as HOST:PORT\n\n${help}`)
  return { host, port: Number(port) }
}

function secondsIn(seconds: string): Temporal.Duration {
  if (!/^\d{1,3}$/.test(seconds) || Number(seconds) < 1) throw new Refusal('--timeout is 1 to 999 seconds')
  return Temporal.Duration.from({ seconds: Number(seconds) })
}

function tlsIn(values: { tls?: boolean; ca?: string; cert?: string; key?: string; 'server-name'?: string }): Pick<SenderAsked, 'tls'> {
  const { tls, ca, cert, key, 'server-name': serverName } = values
  if (!tls && [ca, cert, key, serverName].every((each) => each === undefined)) return {}
  if ((cert === undefined) !== (key === undefined)) throw new Refusal('--cert and --key go together')
  return {
    tls: {
      ...(ca !== undefined && { ca: pemIn(ca) }),
      ...(cert !== undefined && { cert: pemIn(cert) }),
      ...(key !== undefined && { key: pemIn(key) }),
      ...(serverName !== undefined && { serverName }),
    },
  }
}

function pemIn(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Refusal(`${file}: no such file, or not readable`)
  }
}
