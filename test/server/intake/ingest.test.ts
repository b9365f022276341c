import { describe, expect, test } from 'vitest'
import type { ReadResult } from '../../../src/connectors/connector.ts'
import type { Fault } from '../../../src/core/envelope.ts'
import { StoreUnavailable } from '../../../src/store/store.ts'
import { bookedChange, clinicSettings, start } from '../../support/clinic.ts'
import { openRappel } from '../../support/rappel.ts'

const fault: Fault = { kind: 'content', code: '101', at: 'SCH-2', text: 'required field missing' }
const booked: ReadResult = { kind: 'changes', identity: 'MSG1', changes: [bookedChange()] }

function bug(): never {
  throw new Error('a bug, about Anne Roy')
}

describe('a message of the EHR', () => {
  test.each<[string, ReadResult, string, string]>([
    ['that says something of an appointment is applied', booked, 'applied', 'applied'],
    ['that concerns nobody is ignored, with its reason', { kind: 'ignored', reason: 'ADT^A08' }, 'ignored', 'ignored'],
    [
      'that cannot be read is kept in quarantine, with the place and the reason',
      { kind: 'unreadable', fault },
      'quarantined',
      'quarantined',
    ],
    ['that only hints is accepted, to be read back', { kind: 'hint' }, 'accepted', 'received'],
  ])('%s', async (_, result, disposition, state) => {
    const rappel = await openRappel()
    const envelope = rappel.ehr.envelope(result)
    const receipt = await rappel.ingest.receive(envelope)
    expect(receipt).toEqual({ disposition, duplicate: false, ...(state === 'quarantined' && { fault }) })
    expect(await rappel.read((tx) => tx.inbox.countByState())).toEqual({ [state]: 1 })
  })

  test('in quarantine is verbatim, byte for byte', async () => {
    const rappel = await openRappel()
    const body = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    await rappel.ingest.receive({ ...rappel.ehr.envelope(booked), body })
    const [row] = await rappel.read((tx) => tx.inbox.quarantined({ limit: 10 }))
    expect(row?.envelope.body).toEqual(body)
    expect(row).toMatchObject({ reason: '100', fault: { at: 'MSH' } })
  })

  test('of which more come at once than can be kept is refused for now, and so is no other afterwards (R20)', async () => {
    const { ingest, ehr, read } = await openRappel()
    const receive = () => ingest.receive(ehr.envelope({ kind: 'ignored', reason: 'x' }))
    const outcomes = await Promise.allSettled(Array.from({ length: 1_200 }, receive))
    const refused = outcomes.filter((each) => each.status === 'rejected')
    expect(refused).toHaveLength(200)
    for (const { reason } of refused) expect(reason).toBeInstanceOf(StoreUnavailable)
    expect(await receive()).toMatchObject({ disposition: 'ignored' })
    expect(await read((tx) => tx.inbox.countByState())).toEqual({ ignored: 1_001 })
  })

  test('wakes the sender once it is applied, the reader once it hints, and nobody for a duplicate', async () => {
    const { ingest, ehr, woken } = await openRappel()
    await ingest.receive(ehr.envelope(booked))
    await ingest.receive(ehr.envelope(booked))
    await ingest.receive(ehr.envelope({ kind: 'ignored', reason: 'x' }))
    await ingest.receive(ehr.envelope({ kind: 'hint' }))
    expect(woken).toEqual(['planned', 'hinted'])
  })

  test.each<[string, ReadResult, string]>([
    ['applied', booked, 'applied'],
    ['ignored', { kind: 'ignored', identity: 'MSG1', reason: 'x' }, 'ignored'],
    ['refused', { kind: 'unreadable', identity: 'MSG1', fault }, 'quarantined'],
  ])('that comes again is answered as the first time: %s', async (_, result, disposition) => {
    const { ingest, ehr, read } = await openRappel()
    const first = await ingest.receive(ehr.envelope(result))
    expect(await ingest.receive(ehr.envelope(result))).toEqual({ ...first, disposition, duplicate: true })
    expect(Object.values(await read((tx) => tx.inbox.countByState()))).toEqual([1])
  })

  test('is none of another with the same number and other bytes', async () => {
    const { ingest, ehr, appointment } = await openRappel()
    await ingest.receive(ehr.envelope(booked))
    const moved: ReadResult = { ...booked, changes: [bookedChange({ time: { start: start.add({ hours: 1 }) } }, 5)] }
    expect(await ingest.receive(ehr.envelope(moved))).toMatchObject({ disposition: 'applied', duplicate: false })
    expect((await appointment())?.start?.toString()).toBe('2026-11-26T15:40:00Z')
  })

  test('is applied with all that follows from it: patient, notifications, audit', async () => {
    const { ingest, ehr, appointment, read, outcomes } = await openRappel()
    await ingest.receive(ehr.envelope(booked))
    expect(await appointment()).toMatchObject({ status: 'booked', patientId: 'tilleuls:P1', revision: 1 })
    expect(await read((tx) => tx.patients.find('tilleuls:P1'))).toMatchObject({ familyName: 'Roy' })
    expect(await outcomes()).toEqual(['confirmation email: planned', 'confirmation sms: planned'])
    expect(await read((tx) => tx.audit.of('tilleuls:A1', 10))).toMatchObject([
      { actor: 'connector:tilleuls', action: 'appointment.changed', detail: { revision: 1 } },
    ])
  })

  test('older than all we know changes nothing, and is applied all the same', async () => {
    const { hear, appointment, read } = await openRappel()
    await hear(bookedChange({}, 10))
    const before = await appointment()
    const { origin: _, ...older } = bookedChange({ status: { value: 'cancelled' } }, 5)
    expect(await hear(older)).toMatchObject({ disposition: 'applied' })
    expect(await appointment()).toEqual(before)
    expect(await read((tx) => tx.inbox.countByState())).toEqual({ applied: 2 })
  })
})

