import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { AppointmentChange, PatientChange } from '../../../src/core/change.ts'
import type { News } from '../../../src/core/news.ts'
import type { ContactPoint } from '../../../src/core/patient.ts'
import { bookedChange, clinicSettings, email, mobile, start } from '../../support/clinic.ts'
import type { Rappel } from '../../support/rappel.ts'
import { openRappel } from '../../support/rappel.ts'

const newMobile: ContactPoint = { kind: 'phone', value: '+14185550199', mobile: 'yes' }
const stamp = (minute: number) => ({ at: Temporal.Instant.from('2026-11-20T12:00:00Z').add({ minutes: minute }) })
const merge = (prior = 'P1', survivor = 'P9', minute = 60): News => ({ kind: 'merge', prior, survivor, stamp: stamp(minute) })
const person = (patient: PatientChange, minute = 30): News => ({ kind: 'patient', patient, stamp: stamp(minute) })
const here = (minute: number, where: Partial<Extract<News, { kind: 'arrival' }>> = { visit: 'V1' }, isHere = true): News => ({
  kind: 'arrival',
  here: isHere,
  stamp: stamp(minute),
  ...where,
})
const ofP9: Partial<AppointmentChange> = { patient: { ehrId: 'P9' } }

async function tell(rappel: Rappel, ...news: readonly News[]) {
  return rappel.ingest.receive(rappel.ehr.envelope({ kind: 'changes', changes: [], news }))
}

/** What is still to come, and for whom. */
async function pendingOf({ notifications }: Rappel, id = 'tilleuls:A1'): Promise<string[]> {
  const all = await notifications(id)
  return all
    .filter(({ state }) => state === 'planned' || state === 'parked' || state === 'held')
    .map(({ kind, channel, patientId, state }) => `${kind} ${channel} ${patientId} ${state}`)
    .sort()
}

/** Booked a week ahead, and its confirmation sent: the reminder at 36 h is still to come. */
async function reminded(settings = clinicSettings()) {
  const rappel = await openRappel({ settings, now: '2026-11-20T12:00:00Z' })
  await rappel.hear(bookedChange({ visit: 'V1' }))
  await rappel.send()
  expect(rappel.sms.sent.length + rappel.email.sent.length).toBe(2)
  rappel.sms.sent.length = 0
  rappel.email.sent.length = 0
  return rappel
}

