import type { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { doctolib, ofys } from '../../src/core/cadences.ts'
import type { AppointmentChange } from '../../src/core/change.ts'
import type { Notification } from '../../src/core/notification.ts'
import type { Settings } from '../../src/core/settings.ts'
import { dropMassHold, releaseMassHold } from '../../src/server/mass-hold.ts'
import { agendaSettings, bookedChange, clinicSettings, email, landline, mobile, start } from '../support/clinic.ts'
import type { Rappel, RappelOptions } from '../support/rappel.ts'
import { openRappel } from '../support/rappel.ts'

const agendas = Object.fromEntries(['moreau', 'petit', 'roy', 'caron', 'salle'].map((key) => [key, agendaSettings()]))
const admin = { name: 'token:admin', role: 'admin' } as const

function clinic(overrides: Partial<Settings> = {}): Settings {
  return clinicSettings({ agendas, dailyCap: 1000, ...overrides })
}

interface Spread {
  readonly each: number
  readonly of?: readonly string[]
  /** After `start`. */
  readonly inHours?: number
  readonly contacts?: NonNullable<AppointmentChange['patient']>['contacts']
  readonly origin?: AppointmentChange['origin']
}

/** So many appointments of each agenda, of as many patients. */
function appointments({
  each,
  of = Object.keys(agendas),
  inHours = 72,
  contacts = [email],
  origin = 'staff',
}: Spread): readonly AppointmentChange[] {
  return of.flatMap((key) =>
    Array.from({ length: each }, (_, index) =>
      bookedChange({
        ehrId: `${key}-${index}`,
        agenda: { key },
        origin,
        time: { start: start.add({ minutes: 60 * inHours + index }) },
        patient: { ehrId: `P-${key}-${index}`, language: 'fr', contacts },
      }),
    ),
  )
}

/** All in one envelope. */
async function hearAll(
  { ingest, ehr }: Rappel,
  changes: readonly AppointmentChange[],
  overrides: Partial<AppointmentChange> = {},
  minute = 0,
): Promise<void> {
  const { stamp } = bookedChange({}, minute)
  await ingest.receive(ehr.envelope({ kind: 'changes', changes: changes.map((change) => ({ ...change, ...overrides, stamp })) }))
}

async function sendAll({ dispatch }: Rappel): Promise<void> {
  const { signal } = new AbortController()
  while (await dispatch.step(signal)) if (signal.aborted) return
}

/** Booked and confirmed days ago; nothing else is due. */
async function openBooked(changes: readonly AppointmentChange[], options: RappelOptions = {}, later = '2026-11-25T15:00:00Z') {
  const rappel = await openRappel({ now: '2026-11-22T15:00:00Z', settings: clinic(), ...options })
  await hearAll(rappel, changes)
  rappel.clock.advance({ minutes: 15 })
  await sendAll(rappel)
  rappel.clock.set(later)
  await sendAll(rappel)
  rappel.sms.sent.length = 0
  rappel.email.sent.length = 0
  return rappel
}

const off = { status: { value: 'cancelled' } } as const

/** `state reason` of what was said of the cancellations, each with how often. */
async function cancellations(
  { notifications }: Rappel,
  changes: readonly AppointmentChange[],
  channel: 'sms' | 'email',
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { ehrId } of changes)
    for (const { kind, channel: by, state, reason } of await notifications(`tilleuls:${ehrId}`))
      if (kind === 'cancellation' && by === channel) {
        const said = [state, reason].filter(Boolean).join(' ')
        counts[said] = (counts[said] ?? 0) + 1
      }
  return counts
}

const toCall = ({ read }: Rappel) => read((tx) => tx.toCall.open('tilleuls', 500))
const holdOf = ({ read }: Rappel) => read((tx) => tx.massHolds.open('tilleuls'))
const auditOf = async ({ read }: Rappel, subject: string, action: string) =>
  (await read((tx) => tx.audit.of(subject, 500))).filter((row) => row.action === action)

/** Notices of weeks ago, twenty minutes before this hour of the clinic's clock: only when they were planned matters. */
async function remember({ store, clock }: Rappel, perAgenda: number, elsewhen: Temporal.DurationLike = { hours: 0 }): Promise<void> {
  const here = clock.now().toZonedDateTimeISO('America/Toronto').subtract({ minutes: 20 }).add(elsewhen)
  for (let weeks = 1; weeks <= 8; weeks += 1) await rememberAt(store, here.subtract({ weeks }).toInstant(), perAgenda)
}