describe('a bug', () => {
  test('in the reader leaves the message in quarantine, and the service goes on', async () => {
    const { ingest, ehr, hear, appointment } = await openRappel()
    expect(await ingest.receive(ehr.envelope(bug))).toMatchObject({ disposition: 'quarantined', fault: { code: '207', kind: 'content' } })
    expect(await hear(bookedChange())).toMatchObject({ disposition: 'applied' })
    expect(await appointment()).toBeDefined()
  })

  test('while it is applied leaves the message in quarantine, and nothing half saved (law 4)', async () => {
    const rappel = await openRappel()
    rappel.spoil((tx) => ({ ...tx, notifications: { ...tx.notifications, save: bug } }))
    expect(await rappel.ingest.receive(rappel.ehr.envelope(booked))).toMatchObject({ disposition: 'quarantined', fault: { code: '207' } })
    expect(await rappel.appointment()).toBeUndefined()
    expect(await rappel.read((tx) => tx.patients.find('tilleuls:P1'))).toBeUndefined()
    expect(await rappel.read((tx) => tx.audit.of('tilleuls:A1', 10))).toEqual([])
    expect(await rappel.read((tx) => tx.inbox.countByState())).toEqual({ quarantined: 1 })
  })

  test('of which the EHR reminds us again and again fills the quarantine once', async () => {
    const rappel = await openRappel()
    rappel.spoil((tx) => ({ ...tx, appointments: { ...tx.appointments, save: bug } }))
    for (let round = 0; round < 3; round += 1) await rappel.ingest.receive(rappel.ehr.envelope(booked))
    expect(await rappel.read((tx) => tx.inbox.countByState())).toEqual({ quarantined: 1 })
  })

  test('is logged without what was received', async () => {
    const { ingest, ehr, lines } = await openRappel()
    await ingest.receive(ehr.envelope(bug))
    expect(lines.join()).toContain('read_failed')
    expect(lines.join()).not.toContain('Roy')
  })
})

test('a message that the store cannot keep is answered by nothing: the sender tries again (V2-ACK-4)', async () => {
  const { ingest, ehr, failCommits, read } = await openRappel()
  failCommits(1)
  await expect(ingest.receive(ehr.envelope(booked))).rejects.toThrow(StoreUnavailable)
  expect(await read((tx) => tx.inbox.countByState())).toEqual({})
  expect(await ingest.receive(ehr.envelope(booked))).toMatchObject({ disposition: 'applied', duplicate: false })
})