describe('two records of one person are merged', () => {
  test('acceptance 13: between planning and sending, the reminder goes once, to the survivor’s contact', async () => {
    const rappel = await reminded()
    await tell(rappel, person({ ehrId: 'P9', name: { given: 'Anne', family: 'Roy' }, contacts: [newMobile] }), merge())
    expect(await pendingOf(rappel)).toEqual(['previsit email tilleuls:P9 parked', 'previsit sms tilleuls:P9 planned'])
    rappel.clock.set('2026-11-25T02:40:00Z')
    await rappel.send()
    rappel.clock.set('2026-11-25T15:00:00Z')
    await rappel.send()
    expect(rappel.sms.sent.map(({ to }) => to)).toEqual([newMobile.value])
    expect(rappel.email.sent).toEqual([])
  })

  test.each<[string, readonly News[], string | undefined]>([
    [
      'the survivor’s own number wins, however long ago it was said',
      [person({ ehrId: 'P9', contacts: [newMobile] }, -60), merge()],
      newMobile.value,
    ],
    ['a survivor never heard of has the number of the prior record', [merge()], mobile.value],
    ['a survivor of whom only the name is known too', [person({ ehrId: 'P9', name: { family: 'Roy' } }), merge()], mobile.value],
    [
      'what is said of the survivor later takes the place of what was inherited',
      [merge(), person({ ehrId: 'P9', contacts: [newMobile] }, 5)],
      newMobile.value,
    ],
    [
      'a late word of the prior record is the survivor’s, where it said nothing itself',
      [merge(), person({ ehrId: 'P1', contacts: [newMobile] }, 90)],
      newMobile.value,
    ],
    [
      'a late word of the prior record does not touch what the survivor said',
      [person({ ehrId: 'P9', contacts: [mobile] }), merge(), person({ ehrId: 'P1', contacts: [newMobile] }, 90)],
      mobile.value,
    ],
    [
      'two merges in a row lead to the last survivor',
      [merge('P1', 'P5'), merge('P5', 'P9'), person({ ehrId: 'P9', contacts: [newMobile] })],
      newMobile.value,
    ],
    [
      'the same two in the other order',
      [merge('P5', 'P9'), merge('P1', 'P5'), person({ ehrId: 'P9', contacts: [newMobile] })],
      newMobile.value,
    ],
  ])('%s', async (_, news, number) => {
    const rappel = await reminded()
    for (const each of news) await tell(rappel, each)
    expect((await rappel.appointment())?.patientId).toBe('tilleuls:P9')
    const patient = await rappel.read((tx) => tx.patients.find('tilleuls:P9'))
    expect(patient?.contacts.find(({ kind }) => kind === 'phone')?.value).toBe(number)
  })

  test('no notice comes of it, and the audit names ids alone', async () => {
    const rappel = await reminded()
    await tell(rappel, merge())
    await rappel.send()
    expect([...rappel.sms.sent, ...rappel.email.sent]).toEqual([])
    const audit = await rappel.read(async (tx) => [...(await tx.audit.of('tilleuls:P9', 9)), ...(await tx.audit.of('tilleuls:A1', 1))])
    expect(audit).toMatchObject([
      { action: 'patient.merged', detail: { prior: 'tilleuls:P1', appointments: 1 } },
      { action: 'appointment.relinked', detail: { from: 'tilleuls:P1', to: 'tilleuls:P9' } },
    ])
    expect(JSON.stringify(audit)).not.toContain('Roy')
  })

  test('a confirmation that waits goes once, to the survivor', async () => {
    const rappel = await openRappel({ now: '2026-11-20T12:00:00Z', settings: clinicSettings({ grace: Temporal.Duration.from('PT10M') }) })
    await rappel.hear(bookedChange())
    await tell(rappel, merge(), person({ ehrId: 'P9', contacts: [newMobile, email] }, 61))
    rappel.clock.advance({ minutes: 10 })
    await rappel.send()
    expect(rappel.sms.sent.map(({ to }) => to)).toEqual([newMobile.value])
    expect(rappel.email.sent).toHaveLength(1)
  })

  test('a late SIU with the old id is the survivor’s, and holds nothing', async () => {
    const rappel = await reminded()
    await tell(rappel, merge())
    await rappel.hear(bookedChange({ time: { start: start.add({ hours: 1 }) } }, 90))
    expect(await rappel.appointment()).toMatchObject({ patientId: 'tilleuls:P9', holds: [] })
    await rappel.hear(bookedChange({ ehrId: 'A2' }, 91))
    expect(await rappel.appointment('tilleuls:A2')).toMatchObject({ patientId: 'tilleuls:P9', holds: [] })
  })

  test('of a record never heard of is an alias, for what comes later', async () => {
    const rappel = await openRappel({ now: '2026-11-20T12:00:00Z' })
    expect(await tell(rappel, merge())).toMatchObject({ disposition: 'applied' })
    await rappel.hear(bookedChange())
    expect(await rappel.appointment()).toMatchObject({ patientId: 'tilleuls:P9', holds: [] })
  })

  test('STOP said under the old record holds for the number of the new one', async () => {
    const rappel = await reminded()
    await rappel.store.transact((tx) => tx.optOuts.add('tilleuls', 'sms', mobile.value ?? '', rappel.clock.now()))
    await tell(rappel, person({ ehrId: 'P9', contacts: [newMobile, email] }), merge())
    rappel.clock.set('2026-11-25T15:00:00Z')
    await rappel.send()
    expect(rappel.sms.sent).toEqual([])
    expect(rappel.email.sent).toHaveLength(1)
  })

  test('a consent withdrawn, and a switch that is off, hold for the survivor', async () => {
    const off = await openRappel({
      now: '2026-11-20T12:00:00Z',
      settings: clinicSettings({ patients: { 'tilleuls:P1': { notify: false } } }),
    })
    await off.hear(bookedChange())
    const withdrawn = { state: 'withdrawn', at: off.clock.now(), by: 'accueil' } as const
    await off.store.transact((tx) => tx.consents.save('tilleuls', 'sms', mobile.value ?? '', withdrawn))
    await tell(off, person({ ehrId: 'P9', contacts: [newMobile] }), merge())
    expect((await off.read((tx) => tx.settings.current('tilleuls')))?.patients['tilleuls:P9']).toEqual({ notify: false })
    expect(await off.read((tx) => tx.consents.find('tilleuls', 'sms', newMobile.value ?? ''))).toEqual(withdrawn)
    off.clock.set('2026-11-25T15:00:00Z')
    await off.send()
    expect(off.sms.sent).toEqual([])
  })

  test('H-MERGE-AMBIGUOUS: a circle moves nothing, and holds what is ahead for a person', async () => {
    const rappel = await reminded()
    await tell(rappel, merge('P1', 'P9'), merge('P9', 'P1'))
    expect(await rappel.appointment()).toMatchObject({ patientId: 'tilleuls:P9', holds: ['H-MERGE-AMBIGUOUS'] })
    expect(await pendingOf(rappel)).toEqual(['previsit email tilleuls:P9 held', 'previsit sms tilleuls:P9 held'])
    await rappel.hear(bookedChange({}, 90))
    expect((await rappel.appointment())?.holds).toEqual(['H-MERGE-AMBIGUOUS'])
  })

  test.each<[string, readonly News[]]>([
    ['with itself', [merge('P1', 'P1')]],
    ['said twice', [merge(), merge()]],
    ['said again after the survivor was merged on', [merge('P1', 'P5'), merge('P5', 'P9'), merge('P1', 'P5'), merge('P1', 'P9')]],
  ])('%s holds nothing', async (_, news) => {
    const rappel = await reminded()
    for (const each of news) await tell(rappel, each)
    expect((await rappel.appointment())?.holds).toEqual([])
  })

  test('an answer given under the old record stays the person’s, and goes to the EHR under the new one', async () => {
    const rappel = await reminded()
    await rappel.hear(bookedChange({ confirmation: 'confirmed' }, 10))
    const before = await rappel.appointment()
    await tell(rappel, merge())
    const after = await rappel.appointment()
    expect(after?.confirmation?.basis).not.toBe(before?.confirmation?.basis)
    expect(after?.confirmation?.basis).toContain('tilleuls:P9')
  })
})

