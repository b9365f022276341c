import { join } from 'node:path'
import { expect } from 'vitest'
import { tool, until } from '../../peers/programs.ts'
import { type Sending, sendInOrder } from '../../support/mllp-ledger.ts'
import type { Laboratory } from './laboratory.ts'

/** One word of the EHR about one appointment of a patient of its own, who has a mailbox. Instants in milliseconds since 1970. */
export interface Word {
  readonly id: string
  readonly event: 'S12' | 'S13' | 'S15'
  readonly start: number
  /** MSH-7. */
  readonly said: number
  /** One of D1 to D40. */
  readonly agenda?: string
}

/** A line of the ledger of test/tools/mail_sink.py. */
export interface Mail {
  /** Seconds since 1970, by the machine's clock. */
  readonly at: number
  readonly to: readonly string[]
  readonly subject: string
}

const hl7Time = (at: number) => `${new Date(at).toISOString().replaceAll(/[-:T]|\.\d+Z/g, '')}+0000`

export const mailboxOf = (id: string) => `${id.toLowerCase()}@example.org`

export function textOf({ id, event, start, said, agenda = 'D1' }: Word): string {
  const status = event === 'S15' ? 'Cancelled' : 'Booked'
  return [
    `MSH|^~\\&|EHR|LAB|RAPPEL|RAPPEL|${hl7Time(said)}||SIU^${event}^SIU_S12|${id}-${event}-${said}|P|2.5.1`,
    `SCH||${id}|||||CONSULT^Consultation||30|min|^^30^${hl7Time(start)}${'|'.repeat(14)}${status}`,
    `PID|1||P${id}^^^LAB^MR||Fictive^Jeanne||19610504|F|||||^NET^Internet^${mailboxOf(id)}||fr`,
    'RGS|1|A',
    `AIP|1|A|${agenda}^Moreau^Claire^^^Dre`,
    '',
  ].join('\r')
}

/** Says these by MLLP, one after the other; each must be taken. */
export async function say(lab: Laboratory, words: readonly Word[]): Promise<void> {
  const sendings = words.map((word): Sending => {
    const text = textOf(word)
    const bytes = Buffer.concat([Buffer.of(0x0b), Buffer.from(text), Buffer.of(0x1c, 0x0d)])
    return { controlId: text.split('|')[9] ?? '', appointment: word.id, sequence: 0, start: '', bytes }
  })
  await sendInOrder(lab.ports.mllp, sendings)
  expect(sendings.filter(({ ack }) => ack !== 'AA')).toEqual([])
}

export async function startMailSink(lab: Laboratory): Promise<void> {
  const args = ['--port', String(lab.ports.smtp), '--ledger', join(lab.folder, 'mail.jsonl')]
  await lab.beside('python3', [tool('mail_sink.py'), ...args], 'mail sink on')
}

export const mailsOf = (lab: Laboratory, id?: string): readonly Mail[] =>
  lab.rows<Mail>('mail.jsonl').filter(({ to }) => id === undefined || to.includes(mailboxOf(id)))

/** Until each of these has had so many mails. */
export async function untilMailed(lab: Laboratory, ids: readonly string[], count: number): Promise<void> {
  await until(`${count} mails to each of ${ids.length}, such as ${ids[0]}`, 600, () => {
    const had = new Map<string, number>()
    for (const { to } of mailsOf(lab)) for (const each of to) had.set(each, (had.get(each) ?? 0) + 1)
    return ids.every((id) => (had.get(mailboxOf(id)) ?? 0) >= count) ? true : undefined
  })
}
