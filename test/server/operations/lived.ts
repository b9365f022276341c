import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { askErasure, confirmErasure, createErasing } from '../../../src/server/operations/erasure.ts'
import { bookedChange, start } from '../../support/clinic.ts'
import { openRappel, type Rappel } from '../../support/rappel.ts'

const going = new AbortController().signal
const admin = { name: 'marie', role: 'admin' } as const

/** Whoever wrote these words, they are of nobody who lives. */
export const erased = { given: 'Zéphyrine', family: 'Quasimodeau', email: 'zephyrine.q@canari.example', phone: '+14185550191' }

function canaryChange(overrides: Parameters<typeof bookedChange>[0] = {}, minute = 0) {
  return bookedChange(
    {
      ehrId: 'A9',
      patient: {
        ehrId: 'P9',
        name: { given: erased.given, family: erased.family },
        birthDate: '1961-05-04',
        language: 'fr',
        contacts: [
          { kind: 'phone', value: erased.phone, mobile: 'yes' },
          { kind: 'email', value: erased.email },
        ],
      },
      ...overrides,
    },
    minute,
  )
}

/** Where any of it stands, in any of the store's files, freed pages and log included, or in the archive. */
export async function searchFiles({ path, archive }: Rappel): Promise<readonly string[]> {
  const folder = dirname(path)
  const files = await Promise.all((await readdir(folder)).map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })))
  const kept = [...files, ...[...archive.bodies].map(([id, bytes]) => ({ name: `archive ${id}`, bytes: Buffer.from(bytes) }))]
  const words = [erased.given, erased.family, erased.email, erased.phone, erased.phone.slice(-9), '1961-05-04']
  return kept.flatMap(({ name, bytes }) => words.filter((word) => bytes.includes(Buffer.from(word))).map((word) => `${name}: ${word}`))
}

/** A clinic that has heard, told, been answered by and asked to call this patient, and others. */
export async function aClinicThatLived(): Promise<Rappel> {
  const rappel = await openRappel({ now: '2026-11-20T12:00:00Z' })
  await rappel.hear(bookedChange())
  await rappel.hear(canaryChange())
  await rappel.send()
  await rappel.hear(canaryChange({ time: { start: start.add({ hours: 1 }) } }, 3))
  await rappel.hear(bookedChange({ time: { start: start.add({ hours: 1 }) } }, 3))
  rappel.clock.advance({ minutes: 20 })
  await rappel.send()
  await rappel.store.transact(async (tx) => {
    const now = rappel.clock.now()
    const line = {
      clinicId: 'tilleuls',
      kind: 'reply',
      text: `c’est ${erased.family}`,
      createdAt: now,
      forgetAt: now.add({ hours: 999 }),
    } as const
    await tx.toDo.save({ ...line, id: 't1', contact: erased.phone })
    await tx.optOuts.add('tilleuls', 'email', erased.email, now)
    await tx.audit.append({ at: now, actor: 'patient', action: 'said', subject: 'tilleuls:P9', detail: { words: erased.family } })
    await tx.audit.append({ at: now, actor: 'patient', action: 'said', subject: 'tilleuls:A9:x', detail: { words: erased.email } })
    // what nobody could read
    const body = new TextEncoder().encode(`MSH|^~\\&|X|${erased.family.toUpperCase()}^${erased.given}`)
    const envelope = { connectorId: 'tilleuls', receivedAt: now, mediaType: 'application/hl7-v2', body }
    const row = { id: 'zzz', envelope, archived: false, hash: 'x', state: 'quarantined', tries: 0, nextTryAt: now, settledAt: now } as const
    await tx.inbox.insert(row)
  })
  return rappel
}

export async function erase(rappel: Rappel, patientId = 'tilleuls:P9'): Promise<string> {
  const now = rappel.clock.now()
  const asked = await rappel.store.transact((tx) => askErasure(tx, { patientId, caller: admin, now }))
  if (!asked) throw new Error('no such patient')
  if (!(await rappel.store.transact((tx) => confirmErasure(tx, { id: asked.erasure.id, caller: admin, now }))))
    throw new Error('not confirmed')
  const work = createErasing(rappel)
  while (await work.step(going));
  return asked.erasure.id
}