async function rememberAt(store: Rappel['store'], at: Temporal.Instant, perAgenda: number): Promise<void> {
  await store.transact(async (tx) => {
    for (const agendaKey of Object.keys(agendas))
      for (let index = 0; index < perAgenda; index += 1) {
        const id = `past:${at}:${agendaKey}:${index}`
        const past: Notification = {
          id,
          clinicId: 'tilleuls',
          appointmentId: id,
          patientId: 'x',
          kind: 'cancellation',
          step: 'notice',
          basis: '1',
          channel: 'email',
          agendaKey,
          state: 'sent',
          dueAt: at,
          notAfter: at,
          attempts: 1,
          plannedAt: at,
          changedAt: at,
        }
        await tx.notifications.save(past)
      }
  })
}

describe('D12: an absence is set over five appointments of one agenda', () => {
  const both = { each: 5, of: ['moreau'], contacts: [mobile, email] }
  test.each<[string, Spread, Partial<Settings>, Record<string, number>, Record<string, number>, number]>([
    [
      'row 14, doctolib: e-mail; SMS only if no e-mail',
      both,
      { cadence: doctolib },
      { sent: 5 },
      { 'suppressed absence_email_on_file': 5 },
      0,
    ],
    [
      'row 14, doctolib, no e-mail on file: SMS',
      { ...both, contacts: [mobile] },
      { cadence: doctolib },
      { 'suppressed no_primary_email': 5 },
      { sent: 5 },
      0,
    ],
    ['row 14, ofys: both', both, { cadence: ofys }, { sent: 5 }, { sent: 5 }, 0],
    ['doctolib, only four: no absence, both', { ...both, each: 4 }, { cadence: doctolib }, { sent: 4 }, { sent: 4 }, 0],
    [
      'row 12, SMS de rappel off: e-mail, no SMS',
      both,
      { agendas: { moreau: agendaSettings({ sms: false }) } },
      { sent: 5 },
      { 'suppressed agenda_sms_reminder_off': 5 },
      0,
    ],
    [
      'row 13, booked online: the same',
      { ...both, origin: 'patient_online' },
      { agendas: { moreau: agendaSettings({ sms: false }) } },
      { sent: 5 },
      { 'suppressed agenda_sms_reminder_off': 5 },
      0,
    ],
    [
      'SMS de rappel off, no e-mail on file: somebody calls',
      { ...both, contacts: [mobile] },
      { agendas: { moreau: agendaSettings({ sms: false }) } },
      { 'suppressed no_primary_email': 5 },
      { 'suppressed agenda_sms_reminder_off': 5 },
      5,
    ],
    [
      'D10: SMS and e-mail of the agenda off: nobody is told, and nobody calls',
      both,
      { agendas: { moreau: agendaSettings({ sms: false, email: false }) } },
      { 'suppressed agenda_off': 5 },
      { 'suppressed agenda_sms_reminder_off': 5 },
      0,
    ],
  ])('%s', async (_, spread, overrides, mailed, texted, called) => {
    const booked = appointments(spread)
    const rappel = await openBooked(booked, { settings: clinic(overrides) })
    await hearAll(rappel, booked, off, 1)
    await sendAll(rappel)
    expect(await cancellations(rappel, booked, 'email')).toEqual(mailed)
    expect(await cancellations(rappel, booked, 'sms')).toEqual(texted)
    expect(await toCall(rappel)).toHaveLength(called)
    expect(await holdOf(rappel)).toBeUndefined()
  })

  test('the moves of it as well: SMS de rappel off stops their texts', async () => {
    const booked = appointments(both)
    const rappel = await openBooked(booked, { settings: clinic({ agendas: { moreau: agendaSettings({ sms: false }) } }) })
    for (const change of booked) await hearAll(rappel, [change], { time: { start: (change.time?.start ?? start).add({ hours: 24 }) } }, 1)
    await sendAll(rappel)
    expect(rappel.sms.sent).toEqual([])
    expect(rappel.email.sent).toHaveLength(5)
  })
})

