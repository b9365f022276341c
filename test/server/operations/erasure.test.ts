import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { askErasure, confirmErasure, createErasing } from '../../../src/server/operations/erasure.ts'
import { createRetention } from '../../../src/server/operations/retention.ts'
import { findAuditFaults } from '../../../src/store/audit.ts'
import { connect } from '../../../src/store/sqlite-connection.ts'
import { bookedChange, start } from '../../support/clinic.ts'
import { openRappel, type Rappel } from '../../support/rappel.ts'

const going = new AbortController().signal
const admin = { name: 'marie', role: 'admin' } as const

/** Whoever wrote these words, they are of nobody who lives. */
const canary = { given: 'Zéphyrine', family: 'Quasimodeau', email: 'zephyrine.q@canari.example', phone: '+14185550191' }

function canaryChange(overrides: Parameters<typeof bookedChange>[0] = {}, minute = 0) {
  return bookedChange(
    {
      ehrId: 'A9',
      patient: {
        ehrId: 'P9',
        name: { given: canary.given, family: canary.family },
        birthDate: '1961-05-04',
        language: 'fr',
        contacts: [
          { kind: 'phone', value: canary.phone, mobile: 'yes' },
          { kind: 'email', value: canary.email },
        ],
      },
      ...overrides,
    },
    minute,
  )
}

/** Where any of it stands, in any of the store's files, freed pages and log included, or in the archive. */
async function grep({ path, archive }: Rappel): Promise<readonly string[]> {
  const folder = dirname(path)
  const files = await Promise.all((await readdir(folder)).map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })))
  const kept = [...files, ...[...archive.bodies].map(([id, bytes]) => ({ name: `archive ${id}`, bytes: Buffer.from(bytes) }))]
  const words = [canary.given, canary.family, canary.email, canary.phone, canary.phone.slice(-9), '1961-05-04']
  return kept.flatMap(({ name, bytes }) => words.filter((word) => bytes.includes(Buffer.from(word))).map((word) => `${name}: ${word}`))
}

/** A clinic that has heard, told, been answered by and asked to call this patient, and others. */
async function lived(): Promise<Rappel> {
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
      text: `c’est ${canary.family}`,
      createdAt: now,
      forgetAt: now.add({ hours: 999 }),
    } as const
    await tx.toDo.save({ ...line, id: 't1', contact: canary.phone })
    await tx.optOuts.add('tilleuls', 'email', canary.email, now)
    await tx.audit.append({ at: now, actor: 'patient', action: 'said', subject: 'tilleuls:P9', detail: { words: canary.family } })
    await tx.audit.append({ at: now, actor: 'patient', action: 'said', subject: 'tilleuls:A9:x', detail: { words: canary.email } })
    // what nobody could read
    const body = new TextEncoder().encode(`MSH|^~\\&|X|${canary.family.toUpperCase()}^${canary.given}`)
    const envelope = { connectorId: 'tilleuls', receivedAt: now, mediaType: 'application/hl7-v2', body }
    const row = { id: 'zzz', envelope, archived: false, hash: 'x', state: 'quarantined', tries: 0, nextTryAt: now, settledAt: now } as const
    await tx.inbox.insert(row)
  })
  return rappel
}

async function erase(rappel: Rappel, patientId = 'tilleuls:P9'): Promise<string> {
  const now = rappel.clock.now()
  const asked = await rappel.store.transact((tx) => askErasure(tx, { patientId, caller: admin, now }))
  if (!asked) throw new Error('no such patient')
  expect(asked).toMatchObject({ appointments: 1, ahead: 1 })
  expect(await rappel.store.transact((tx) => confirmErasure(tx, { id: asked.erasure.id, caller: admin, now }))).toBeDefined()
  const work = createErasing(rappel)
  while (await work.step(going));
  return asked.erasure.id
}