describe('news of a patient (ADT A08, A31, A28)', () => {
  test('a new number is used for what is ahead, and no notice comes of it', async () => {
    const rappel = await reminded()
    expect(await tell(rappel, person({ ehrId: 'P1', contacts: [newMobile] }))).toMatchObject({ disposition: 'applied' })
    await rappel.send()
    expect(rappel.sms.sent).toEqual([])
    rappel.clock.set('2026-11-25T15:00:00Z')
    await rappel.send()
    expect(rappel.sms.sent.map(({ to }) => to)).toEqual([newMobile.value])
  })

  test('V2-PID-5: nobody is told anything of the dead', async () => {
    const rappel = await reminded()
    await tell(rappel, person({ ehrId: 'P1', deceased: true }))
    expect(await pendingOf(rappel)).toEqual(['previsit email tilleuls:P1 parked', 'previsit sms tilleuls:P1 parked'])
    rappel.clock.set('2026-11-25T15:00:00Z')
    await rappel.send()
    expect([...rappel.sms.sent, ...rappel.email.sent]).toEqual([])
  })

  test('older than what we know changes nothing', async () => {
    const rappel = await reminded()
    await tell(rappel, person({ ehrId: 'P1', contacts: [newMobile] }, -30))
    expect((await rappel.read((tx) => tx.patients.find('tilleuls:P1')))?.contacts[0]).toEqual(mobile)
  })
})

describe('who is here (ADT A04, A10, A11)', () => {
  const arriving = '2026-11-26T14:10:00Z'
  const atTheDoor = async () => {
    const rappel = await reminded()
    rappel.clock.set(arriving)
    return rappel
  }

  test.each<[string, readonly News[], string, string]>([
    ['by the visit number', [here(9000)], 'arrived', 'applied'],
    ['by a visit number that is the appointment’s own', [here(9000, { visit: 'A1' })], 'arrived', 'applied'],
    ['by the one appointment of the day', [here(9000, { patient: 'P1', day: '2026-11-26' })], 'arrived', 'applied'],
    ['not on another day', [here(9000, { patient: 'P1', day: '2026-11-25' })], 'booked', 'ignored'],
    ['not by a visit nobody knows', [here(9000, { visit: 'V7' })], 'booked', 'ignored'],
    ['not by the patient alone', [here(9000, { patient: 'P1' })], 'booked', 'ignored'],
    ['and gone again', [here(9000), here(9001, { visit: 'V1' }, false)], 'booked', 'applied'],
    ['gone, then word of the arrival before', [here(9001, { visit: 'V1' }, false), here(9000)], 'booked', 'applied'],
  ])('%s: %s', async (_, news, status, disposition) => {
    const rappel = await atTheDoor()
    let last: unknown
    for (const each of news) last = await tell(rappel, each)
    expect((await rappel.appointment())?.status).toBe(status)
    expect(last).toMatchObject({ disposition })
  })

  test('not by the day where the patient has two', async () => {
    const rappel = await atTheDoor()
    await rappel.hear(bookedChange({ ehrId: 'A2', time: { start: start.add({ hours: 2 }) } }, 10))
    expect(await tell(rappel, here(9000, { patient: 'P1', day: '2026-11-26' }))).toMatchObject({ disposition: 'ignored' })
  })

  test('a cancellation stays one, whichever of the two was heard first', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const rappel = await atTheDoor()
      const words = [() => tell(rappel, here(9000)), () => rappel.hear(bookedChange({ visit: 'V1', status: { value: 'cancelled' } }, 8990))]
      for (const index of order) await words[index]?.()
      expect((await rappel.appointment())?.status).toBe('cancelled')
    }
  })

  test('an older word of the schedule does not send them home', async () => {
    const rappel = await atTheDoor()
    await tell(rappel, here(9000))
    await rappel.hear(bookedChange({ visit: 'V1' }, 8999))
    expect((await rappel.appointment())?.status).toBe('arrived')
    await rappel.hear(bookedChange({ visit: 'V1', time: { start: start.add({ hours: 48 }) } }, 9001))
    expect((await rappel.appointment())?.status).toBe('booked')
  })
})

