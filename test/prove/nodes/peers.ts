import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { freePort, programs, tool } from '../../peers/programs.ts'
import { hookSecret } from './cluster.ts'

/** A text that the provider took. */
export interface Taken {
  readonly at: number
  readonly to: string
  readonly body: string
  /** Holds the attempt's id. */
  readonly callback: string
}

/** A message of the MLLP sender, with what became of it. */
export interface Acked {
  readonly code: string
  readonly appointment: string
  readonly trigger: string
  readonly start: string
  readonly ms: number
}

/** What the EHR of `ehr.py` wrote down. */
export type Charted =
  | { readonly event: 'heard'; readonly at: number; readonly control: string; readonly appointment: string; readonly status: string }
  | { readonly event: 'written'; readonly at: number; readonly appointment: string; readonly status: string; readonly patient: string }
  | {
      readonly event: 'said'
      readonly at: number
      readonly appointment: string
      readonly status: string
      readonly start: string
      readonly to: string
    }

export interface Peers {
  readonly folder: string
  readonly ports: { readonly sms: number; readonly mllp: number; readonly fhir: number }
  taken(): readonly Taken[]
  acked(): readonly Acked[]
  charted(): readonly Charted[]
  /** The EHR begins to say things to these, by FHIR; what it gives back sends its staff home, and waits for what they have under way. */
  startEhr(webPort: number, every: number, seed: number): Promise<() => Promise<void>>
  /** So many SIU by MLLP, each until it is acknowledged; may be called again, with other ids. */
  send(port: number, count: number, connections: number, seed: number): Promise<void>
}

/** For `Proof.missing`. */
export function missingPython(): string | undefined {
  return spawnSync('python3', ['--version']).status === 0 ? undefined : 'python3'
}

/** Others' programs, in Python and of its standard library alone, each with a ledger of its own. */
export async function startPeers(providerDelayMs: number): Promise<Peers> {
  const { folder, start, rows, close } = programs('nodes')
  onTestFinished(close)
  const ports = { sms: await freePort(), mllp: await freePort(), fhir: await freePort() }
  await writeFile(join(folder, 'token'), 'test-token')
  await writeFile(join(folder, 'secret'), hookSecret)
  const sms = ['--port', String(ports.sms), '--ledger', join(folder, 'sms.jsonl'), '--delay-ms', String(providerDelayMs)]
  await start('python3', [tool('twilio_endpoint.py'), ...sms], 'twilio endpoint on')
  let sent = 0
  return {
    folder,
    ports,
    taken: () => rows<Taken>('sms.jsonl'),
    acked: () => rows<Acked>('acked.jsonl'),
    charted: () => rows<Charted>('ehr.jsonl'),
    async startEhr(webPort, every, seed) {
      const child = await start(
        'python3',
        [
          new URL('ehr.py', import.meta.url).pathname,
          ...['--mllp', String(ports.mllp), '--fhir', String(ports.fhir), '--ledger', join(folder, 'ehr.jsonl')],
          ...['--hook', `http://127.0.0.1:${webPort}/fhir/chart`, '--secret', hookSecret],
          ...['--every', String(every), '--drop-reply', '0.1', '--seed', String(seed)],
        ],
        'ehr on',
      )
      return () =>
        new Promise((resolve) => {
          child.stdout?.on('data', (chunk: Buffer) => chunk.includes('ended') && resolve())
          child.kill('SIGUSR1')
        })
    },
    async send(port, count, connections, seed) {
      sent += 1
      const words = ['--port', String(port), '--count', String(count), '--connections', String(connections), '--seed', String(seed)]
      const ledger = ['--prefix', `M${sent}-`, '--give-up', '600', '--ledger', join(folder, 'acked.jsonl')]
      await start('python3', [tool('mllp_send.py'), ...words, ...ledger], '"seconds"')
    },
  }
}