describe('an erasure (R39)', () => {
  test('leaves no word of the patient in any file, nor in the archive, where the same search found them before', async () => {
    const rappel = await lived()
    expect((await grep(rappel)).length).toBeGreaterThan(5)
    const id = await erase(rappel)
    expect(await grep(rappel)).toEqual([])
    const done = await rappel.read((tx) => tx.erasures.find(id))
    expect(done).toMatchObject({ state: 'done', appointments: 1 })
    expect(done?.envelopes).toBeGreaterThanOrEqual(3)
    expect(done?.patientId).toBeUndefined()
  })

  test('keeps the others, the sums of what was sent, and an audit that is whole', async () => {
    const rappel = await lived()
    const [from, until] = [start.subtract({ hours: 999 }), start]
    const sums = await rappel.read((tx) => tx.usage.sums('tilleuls', from, until))
    expect(sums.length).toBeGreaterThan(0)
    await erase(rappel)
    expect(await rappel.read((tx) => tx.usage.sums('tilleuls', from, until))).toEqual(sums)
    expect(await rappel.appointment()).toBeDefined()
    expect((await rappel.notifications()).length).toBeGreaterThan(0)
    expect(await rappel.appointment('tilleuls:A9')).toBeUndefined()
    const rows = await rappel.read((tx) => tx.audit.of('tilleuls:P9', 10))
    expect(rows.map(({ action, detail }) => ({ action, detail }))).toContainEqual({ action: 'said', detail: undefined })
    const connection = await connect({ path: rappel.path, readonly: true })
    expect(await findAuditFaults(connection.openScope().db)).toEqual([])
    connection.close()
  })

  test('takes two steps, the second within a day, by an administrator of the clinic', async () => {
    const rappel = await lived()
    const asked = await rappel.call('admin', 'POST /api/v1/patients/tilleuls:P9/erasure')
    expect(asked.status).toBe(202)
    const { id } = (await asked.json()) as { id: string }
    expect((await rappel.call('appointments', `POST /api/v1/erasures/${id}/confirm`)).status).toBe(403)
    rappel.clock.advance({ hours: 25 })
    expect((await rappel.call('admin', `POST /api/v1/erasures/${id}/confirm`)).status).toBe(409)
    const again = (await (await rappel.call('admin', 'POST /api/v1/patients/tilleuls:P9/erasure')).json()) as { id: string }
    expect((await rappel.call('admin', `POST /api/v1/erasures/${again.id}/confirm`)).status).toBe(202)
    expect(rappel.woken).toContain('erase')
    expect(await (await rappel.call('admin', `GET /api/v1/erasures/${again.id}`)).json()).toMatchObject({ state: 'confirmed' })
  })
})

describe('time limits (R39)', () => {
  const keep = { envelopes: 90, appointments: 730, inboundTexts: 90, auditDetails: 1_095 }

  test('forget envelopes, then visits with their patients, then the details of the audit; nothing sooner', async () => {
    const rappel = await lived()
    const work = createRetention({ ...rappel, clinics: ['tilleuls'], keep })
    const pass = async () => {
      while (await work.step(going));
    }
    const counts = () =>
      rappel.read(async (tx) => ({
        envelopes: (await tx.forgetting.envelopesAfter('', 100)).length,
        visits: Number((await tx.appointments.find('tilleuls:A9')) !== undefined),
        patients: Number((await tx.patients.find('tilleuls:P9')) !== undefined),
        details: (await tx.audit.of('tilleuls:P9', 10)).filter(({ detail }) => detail !== undefined).length,
      }))
    const before = await counts()
    await pass()
    expect(await counts()).toEqual(before)
    rappel.clock.advance({ hours: 24 * 91 })
    await pass()
    // the last envelope of each appointment stays with it
    expect(await counts()).toEqual({ ...before, envelopes: 2 })
    rappel.clock.advance({ hours: 24 * 700 })
    await pass()
    expect(await counts()).toMatchObject({ visits: 0, patients: 0 })
    rappel.clock.advance({ hours: 24 * 365 })
    await pass()
    expect(await counts()).toEqual({ envelopes: 0, visits: 0, patients: 0, details: 0 })
    expect(await rappel.read((tx) => tx.optOuts.has('tilleuls', 'email', canary.email))).toBe(true)
  })
})
