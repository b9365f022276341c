import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Appointment } from '../../src/core/appointment.ts'
import { confirmationBasis } from '../../src/core/appointment.ts'
import type { AppointmentPage, PatientPage, PatientPageInput } from '../../src/core/patient-page.ts'
import { patientPage } from '../../src/core/patient-page.ts'
import { decideReply } from '../../src/core/reply.ts'
import { factsOf } from '../../src/core/told.ts'
import { anyAppointment, anyInstant, anyPatient, anySettings, anyTold, anyWriteBack } from '../support/arbitraries.ts'
import { clinicSettings, landline, mobile, start } from '../support/clinic.ts'
import { allowed, anAnswer, anAppointment, aPatient, at, comingBy, confirmedFor, earlier, pageInput, screens } from '../support/screens.ts'

/** The page of an appointment that is not held. */
function shownPage(overrides: Partial<PatientPageInput> = {}): AppointmentPage {
  const page = patientPage(pageInput(overrides))
  if (page.state === 'held') throw new Error('held')
  return page
}

describe('what the patient sees', () => {
  it.each(screens.map(({ name, state, input }) => [name, state, input] as const))('%s: %s', (_, state, input) => {
    expect(patientPage(input).state).toBe(state)
  })
})

describe('the hours at which the page changes (O12, O14, O17)', () => {
  const remote = comingBy('video')
  const rows: readonly (readonly [string, Partial<PatientPageInput>, PatientPage['state']])[] = [
    ['one second before the 48 h', { now: earlier('PT48H1S') }, 'before-window'],
    ['at 48 h', { now: earlier('PT48H') }, 'confirmable'],
    ['one second before the arrival opens', { now: earlier('PT30M1S') }, 'confirmable'],
    ['at 30 min', { now: earlier('PT30M') }, 'arrival-open'],
    ['at the start', { now: start }, 'arrival-open'],
    ['one second after the start', { now: start.add({ seconds: 1 }) }, 'past'],
    ['at the start of a video', { appointment: remote, now: start }, 'under-way'],
    ['at the end of a video', { appointment: remote, now: start.add({ minutes: 30 }) }, 'past'],
    ['an hour into a video whose end nobody said', { appointment: withoutEnd(remote), now: start.add({ minutes: 59 }) }, 'under-way'],
    ['at 30 min where arrival is not offered', { settings: clinicSettings({ sites: {} }), now: earlier('PT30M') }, 'confirmable'],
    ['at the start where arrival is not offered', { settings: clinicSettings({ sites: {} }), now: start }, 'past'],
  ]
  it.each(rows)('%s', (_, overrides, state) => {
    expect(shownPage(overrides).state).toBe(state)
  })

  it('may be cancelled at exactly 24 h, and a second later is told since when not', () => {
    expect(shownPage({ now: earlier('PT24H') })).toMatchObject({ mayCancel: true, cancelUntil: earlier('PT24H') })
    const late = shownPage({ now: earlier('PT23H59M59S') })
    expect(late).toMatchObject({ mayCancel: false, cancelClosedAt: earlier('PT24H') })
    expect(late.cancelUntil).toBeUndefined()
  })

  it('says nothing of cancelling where the clinic does not allow it, or the EHR could not be told (O5, WB-6)', () => {
    for (const overrides of [{ settings: clinicSettings({ sites: {} }) }, { writes: new Set(['confirm'] as const) }]) {
      const page = shownPage({ ...overrides, step: 'cancel' })
      expect(page).toMatchObject({ state: 'confirmable', mayCancel: false })
      expect(page.cancelClosedAt).toBeUndefined()
    }
  })

  it('says from when one may arrive, until one may', () => {
    expect(shownPage().arrivalOpensAt).toEqual(earlier('PT30M'))
    expect(shownPage({ now: earlier('PT10M') }).arrivalOpensAt).toBeUndefined()
    expect(shownPage({ appointment: comingBy('phone') }).arrivalOpensAt).toBeUndefined()
  })
})

