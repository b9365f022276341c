import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { AppointmentChange } from '../../../src/core/change.ts'
import { bookedChange, clinicSettings, start } from '../../support/clinic.ts'
import type { Rappel } from '../../support/rappel.ts'
import { openRappel, tokenIn } from '../../support/rappel.ts'

const begin = '2026-11-20T12:00:00Z'
const later = { time: { start: start.add({ hours: 24 }) } }
const cancelled = (minute: number, more: Partial<AppointmentChange> = {}) =>
  bookedChange({ status: { value: 'cancelled', cancelKind: 'cancelled' }, ...more }, minute)
const another = (minute: number, more: Partial<AppointmentChange> = {}) => bookedChange({ ehrId: 'A2', ...later, ...more }, minute)

/** Booked, and its confirmation sent; the EHR moves by cancelling and booking again, and its cancellations wait five minutes. */
async function told(cancelDebounce = 'PT5M'): Promise<Rappel> {
  const rappel = await openRappel({ now: begin, cancelDebounce })
  await rappel.hear(bookedChange())
  await rappel.send()
  return rappel
}

/** What left by text since the first confirmation, and for which appointment. */
async function textsAfter(rappel: Rappel, minutes = 10): Promise<string[]> {
  for (let minute = 0; minute <= minutes; minute += 1) {
    await rappel.send()
    rappel.clock.advance({ minutes: 1 })
  }
  return rappel.sms.sent.slice(1).map(({ notificationId }) => notificationId.split(':').slice(1, 3).join(' '))
}

describe('V2-ORD-4: a cancellation and a booking inside the debounce are one move', () => {
  test.each<[string, AppointmentChange, string[]]>([
    ['of the same motif', another(2, { practitioner: { key: 'x', name: 'X' } }), ['A2 change']],
    ['of the same practitioner', another(2, { motif: { key: 'SUIVI' } }), []],
    [
      'that the EHR says it was moved to',
      another(2, { motif: { key: 'CONSULT' }, practitioner: { key: 'x', name: 'X' }, replaces: 'A1' }),
      ['A2 change'],
    ],
    [
      'of another motif and practitioner: two messages',
      another(2, { motif: { key: 'AUTRE' }, practitioner: { key: 'x', name: 'X' } }),
      ['A1 cancellation'],
    ],
    ['that was moved from yet another: two messages', another(2, { replaces: 'A7' }), ['A1 cancellation', 'A2 confirmation']],
    [
      'of another patient: never',
      another(2, { patient: { ehrId: 'P2', contacts: bookedChange().patient?.contacts ?? [] } }),
      ['A1 cancellation', 'A2 confirmation'],
    ],
    ['at the same hour and place: nothing to tell', another(2, { time: { start } }), []],
  ])('acceptance 5: S15 of the old, then S12 of a new one %s', async (_, fresh, texts) => {
    const rappel = await told()
    await rappel.hear(cancelled(1))
    rappel.clock.advance({ minutes: 1 })
    await rappel.hear(fresh)
    expect((await textsAfter(rappel)).sort()).toEqual(texts)
  })

  test('S12 of the new one, then S15 of the old: one change as well', async () => {
    const rappel = await told()
    await rappel.hear(another(1))
    rappel.clock.advance({ minutes: 1 })
    await rappel.hear(cancelled(2))
    expect(await textsAfter(rappel)).toEqual(['A2 change'])
    expect(await rappel.outcomes()).toContain('previsit sms: withdrawn rebooked')
  })

  test('S12 of a new one, and no S15: its confirmation goes once the debounce is over', async () => {
    const rappel = await told()
    await rappel.hear(another(1))
    expect(await textsAfter(rappel, 4)).toEqual([])
    expect(await textsAfter(rappel, 2)).toEqual(['A2 confirmation'])
  })

  test('where the EHR moves by S13, a second appointment is confirmed at once', async () => {
    const rappel = await told('PT0S')
    await rappel.hear(another(1))
    expect(await textsAfter(rappel, 0)).toEqual(['A2 confirmation'])
  })

  test('after the debounce they are two messages', async () => {
    const rappel = await told()
    await rappel.hear(cancelled(1))
    expect(await textsAfter(rappel, 6)).toEqual(['A1 cancellation'])
    await rappel.hear(another(9))
    expect(await textsAfter(rappel, 6)).toEqual(['A1 cancellation', 'A2 confirmation'])
  })

  test('the new one cancelled too is told as such, the old one never', async () => {
    const rappel = await told()
    await rappel.hear(cancelled(1))
    await rappel.hear(another(2))
    expect(await textsAfter(rappel)).toEqual(['A2 change'])
    await rappel.hear(cancelled(20, { ehrId: 'A2' }))
    expect(await textsAfter(rappel)).toEqual(['A2 change', 'A2 cancellation'])
  })

  test('the link of the old one leads to the new one', async () => {
    const rappel = await told()
    const token = tokenIn(rappel.sms.sent[0]?.words.action.url)
    await rappel.hear(cancelled(1))
    await rappel.hear(another(2))
    const page = await (await rappel.get(`/${token}`)).text()
    expect(page).toContain('27 novembre')
    expect(page).toContain('La date a changé')
  })

  test('whoever booked online still has', async () => {
    const rappel = await openRappel({ now: begin, cancelDebounce: 'PT5M' })
    await rappel.hear(bookedChange({ origin: 'patient_online' }))
    await rappel.send()
    await rappel.hear(cancelled(1))
    await rappel.hear(another(2, { origin: 'staff' }))
    expect((await rappel.appointment('tilleuls:A2'))?.origin).toBe('patient_online')
  })
})

