import { describe, expect, test } from 'vitest'
import { createRetention } from '../../../src/server/operations/retention.ts'
import { findAuditFaults } from '../../../src/store/audit.ts'
import { connect } from '../../../src/store/sqlite-connection.ts'
import { start } from '../../support/clinic.ts'
import { aClinicThatLived, erase, erased, searchFiles } from './lived.ts'

const going = new AbortController().signal

describe('an erasure (R39)', () => {
  test('leaves no word of the patient in any file, nor in the archive, where the same search found them before', async () => {
    const rappel = await aClinicThatLived()
    expect((await searchFiles(rappel)).length).toBeGreaterThan(5)
    const id = await erase(rappel)
    expect(await searchFiles(rappel)).toEqual([])
    const done = await rappel.read((tx) => tx.erasures.find(id))
    expect(done).toMatchObject({ state: 'done', appointments: 1 })
    expect(done?.envelopes).toBeGreaterThanOrEqual(3)
    expect(done?.patientId).toBeUndefined()
  })

  test('keeps the others, the sums of what was sent, and an audit that is whole', async () => {
    const rappel = await aClinicThatLived()
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
    const rappel = await aClinicThatLived()
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
    const rappel = await aClinicThatLived()
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
    expect(await rappel.read((tx) => tx.optOuts.has('tilleuls', 'email', erased.email))).toBe(true)
  })
})
