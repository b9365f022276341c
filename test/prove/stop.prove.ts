import { join } from 'node:path'
import { expect } from 'vitest'
import { tool } from '../peers/programs.ts'
import { sendSiu } from './lab/feed.ts'
import { type Acked, faultsAgainst, keptIn } from './lab/kept.ts'
import { type Laboratory, laboratory, secrets } from './lab/laboratory.ts'
import { atLeast, lineCount } from './lab/lines.ts'
import { type Figure, prove, type Run } from './proof.ts'

const promisedSeconds = 25

/** A clinic whose confirmations go by text, to a provider that takes its time: there is always one on its way. */
async function busyClinic(): Promise<Laboratory> {
  const lab = await laboratory('stop', { sms: true, clinic: '    fuse: { least: 1000000 }' })
  const args = ['--port', String(lab.ports.twilio), '--ledger', join(lab.folder, 'sms.jsonl'), '--token', secrets.twilio]
  await lab.beside('python3', [tool('twilio_endpoint.py'), ...args, '--delay-ms', '400'], 'twilio endpoint on')
  return lab
}

/** The service has taken that many more, and texts are leaving. */
async function inTheMidst(lab: Laboratory): Promise<void> {
  const [acked, sent] = ['acked.jsonl', 'sms.jsonl'].map((ledger) => lineCount(join(lab.folder, ledger)))
  if (!acked || !sent) throw new Error('no ledgers')
  await atLeast(acked, acked() + 40)
  await atLeast(sent, sent() + 3)
}

async function stopsWell({ of, seed }: Run): Promise<Figure> {
  const stops = of({ landing: 50, long: 200 })
  const lab = await busyClinic()
  let service = await lab.serve()
  const sender = sendSiu(lab, { count: 1_000_000, seed })
  const seconds: number[] = []
  for (let stop = 0; stop < stops; stop += 1) {
    await inTheMidst(lab)
    const ended = await service.stop()
    expect(ended.status, `stop ${stop + 1}`).toBe(0)
    expect(keptIn(lab.store).inDoubt, `in doubt after stop ${stop + 1}`).toEqual([])
    seconds.push(ended.seconds)
    service = await lab.serve()
  }
  sender.child.kill('SIGKILL')
  await sender.done
  expect((await service.stop()).status).toBe(0)
  const acked = lab.rows<Acked>('acked.jsonl')
  expect(faultsAgainst(acked, keptIn(lab.store))).toEqual([])
  const texts = lab.rows<{ to: string; body: string }>('sms.jsonl')
  const longest = Math.max(...seconds)
  expect(longest).toBeLessThanOrEqual(promisedSeconds)
  return {
    figure: `${stops} SIGTERM while ${acked.length} SIU came in and ${texts.length} texts left: each ended with 0, the slowest after ${longest.toFixed(1)} s, 0 in doubt, 0 acknowledged lost`,
  }
}

/** The same with SIGKILL: what was on its way is in doubt. */
async function isKilled({ seed }: Run): Promise<string> {
  const lab = await busyClinic()
  let service = await lab.serve()
  const sender = sendSiu(lab, { count: 1_000_000, seed })
  for (let kill = 1; kill <= 10; kill += 1) {
    await inTheMidst(lab)
    await service.kill()
    const { inDoubt } = keptIn(lab.store)
    if (inDoubt.length > 0) {
      sender.child.kill('SIGKILL')
      return `killed instead of asked to stop: ${inDoubt.length} in doubt after kill ${kill}`
    }
    service = await lab.serve()
  }
  throw new Error('ten kills left nothing in doubt')
}

prove({
  id: 'R36',
  promise: 'a stop is graceful: at most 25 s, nothing in doubt',
  run: stopsWell,
  control: isKilled,
  timeoutMs: { landing: 1_200_000, long: 3_600_000 },
})