describe('V2-ID-5: the end of an appointment whose booking nobody sent', () => {
  test.each<[string, AppointmentChange[], string, string[]]>([
    ['is told to nobody', [cancelled(5, { tombstone: true })], 'cancelled', []],
    ['is not undone by an older booking that comes late', [cancelled(5, { tombstone: true }), bookedChange({}, 1)], 'cancelled', []],
    [
      'is undone by a newer one, which is confirmed',
      [cancelled(5, { tombstone: true }), bookedChange({}, 9)],
      'booked',
      ['A1 confirmation'],
    ],
    ['of who did not come is told to nobody', [bookedChange({ status: { value: 'noshow' }, tombstone: true }, 5)], 'noshow', []],
  ])('%s', async (_, words, status, texts) => {
    const rappel = await openRappel({ now: begin })
    for (const word of words) await rappel.hear(word)
    await rappel.send()
    expect((await rappel.appointment())?.status).toBe(status)
    expect(rappel.sms.sent.map(({ notificationId }) => notificationId.split(':').slice(1, 3).join(' '))).toEqual(texts)
  })
})

describe('V2-ORD-6: what is loaded, or heard of long after, counts as told', () => {
  const kinds = ({ sms }: Rappel) => sms.sent.map(({ notificationId }) => notificationId.split(':').slice(1, 3).join(' '))
  const load = (rappel: Rappel, ...changes: AppointmentChange[]) =>
    rappel.ingest.receive(rappel.ehr.envelope({ kind: 'changes', changes }, { purpose: 'import' }))
  const open = (now: string) => openRappel({ now, maxEventAge: 'PT24H' })

  test('an initial load sends nothing, and its reminders still ahead go', async () => {
    const rappel = await openRappel({ now: begin })
    await load(rappel, bookedChange(), bookedChange({ ehrId: 'A2', status: { value: 'cancelled' } }))
    await rappel.send()
    expect(kinds(rappel)).toEqual([])
    rappel.clock.set('2026-11-25T15:00:00Z')
    await rappel.send()
    expect(kinds(rappel)).toEqual(['A1 previsit'])
  })

  test('what changes after the load is told', async () => {
    const rappel = await openRappel({ now: begin })
    await load(rappel, bookedChange())
    await rappel.hear(bookedChange(later, 5))
    await rappel.send()
    expect(kinds(rappel)).toEqual(['A1 change'])
  })

  test.each<[string, string, AppointmentChange[], string[]]>([
    ['a booking heard of a day late is not confirmed', '2026-11-21T12:00:01Z', [bookedChange()], []],
    ['one heard of within the day is', '2026-11-21T11:59:59Z', [bookedChange()], ['A1 confirmation']],
    ['nor is what else became of it meanwhile', '2026-11-22T12:00:00Z', [bookedChange(), bookedChange(later, 60)], []],
    ['but a change of today is told', '2026-11-22T12:00:00Z', [bookedChange(), bookedChange(later, 2870)], ['A1 change']],
  ])('%s', async (_, now, words, texts) => {
    const rappel = await open(now)
    for (const word of words) await rappel.hear(word)
    await rappel.send()
    expect(kinds(rappel)).toEqual(texts)
  })

  test('R8: a cancellation that an outage kept back goes, whatever its age, to whom was told otherwise', async () => {
    const rappel = await open(begin)
    await rappel.hear(bookedChange())
    await rappel.send()
    rappel.clock.advance({ hours: 60 })
    await rappel.hear(cancelled(30))
    await rappel.send()
    expect(kinds(rappel)).toEqual(['A1 confirmation', 'A1 cancellation'])
  })
})