describe('the to-call list', () => {
  const unreachable = appointments({ each: 1, of: ['moreau'], contacts: [landline] })

  test('names whoever no channel reaches once for each news, with a row in the audit', async () => {
    const rappel = await openBooked(unreachable)
    await hearAll(rappel, unreachable, off, 1)
    await sendAll(rappel)
    await hearAll(rappel, unreachable, off, 2)
    await sendAll(rappel)
    expect(await toCall(rappel)).toMatchObject([
      { appointmentId: 'tilleuls:moreau-0', kind: 'cancellation', start: start.add({ hours: 72 }) },
    ])
    expect(await auditOf(rappel, 'tilleuls:moreau-0', 'to-call.added')).toHaveLength(1)
    await hearAll(rappel, unreachable, { status: { value: 'booked' } }, 3)
    await sendAll(rappel)
    expect((await toCall(rappel)).map(({ kind }) => kind).sort()).toEqual(['cancellation', 'correction'])
  })

  test('does not name whoever the e-mail reached, though the text failed', async () => {
    const booked = appointments({ each: 1, of: ['moreau'], contacts: [mobile, email] })
    const rappel = await openBooked(booked)
    rappel.sms.outcomes.push({ kind: 'rejected', reason: 'twilio_30005' })
    await hearAll(rappel, booked, off, 1)
    await sendAll(rappel)
    expect(await cancellations(rappel, booked, 'sms')).toEqual({ 'failed twilio_30005': 1 })
    expect(await toCall(rappel)).toEqual([])
  })

  test('names them when both were refused', async () => {
    const booked = appointments({ each: 1, of: ['moreau'], contacts: [mobile, email] })
    const rappel = await openBooked(booked)
    rappel.sms.outcomes.push({ kind: 'rejected', reason: 'twilio_30005' })
    rappel.email.outcomes.push({ kind: 'rejected', reason: 'smtp_550' })
    await hearAll(rappel, booked, off, 1)
    await sendAll(rappel)
    expect(await toCall(rappel)).toHaveLength(1)
  })

  test.each<[string, Partial<Settings>]>([
    ['O7: communications are off', { communications: false }],
    ['D22: the patient is off', { patients: { 'tilleuls:P-moreau-0': { notify: false } } }],
    ['the agenda is in shadow', { agendas: { moreau: { ...agendaSettings(), live: false } } }],
    ['O4: the type is Aucune', { motifs: {} }],
  ])('names nobody where the clinic wants nobody told: %s', async (_, overrides) => {
    const rappel = await openBooked(unreachable, { settings: clinic(overrides) })
    await hearAll(rappel, unreachable, off, 1)
    await sendAll(rappel)
    expect(await toCall(rappel)).toEqual([])
  })
})