describe('answers', () => {
  it.each([
    ['an answer on its way counts, and the clinic does not know', { writeBacks: [anAnswer('confirm', 'sending')] }, false],
    ['the EHR has it', { appointment: confirmedFor(anAppointment()), writeBacks: [anAnswer('confirm', 'acknowledged')] }, true],
    ['the EHR said so by itself', { appointment: confirmedFor(anAppointment()) }, true],
  ] as const)('%s', (_, overrides, clinicKnows) => {
    expect(shownPage(overrides)).toMatchObject({ state: 'confirmed', clinicKnows, mayConfirm: false })
  })

  it.each([
    ['withdrawn', [anAnswer('confirm', 'withdrawn')]],
    ['given to another hour', [anAnswer('confirm', 'verified', { start: start.subtract({ hours: 1 }) })]],
    ['refused by the EHR', [anAnswer('confirm', 'failed')]],
    ['taken by the EHR, which has since said otherwise', [anAnswer('confirm', 'verified')]],
  ] as const)('an answer that was %s does not confirm', (_, writeBacks) => {
    expect(shownPage({ writeBacks })).toMatchObject({ state: 'confirmable', mayConfirm: true })
  })

  it('a confirmation of another place does not count (MOD-5)', () => {
    const elsewhere = { ...confirmedFor(anAppointment()), location: { key: 'annex' } }
    expect(shownPage({ appointment: elsewhere }).confirmed).toBe(false)
  })

  it('a cancellation can be undone until it leaves', () => {
    const answer = anAnswer('cancel', 'queued')
    const undoUntil = (state: 'queued' | 'sending', now: typeof start) => {
      const page = shownPage({ writeBacks: [{ ...answer, state }], now })
      return page.state === 'cancelled-by-patient' ? page.undoUntil : 'another state'
    }
    expect(undoUntil('queued', answer.dueAt.subtract({ seconds: 1 }))).toEqual(answer.dueAt)
    expect(undoUntil('queued', answer.dueAt)).toBeUndefined()
    expect(undoUntil('sending', answer.dueAt.subtract({ seconds: 1 }))).toBeUndefined()
  })

  it('an appointment that the EHR put back after a cancellation stands', () => {
    expect(shownPage({ writeBacks: [anAnswer('cancel', 'verified')] }).state).toBe('confirmable')
  })

  it('an answer that could not be brought is told', () => {
    expect(shownPage({ writeBacks: [anAnswer('cancel', 'failed')] }).answerFailed).toBe(true)
    expect(shownPage({ writeBacks: [anAnswer('cancel', 'failed'), anAnswer('confirm', 'queued')] }).answerFailed).toBe(false)
  })
})

describe('moved since the message', () => {
  const nine = anAppointment({ start: at('2026-11-26T14:00:00Z') })

  it.each([
    ['the hour', { shown: factsOf(nine) }, ['start']],
    ['the place', { shown: { ...factsOf(anAppointment()), place: 'annex' } }, ['place']],
    ['the professional', { shown: { ...factsOf(anAppointment()), practitioner: 'Dr Paul Petit' } }, ['practitioner']],
    ['the way to attend', { shown: { ...factsOf(anAppointment()), modality: 'video' } }, ['modality']],
  ] as const)('%s', (_, overrides, changed) => {
    expect(shownPage(overrides)).toMatchObject({ state: 'moved', changed, answered: false })
  })

  it('a new video address alone is no news here: the page has it', () => {
    const appointment = comingBy('video', { joinUrl: 'https://video.example/new' })
    expect(shownPage({ appointment, shown: { ...factsOf(appointment), joinUrl: 'https://video.example/old' } }).state).toBe('confirmable')
  })

  it.each(['video', 'phone', 'home'] as const)(
    'section 4, modality guard: by %s for the EHR and on site for the type, it can be answered, and sends nobody anywhere',
    (modality) => {
      const appointment = anAppointment({ modality, joinUrl: 'https://video.example/r/7' })
      const page = shownPage({ appointment })
      expect(page).toMatchObject({ state: 'confirmable', mayConfirm: true, mayCancel: true })
      expect(page.appointment).toMatchObject({ modality: 'unknown' })
      for (const asserted of ['place', 'joinUrl', 'callEnding']) expect(page.appointment).not.toHaveProperty(asserted)
      expect(shownPage({ appointment, now: earlier('PT10M') })).toMatchObject({ state: 'confirmable' })
    },
  )

  it('is compared with what was last told where the link’s own message is not known', () => {
    const { shown: _, ...input } = pageInput({ told: { facts: factsOf(nine), version: 1, by: 'x', at: start } })
    expect(patientPage(input).state).toBe('moved')
  })

  it('says that an earlier answer is void only to whom had given one', () => {
    const answered = {
      ...anAppointment(),
      confirmation: { state: 'confirmed', by: 'patient', at: start, basis: confirmationBasis(nine) },
    } as const
    expect(shownPage({ shown: factsOf(nine), appointment: answered })).toMatchObject({ state: 'moved', answered: true })
  })

  it('is over once the new hour is confirmed', () => {
    expect(shownPage({ shown: factsOf(nine), writeBacks: [anAnswer('confirm', 'queued')] }).state).toBe('confirmed')
  })

  it('says from when the new hour can be confirmed', () => {
    expect(shownPage({ shown: factsOf(nine), now: earlier('PT72H') })).toMatchObject({ mayConfirm: false, confirmFrom: earlier('PT48H') })
  })
})