describe('D12: what is called off where its diary is closed is of an absence, however little it is', () => {
  test.each([
    ['closed', true, 0],
    ['closed and open again', false, 1],
  ])('%s', async (_, closed, texts) => {
    const base = clinicSettings()
    const settings = clinicSettings({ cadence: { ...base.cadence, absenceSms: 'if_no_email' } })
    const rappel = await openRappel({ now: begin, settings })
    await rappel.hear(bookedChange())
    await rappel.send()
    const block = { kind: 'block', agendas: ['moreau'], start: start.subtract({ hours: 3 }), end: start.add({ hours: 3 }) } as const
    const at = (minute: number) => ({ at: Temporal.Instant.from(begin).add({ minutes: minute }) })
    const news = [{ ...block, closed: true, stamp: at(1) }, ...(closed ? [] : [{ ...block, closed: false, stamp: at(2) }])]
    await rappel.ingest.receive(rappel.ehr.envelope({ kind: 'changes', changes: [], news }))
    await rappel.hear(cancelled(3))
    await rappel.send()
    expect(rappel.email.sent).toHaveLength(2)
    expect(rappel.sms.sent.length - 1).toBe(texts)
  })
})

describe('V2-ID-4: a person says whose it is', () => {
  const other = bookedChange({ patient: { ehrId: 'P2', name: { given: 'Luc' }, contacts: bookedChange().patient?.contacts ?? [] } }, 10)

  test('the new patient is told from the beginning, the link of the first opens nothing, and older words hold it no more', async () => {
    const rappel = await told()
    const token = tokenIn(rappel.sms.sent[0]?.words.action.url)
    await rappel.hear(other)
    const answer = await rappel.call('appointments', 'POST /api/v1/appointments/tilleuls:A1/holds/release')
    expect(await answer.json()).toEqual({ released: ['H-PATIENT-CHANGED'], holds: [] })
    await rappel.send()
    expect(rappel.sms.sent.slice(1).map(({ notificationId }) => notificationId)).toEqual([
      'tilleuls:A1:confirmation:notice:0:sms:tilleuls:P2',
    ])
    expect((await rappel.get(`/${token}`)).status).toBe(404)
    await rappel.hear(bookedChange({}, 5))
    expect((await rappel.appointment())?.holds).toEqual([])
    const [entry] = await rappel.read((tx) => tx.audit.of('tilleuls:A1', 1))
    expect(entry).toMatchObject({ action: 'appointment.released', actor: 'token:appointments-tilleuls' })
  })

  test.each([
    ['nothing holds', 409, bookedChange()],
    ['only the EHR can free', 409, bookedChange({ time: null })],
  ])('what %s is refused: %i', async (_, status, word) => {
    const rappel = await openRappel({ now: begin })
    await rappel.hear(word)
    expect((await rappel.call('appointments', 'POST /api/v1/appointments/tilleuls:A1/holds/release')).status).toBe(status)
  })

  test('not a reader, and not of an appointment nobody knows', async () => {
    const rappel = await told()
    await rappel.hear(other)
    expect((await rappel.call('reader', 'POST /api/v1/appointments/tilleuls:A1/holds/release')).status).toBe(403)
    expect((await rappel.call('appointments', 'POST /api/v1/appointments/tilleuls:A9/holds/release')).status).toBe(404)
  })
})