describe('section 4, fuse (R8): 60 cancellations over five agendas within the hour', () => {
  const sixty = { each: 12 }

  test('are held, with one mass hold and one row in the audit; those of the next 48 h are called at once', async () => {
    const [near, far] = [
      appointments({ ...sixty, inHours: 12, of: ['moreau'] }),
      appointments({ ...sixty, of: ['petit', 'roy', 'caron', 'salle'] }),
    ]
    const booked = [...near, ...far]
    const rappel = await openBooked(booked)
    await hearAll(rappel, booked, off, 1)
    await sendAll(rappel)
    expect(rappel.email.sent).toEqual([])
    expect(await cancellations(rappel, booked, 'email')).toEqual({ 'held mass_change': 60 })
    expect(await holdOf(rappel)).toMatchObject({ seen: 60, usual: 0, agendas: 5, state: 'held', since: rappel.clock.now() })
    expect(await auditOf(rappel, 'tilleuls', 'mass-hold.set')).toHaveLength(1)
    const called = await toCall(rappel)
    expect(called.map(({ reason }) => reason)).toEqual(near.map(() => 'mass_change'))
    expect(new Set(called.map(({ appointmentId }) => appointmentId))).toEqual(new Set(near.map(({ ehrId }) => `tilleuls:${ehrId}`)))

    rappel.clock.advance({ hours: 1 })
    await sendAll(rappel)
    expect(await cancellations(rappel, booked, 'email'), 'though the hour is over').toEqual({ 'held mass_change': 60 })
    expect(await auditOf(rappel, 'tilleuls', 'mass-hold.set')).toHaveLength(1)
    const [one] = await rappel.notifications('tilleuls:moreau-0').then((all) => all.filter(({ kind }) => kind === 'cancellation'))
    expect(await auditOf(rappel, one?.id ?? '', 'notification.held'), 'looked at again, written down once').toHaveLength(1)

    rappel.clock.set('2026-11-27T15:00:00Z')
    await sendAll(rappel)
    expect(await toCall(rappel), 'what was far has come near').toHaveLength(60)
  })

  test('released, they leave, and nobody is to be called for them any more', async () => {
    const booked = appointments({ ...sixty, inHours: 12 })
    const rappel = await openBooked(booked)
    await hearAll(rappel, booked, off, 1)
    await sendAll(rappel)
    expect(await toCall(rappel)).toHaveLength(60)
    await releaseMassHold(rappel, 'tilleuls', admin)
    await sendAll(rappel)
    expect(await cancellations(rappel, booked, 'email')).toEqual({ sent: 60 })
    expect(await toCall(rappel)).toEqual([])
    expect(await auditOf(rappel, 'tilleuls:moreau-0', 'to-call.done')).toMatchObject([{ actor: 'dispatch' }])
  })

  test('dropped, none leaves, not even one the EHR repeated in between', async () => {
    const booked = appointments(sixty)
    const rappel = await openBooked(booked)
    await hearAll(rappel, booked, off, 1)
    await sendAll(rappel)
    await hearAll(rappel, booked.slice(0, 5), { ...off, practitioner: { name: 'Dr Paul Petit' } }, 2)
    await dropMassHold(rappel, 'tilleuls', admin)
    rappel.clock.advance({ hours: 2 })
    await sendAll(rappel)
    expect(rappel.email.sent).toEqual([])
    expect(await cancellations(rappel, booked, 'email')).toEqual({ 'withdrawn mass_change_dropped': 60 })
  })

  test('are not held where as many are usual', async () => {
    const booked = appointments(sixty)
    const rappel = await openBooked(booked)
    await remember(rappel, 3)
    await hearAll(rappel, booked, off, 1)
    await sendAll(rappel)
    expect(await cancellations(rappel, booked, 'email')).toEqual({ sent: 60 })
    expect(await holdOf(rappel)).toBeUndefined()
  })

  test('are held though another weekday or hour is as busy', async () => {
    const booked = appointments(sixty)
    const rappel = await openBooked(booked)
    for (const elsewhen of [{ days: 1 }, { hours: -2 }]) await remember(rappel, 3, elsewhen)
    await hearAll(rappel, booked, off, 1)
    await sendAll(rappel)
    expect(await holdOf(rappel)).toMatchObject({ usual: 0 })
  })

  test('the usual is of the clinic’s clock, on both sides of the change to winter time', async () => {
    const booked = appointments(sixty)
    // Tuesday 3 November, 9:30 in Toronto, two days after the change: 14:30 UTC, and 13:30 UTC on the Tuesdays before
    const rappel = await openBooked(booked, { now: '2026-10-30T15:00:00Z' }, '2026-11-03T14:30:00Z')
    await remember(rappel, 3)
    await hearAll(rappel, booked, off, 1)
    await sendAll(rappel)
    expect(await holdOf(rappel)).toBeUndefined()
  })

  test('confirmations take nobody by surprise: a busy morning of bookings is not held', async () => {
    const booked = appointments(sixty)
    const rappel = await openRappel({ settings: clinic(), now: '2026-11-25T15:00:00Z' })
    await hearAll(rappel, booked)
    await sendAll(rappel)
    expect(rappel.email.sent).toHaveLength(60)
  })

  test('held for a person, the rest of the day goes on: reminders and confirmations leave', async () => {
    const booked = appointments(sixty)
    const rappel = await openBooked(booked)
    await hearAll(rappel, booked, off, 1)
    await sendAll(rappel)
    await rappel.hear(bookedChange({ ehrId: 'new', patient: { ehrId: 'P-new', language: 'fr', contacts: [email] } }))
    await sendAll(rappel)
    expect(rappel.email.sent).toHaveLength(1)
  })
})

test('D12: one agenda’s 200, beside the few that others have anyway, are an absence, and not held', async () => {
  const [absent, others] = [appointments({ each: 200, of: ['moreau'] }), appointments({ each: 1, of: ['petit', 'roy', 'caron'] })]
  const rappel = await openBooked([...absent, ...others])
  await hearAll(rappel, [...others, ...absent], off, 1)
  await sendAll(rappel)
  expect(await cancellations(rappel, [...absent, ...others], 'email')).toEqual({ sent: 203 })
  expect(await holdOf(rappel)).toBeUndefined()
})
