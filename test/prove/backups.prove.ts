import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { sendSiu } from './lab/feed.ts'
import { type Acked, keptIn } from './lab/kept.ts'
import { laboratory } from './lab/laboratory.ts'
import { atLeast, lineCount } from './lab/lines.ts'
import { type Figure, prove, type Run, random } from './proof.ts'

/** A clinic to which messages come without an end. */
async function busy({ seed }: Run) {
  const lab = await laboratory('backups')
  const service = await lab.serve()
  const sender = sendSiu(lab, { count: 1_000_000, seed })
  const acked = lineCount(join(lab.folder, 'acked.jsonl'))
  await atLeast(acked, 300)
  return {
    lab,
    acked,
    /** What was acknowledged until now. */
    ledger: () => lab.rows<Acked>('acked.jsonl').slice(0, acked()),
    async end() {
      sender.child.kill('SIGKILL')
      await sender.done
      expect((await service.stop()).status).toBe(0)
    },
  }
}

/** Of these, what the copy does not hold. */
function missingFrom(path: string, acked: readonly Acked[]): readonly string[] {
  const { controls, integrity } = keptIn(path)
  expect(integrity).toBe('ok')
  return acked.flatMap(({ id, code }) => (code === 'AA' && !controls.has(id) ? [id] : []))
}

async function backedUp(run: Run): Promise<Figure> {
  const kills = run.of({ landing: 20, long: 200 })
  const chance = random(run.seed)
  const { lab, acked, ledger, end } = await busy(run)
  const into = join(lab.folder, 'backups')
  const begun = performance.now()
  const first = await lab.command(['backup', '--to', into])
  expect(first.status, first.out).toBe(0)
  const whole = performance.now() - begun
  const finished = new Map<string, readonly Acked[]>()
  let killed = 0
  while (killed < kills) {
    const before = ledger()
    const { status, out } = await lab.command(['backup', '--to', into], chance() * 1.2 * whole)
    if (status === null) killed += 1
    else expect(status, out).toBe(0)
    const folder = out.split('\n')[0] ?? ''
    if (folder !== '' && existsSync(folder)) finished.set(folder, before)
    await atLeast(acked, before.length + 20)
  }
  await end()
  for (const [folder, before] of finished) expect(missingFrom(join(folder, 'rappel.db'), before)).toEqual([])
  const names = readdirSync(into)
  const broken = names.filter((name) => name.includes('.partial-'))
  for (const name of names) {
    const { status } = await lab.command(['restore', '--check', '--from', join(into, name)])
    expect(status, name).toBe(broken.includes(name) ? 1 : 0)
  }
  // the last of them is put in the place of the store, and the service starts on it
  const last = [...finished.keys()].at(-1)
  if (last === undefined) throw new Error('none was finished')
  const restored = await lab.command(['restore', '--from', last])
  expect(restored.status, restored.out).toBe(0)
  const again = await lab.serve()
  expect((await again.stop()).status).toBe(0)
  return {
    figure: `${killed} backups killed on their way while ${acked()} SIU came in: ${broken.length} left something behind, none of it taken for a backup; ${names.length - broken.length} came to their end, all verify and hold each message acknowledged before they began; the last restored, and served`,
  }
}

/** The file is copied as any other file is. */
async function copiedAsAFile(run: Run): Promise<string> {
  const { lab, ledger, end } = await busy(run)
  const before = ledger()
  mkdirSync(join(lab.folder, 'copy'))
  const copy = join(lab.folder, 'copy', 'rappel.db')
  copyFileSync(lab.store, copy)
  await end()
  let missing: number | string
  try {
    missing = missingFrom(copy, before).length
  } catch {
    missing = 'is no database, and what'
  }
  expect(missing).not.toBe(0)
  return `the file copied without its log: ${missing} of ${before.length} acknowledged before are not there`
}

prove({
  id: 'R34',
  promise: 'every backup that came to its end restores, whatever was killed beside it',
  run: backedUp,
  control: copiedAsAFile,
  timeoutMs: { landing: 600_000, long: 3_600_000 },
})