describe('a visit that is another patient’s than we knew (ADT A45)', () => {
  test('its reminders go to that patient, nobody gets a notice, and older words do not hold it', async () => {
    const rappel = await reminded()
    await tell(rappel, person({ ehrId: 'P9', contacts: [newMobile] }), {
      kind: 'visit-moved',
      visit: 'V1',
      patient: 'P9',
      stamp: stamp(60),
    })
    await rappel.send()
    expect(rappel.sms.sent).toEqual([])
    await rappel.hear(bookedChange({ visit: 'V1' }, 20))
    expect(await rappel.appointment()).toMatchObject({ patientId: 'tilleuls:P9', holds: [] })
    rappel.clock.set('2026-11-25T15:00:00Z')
    await rappel.send()
    expect(rappel.sms.sent.map(({ to }) => to)).toEqual([newMobile.value])
    await rappel.hear(bookedChange({ visit: 'V1' }, 90))
    expect((await rappel.appointment())?.holds).toEqual(['H-PATIENT-CHANGED'])
  })
})

describe('V2-ID-4: a known appointment of another patient', () => {
  test('is held, what was to go to the first is withdrawn, and neither is told', async () => {
    const rappel = await reminded()
    await rappel.hear(bookedChange(ofP9, 10))
    expect(await rappel.appointment()).toMatchObject({ patientId: 'tilleuls:P9', rivals: ['tilleuls:P1'], holds: ['H-PATIENT-CHANGED'] })
    expect(await pendingOf(rappel)).toEqual(['previsit email tilleuls:P9 held', 'previsit sms tilleuls:P9 held'])
    rappel.clock.set('2026-11-25T15:00:00Z')
    await rappel.send()
    expect([...rappel.sms.sent, ...rappel.email.sent]).toEqual([])
  })

  test('is held by an older word as well', async () => {
    const rappel = await openRappel({ now: '2026-11-20T12:00:00Z' })
    await rappel.hear(bookedChange(ofP9, 10))
    await rappel.hear(bookedChange({ origin: 'unknown' }, 5))
    expect(await rappel.appointment()).toMatchObject({ patientId: 'tilleuls:P9', holds: ['H-PATIENT-CHANGED'] })
  })

  test.each<[string, Partial<PatientChange>, Partial<PatientChange>]>([
    ['names the first by its other id', {}, { otherIds: ['P1'] }],
    ['is named by the first', { otherIds: ['P9'] }, {}],
    ['has a third id in common with it', { otherIds: ['X'] }, { otherIds: ['X', 'Y'] }],
  ])('is not, where the second record %s', async (_, first, second) => {
    const rappel = await openRappel({ now: '2026-11-20T12:00:00Z' })
    await rappel.hear(bookedChange({ patient: { ehrId: 'P1', contacts: [mobile], ...first } }))
    await rappel.hear(bookedChange({ patient: { ehrId: 'P9', contacts: [mobile], ...second } }, 10))
    expect(await rappel.appointment()).toMatchObject({ patientId: 'tilleuls:P9', holds: [] })
  })

  test.each([
    ['P1', 'P9'],
    ['P9', 'P1'],
  ])('a merge of %s into %s makes them one, and frees it', async (prior, survivor) => {
    const rappel = await reminded()
    await rappel.hear(bookedChange(ofP9, 10))
    await tell(rappel, merge(prior, survivor))
    expect(await rappel.appointment()).toMatchObject({ patientId: `tilleuls:${survivor}`, holds: [] })
    expect((await pendingOf(rappel)).map((each) => each.split(' ')[3])).toEqual(['planned', 'planned'])
  })
})
