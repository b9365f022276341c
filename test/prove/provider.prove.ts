import { join } from 'node:path'
import Database from 'libsql'
import { expect } from 'vitest'
import { tool, until } from '../peers/programs.ts'
import { sendSiu } from './lab/feed.ts'
import { countIn } from './lab/kept.ts'
import { laboratory, secrets } from './lab/laboratory.ts'
import { atLeast, lineCount } from './lab/lines.ts'
import { brokenProgram } from './nodes/broken-program.ts'
import type { Taken } from './nodes/peers.ts'
import { attemptOf } from './nodes/troubles.ts'
import { type Figure, none, prove, type Run } from './proof.ts'

/** Of test/tools/mllp_send.py: the phone of its patient of that number. */
const phoneOf = (patient: number): string => `+336${10_000_000 + patient}`
const patients = Array.from({ length: 5_000 }, (_, index) => index)
const withoutPhone = new Set(patients.filter((each) => each % 7 === 3).map(phoneOf))
const stopped = new Set(patients.filter((each) => each % 11 === 5 && each % 7 !== 3).map(phoneOf))

interface Kept {
  readonly id: string
  readonly state: string
  readonly reason?: string
}

interface Outcome {
  readonly taken: readonly Taken[]
  /** By the id of each attempt: what it was of. */
  readonly attempts: ReadonlyMap<string, Kept>
  readonly all: readonly Kept[]
}

/**
 * A provider that is not there at first; then asks to come later, fails, takes messages and hangs up before it says so, says what became of them in the wrong
 * order and twice, refuses some for good, and cannot deliver to some.
 */
async function throughTrouble(run: Run, count: number, entry?: (folder: string) => Promise<string>): Promise<Outcome> {
  const lab = await laboratory('provider', {
    sms: true,
    top: 'sendRetries: [PT1S, PT2S, PT4S, PT8S, PT8S, PT8S, PT8S, PT8S, PT8S]',
    clinic: '    fuse: { least: 1000000 }\n    absence: { least: 1000000 }',
  })
  const service = await lab.serve(entry && { entry: await entry(lab.folder) })
  const sending = sendSiu(lab, { count, seed: run.seed })
  await atLeast(lineCount(join(lab.folder, 'acked.jsonl')), Math.min(60, count / 4))
  const flags = ['--throttle', '0.2', '--fail', '0.15', '--drop-reply', '0.15', '--disorder', '0.5', '--seed', String(run.seed)]
  const numbers = [
    ...[...withoutPhone].flatMap((to) => ['--undelivered', `${to}=30003`]),
    ...[...stopped].flatMap((to) => ['--stopped', to]),
  ]
  const where = ['--port', String(lab.ports.twilio), '--ledger', join(lab.folder, 'sms.jsonl'), '--token', secrets.twilio]
  await lab.beside('python3', [tool('twilio_endpoint.py'), ...where, ...flags, ...numbers], 'twilio endpoint on')
  const { status, out } = await sending.done
  expect(status, out).toBe(0)
  const open = () =>
    countIn(
      lab.store,
      `select count(*) from notifications where state in ('sending', 'sent') or pending_at <= cast(unixepoch('subsec') * 1000000 as integer)`,
    )
  // of a broken program some stay where they are for ever
  let [before, since] = [-1, performance.now()]
  await until('nothing is under way', 600, () => {
    const now = open()
    if (now !== before) [before, since] = [now, performance.now()]
    return now === 0 || performance.now() - since > 45_000 || undefined
  })
  await service.stop()
  const database = new Database(lab.store, { readonly: true })
  try {
    const all = database.prepare("select id, state, json_extract(doc, '$.reason') as reason from notifications").all() as Kept[]
    const byId = new Map(all.map((each) => [each.id, each]))
    const rows = database.prepare('select id, notification_id as told from attempts').all() as { id: string; told: string }[]
    const attempts = new Map(rows.flatMap(({ id, told }): [string, Kept][] => [[id, byId.get(told) ?? { id: told, state: 'nowhere' }]]))
    return { taken: lab.rows<Taken>('sms.jsonl'), attempts, all }
  } finally {
    database.close()
  }
}

/** The provider's account beside ours. */
function faultsOf({ taken, attempts, all }: Outcome): readonly string[] {
  const faults: string[] = []
  const told = new Set<string>()
  for (const text of taken) {
    const notification = attempts.get(attemptOf(text))
    if (!notification) {
      faults.push(`${attemptOf(text)} was taken and never written down`)
      continue
    }
    if (told.has(notification.id)) faults.push(`${notification.id} was taken twice`)
    told.add(notification.id)
    const wanted = withoutPhone.has(text.to) ? 'failed' : 'delivered'
    if (notification.state !== wanted) faults.push(`${notification.id} was ${wanted}, and is ${notification.state}`)
    if (stopped.has(text.to)) faults.push(`${notification.id} was taken for somebody who had said STOP`)
  }
  for (const { id, state } of all) {
    if (state === 'delivered' && !told.has(id)) faults.push(`${id} is delivered, and was never taken`)
    if (state === 'sending') faults.push(`${id} is sending for ever`)
  }
  return faults
}

async function classified(run: Run): Promise<Figure> {
  const outcome = await throughTrouble(run, run.of({ landing: 400, long: 4_000 }))
  none(faultsOf(outcome))
  const { taken, attempts, all } = outcome
  const reasons = new Map<string, number>()
  const inDoubt = all.filter(({ state }) => state === 'in_doubt').length
  for (const { state, reason = '' } of all) if (state === 'failed') reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  const failed = [...reasons].toSorted(([, a], [, b]) => b - a).map(([reason, number]) => `${number} ${reason}`)
  expect(taken.length).toBeGreaterThan(run.of({ landing: 100, long: 1_000 }))
  return {
    figure: `${taken.length} texts taken in ${attempts.size} attempts by a provider that was away, throttled, failed, hung up and told out of order: none twice, each state as the provider’s; ${inDoubt} that it answered with 500 are in doubt, until it is asked; failed: ${failed.join(', ')}`,
  }
}

/** Reports are heard, and those of a delivery change nothing. */
async function hearsNoDelivery(run: Run): Promise<string> {
  const faults = faultsOf(
    await throughTrouble(run, 60, (folder) =>
      brokenProgram(folder, {
        file: 'core/progress.js',
        changes: [["state === 'sent' || state === 'failed' || state === 'in_doubt' || state === 'sending'", "state === 'failed'"]],
      }),
    ),
  )
  const wrong = faults.filter((fault) => fault.endsWith('is sent'))
  expect(wrong).not.toEqual([])
  return `reports of a delivery change nothing: ${wrong.length} faults such as ${wrong[0]}`
}

prove({
  id: 'R21',
  promise: 'what a provider does is told apart: for now, for good, of the account; and what it says only climbs',
  run: classified,
  control: hearsNoDelivery,
  timeoutMs: { landing: 900_000, long: 3_600_000 },
})