describe('nothing is shown', () => {
  it.each([
    ['of an appointment that awaits a person', { appointment: anAppointment({ holds: ['H-PATIENT-CHANGED'] }) }],
    ['of one that is now another patient’s', { appointment: anAppointment({ patientId: 'tilleuls:P2' }) }],
    ['of one without an hour', { appointment: withoutStart(anAppointment()) }],
    ['of one whose status is not understood', { appointment: anAppointment({ status: 'unknown' }) }],
    ['of a held one that is also cancelled', { appointment: anAppointment({ status: 'cancelled', holds: ['H-NO-PATIENT'] }) }],
  ])('%s', (_, overrides) => {
    expect(patientPage(pageInput(overrides))).toEqual({
      state: 'held',
      clinic: { name: 'Clinique des Tilleuls', phone: '418 555-0140', language: 'fr' },
    })
  })
})

describe('what is shown of an appointment', () => {
  it('has neither motif nor agenda nor anything of the patient', () => {
    const text = JSON.stringify(shownPage({ appointment: comingBy('phone') }))
    for (const secret of ['chimio', 'Oncologie', 'Anne-Sophie', 'Roy', '1979', '+1418', 'P1']) expect(text).not.toContain(secret)
  })

  it.each([
    ['javascript:alert(1)', undefined],
    ['http://video.example/r', undefined],
    ['https://video.example/r"onclick=', undefined],
    ['https://video.example/r?x=1&y=2', 'https://video.example/r?x=1&y=2'],
  ])('a video address %s becomes %s', (joinUrl, shown) => {
    expect(shownPage({ appointment: comingBy('video', { joinUrl }) }).appointment.joinUrl).toBe(shown)
  })

  it('tells the end of the number that is called only when it is the only one', () => {
    const appointment = comingBy('phone')
    expect(shownPage({ appointment }).appointment.callEnding).toBe('77')
    expect(shownPage({ appointment, patient: { ...aPatient, contacts: [mobile, landline] } }).appointment.callEnding).toBeUndefined()
  })

  it('shows the address of the EHR, else of the site, else of the clinic', () => {
    const bare = anAppointment({ location: { key: 'main' } })
    const site = {
      ...allowed,
      sites: { main: { name: 'Annexe', address: ['2, rue X'], patientMayCancel: false, patientMayArrive: false } },
    }
    expect(shownPage().appointment.place?.address).toEqual(['1240, avenue des Tilleuls, bureau 210', 'Québec (Québec)'])
    expect(shownPage({ appointment: bare, settings: site }).appointment.place).toEqual({ name: 'Annexe', address: ['2, rue X'] })
    const clinic = { ...allowed, clinic: { ...allowed.clinic, address: ['3, rue Y'] } }
    expect(shownPage({ appointment: bare, settings: clinic }).appointment.place?.address).toEqual(['3, rue Y'])
  })
})

describe('whatever an EHR may say', () => {
  const anyInput: fc.Arbitrary<PatientPageInput> = fc.record({
    appointment: anyAppointment,
    patient: anyPatient,
    settings: anySettings,
    told: anyTold,
    writeBacks: fc.array(anyWriteBack, { maxLength: 3 }),
    writes: fc.subarray(['confirm', 'cancel', 'arrive'] as const).map((kinds) => new Set(kinds)),
    now: anyInstant,
  })

  it('the page offers nothing that the answer to it would be refused, an undo included', () => {
    fc.assert(
      fc.property(anyInput, fc.boolean(), fc.integer({ min: -60, max: 4000 }), (drawn, mine, minutes) => {
        const appointment: Appointment = {
          ...drawn.appointment,
          start,
          holds: [],
          ...(mine && { status: 'booked' }),
          patientId: drawn.patient.id,
        }
        const writeBacks = mine ? drawn.writeBacks.map((each) => ({ ...each, start })) : drawn.writeBacks
        const input = { ...drawn, appointment, writeBacks, settings: mine ? allowed : drawn.settings, now: start.subtract({ minutes }) }
        const page = patientPage(input)
        if (page.state === 'held') return
        const reply = { ...input, patientEhrId: 'P1', basis: confirmationBasis(appointment) }
        if (page.state === 'cancelled-by-patient') {
          expect(decideReply({ ...reply, kind: 'restore' }).kind === 'accepted').toBe(page.undoUntil !== undefined)
          return
        }
        if (page.mayConfirm) expect(decideReply({ ...reply, kind: 'confirm' }).kind).toBe('accepted')
        if (page.mayCancel) expect(decideReply({ ...reply, kind: 'cancel' }).kind).toBe('accepted')
        if (page.state === 'arrival-open') expect(decideReply({ ...reply, kind: 'arrive' }).kind).toBe('accepted')
      }),
      { numRuns: 1000 },
    )
  })
})

function withoutEnd({ end: _, ...appointment }: Appointment): Appointment {
  return appointment
}

function withoutStart({ start: _, ...appointment }: Appointment): Appointment {
  return appointment
}