describe('an envelope in quarantine that is read again', () => {
  async function withQuarantined(readings: readonly (ReadResult | 'bug')[]) {
    const rappel = await openRappel()
    let reading = 0
    const envelope = rappel.ehr.envelope(() => {
      const result = readings[reading] ?? 'bug'
      reading += 1
      return result === 'bug' ? bug() : result
    })
    await rappel.ingest.receive(envelope)
    const [row] = await rappel.read((tx) => tx.inbox.quarantined({ limit: 1 }))
    if (!row) throw new Error('nothing in quarantine')
    return { ...rappel, row, again: () => rappel.ingest.retry(row.id, row.envelope.body) }
  }
  const unreadable: ReadResult = { kind: 'unreadable', identity: 'MSG1', fault }

  test('after its mapping was mended is applied, in a row of its own', async () => {
    const { again, read, row, appointment, woken } = await withQuarantined([unreadable, booked])
    expect(await again()).toEqual({ disposition: 'applied', duplicate: false })
    expect(await appointment()).toBeDefined()
    expect(await read((tx) => tx.inbox.find(row.id))).toMatchObject({ state: 'retried' })
    expect(await read((tx) => tx.inbox.countByState())).toEqual({ retried: 1, applied: 1 })
    expect(woken).toEqual(['planned'])
  })

  test('and still cannot be read is in quarantine again, once', async () => {
    const { again, read } = await withQuarantined([unreadable, unreadable])
    expect(await again()).toEqual({ disposition: 'quarantined', duplicate: false, fault })
    expect(await read((tx) => tx.inbox.countByState())).toEqual({ retried: 1, quarantined: 1 })
  })

  test('and meets a bug stays where it was', async () => {
    const { again, read, row, spoil } = await withQuarantined([unreadable, booked])
    spoil((tx) => ({ ...tx, appointments: { ...tx.appointments, save: bug } }))
    expect(await again()).toMatchObject({ disposition: 'quarantined', fault: { code: '207' } })
    expect(await read((tx) => tx.inbox.quarantined({ limit: 10 }))).toMatchObject([{ id: row.id, fault }])
  })

  test('and cannot be kept stays where it was', async () => {
    const { again, read, row, failCommits } = await withQuarantined([unreadable, booked, booked])
    failCommits(1)
    await expect(again()).rejects.toThrow(StoreUnavailable)
    expect(await read((tx) => tx.inbox.find(row.id))).toMatchObject({ state: 'quarantined', fault })
    expect(await again()).toMatchObject({ disposition: 'applied' })
  })

  test('by two people at once is applied once', async () => {
    const { again, read } = await withQuarantined([unreadable, booked, booked])
    const receipts = await Promise.all([again(), again()])
    expect(receipts.filter((receipt) => receipt !== undefined)).toEqual([{ disposition: 'applied', duplicate: false }])
    expect(await read((tx) => tx.inbox.countByState())).toEqual({ retried: 1, applied: 1 })
  })

  test('and turns out to be a hint is read back', async () => {
    const { again, woken } = await withQuarantined([unreadable, { kind: 'hint' }])
    expect(await again()).toEqual({ disposition: 'accepted', duplicate: false })
    expect(woken).toEqual(['hinted'])
  })

  test('is nothing when it is not there, or was settled', async () => {
    const { again, ingest } = await withQuarantined([unreadable, booked])
    expect(await ingest.retry('no such id', new Uint8Array())).toBeUndefined()
    await again()
    expect(await again()).toBeUndefined()
  })
})

describe('what nobody has set (O4)', () => {
  const unset = async (rappel: Awaited<ReturnType<typeof openRappel>>) =>
    (await rappel.read((tx) => tx.unset.list('tilleuls'))).map(({ kind, key, count }) => `${kind} ${key} ${count}`).sort()

  test('is counted once for each appointment that brings it, however often it is said', async () => {
    const rappel = await openRappel()
    for (const [ehrId, minute] of [
      ['A1', 0],
      ['A1', 1],
      ['A2', 0],
    ] as const)
      await rappel.hear(bookedChange({ ehrId, agenda: { key: 'X' }, motif: { key: 'Y' } }, minute))
    await rappel.hear(bookedChange({ ehrId: 'A3' }))
    expect(await unset(rappel)).toEqual(['agenda X 2', 'motif Y 2'])
  })

  test('may be called like something of JavaScript’s', async () => {
    const rappel = await openRappel({ settings: clinicSettings() })
    await rappel.hear(bookedChange({ agenda: { key: 'constructor' }, motif: { key: 'toString' } }))
    expect(await unset(rappel)).toEqual(['agenda constructor 1', 'motif toString 1'])
  })

  test('is an appointment without a motif too', async () => {
    const rappel = await openRappel()
    const { motif: _, ...change } = bookedChange()
    await rappel.hear(change)
    expect(await unset(rappel)).toEqual(['motif (sans motif) 1'])
  })
})
