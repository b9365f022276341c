import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Appointment } from '../../src/core/appointment.ts'
import { confirmationBasis } from '../../src/core/appointment.ts'
import type { ReplyDecision, ReplyInput, ReplyKind } from '../../src/core/reply.ts'
import { decideReply, isCancelling, liveWriteBack } from '../../src/core/reply.ts'
import { factsOf } from '../../src/core/told.ts'
import type { WriteBack, WriteBackKind, WriteBackState } from '../../src/core/write-back.ts'
import { clinicSettings, motifSettings, start } from '../support/clinic.ts'
import { anAnswer, anAppointment, comingBy, confirmedFor, earlier } from '../support/screens.ts'

const all: ReadonlySet<WriteBackKind> = new Set(['confirm', 'cancel', 'arrive'])
const none: ReadonlySet<WriteBackKind> = new Set()

/** An answer given on a page that shows what is true, 36 h before. */
function asked(kind: ReplyKind, overrides: Partial<ReplyInput> = {}): ReplyInput {
  const appointment = overrides.appointment ?? anAppointment()
  return {
    kind,
    appointment,
    patientEhrId: 'P1',
    settings: clinicSettings(),
    writeBacks: [],
    basis: confirmationBasis(appointment),
    writes: all,
    now: earlier('PT36H'),
    ...overrides,
  }
}

const said = (decision: ReplyDecision) => (decision.kind === 'refused' ? decision.reason : decision.kind)
const saved = (decision: ReplyDecision) =>
  decision.kind === 'accepted' ? decision.save.map(({ kind, state, reason }) => [kind, state, reason].join(' ').trim()) : undefined

const site = { name: 'Site principal', patientMayCancel: false, patientMayArrive: false }
const notOnline = clinicSettings({ sites: { main: site } })
const cancelled = anAppointment({ status: 'cancelled', cancelKind: 'cancelled' })
const waiting = anAppointment({ status: 'arrived' })
const moved = anAppointment({ start: start.add({ hours: 5 }) })
const soon = { now: earlier('PT20M') }
/** The cancellation of `screens.ts`: answered at 13:22, to be brought at 13:27. */
const inUndo = { now: Temporal.Instant.from('2026-11-24T13:26:59Z') }
const undone = { now: Temporal.Instant.from('2026-11-24T13:27:00Z') }

describe('O5, O12, O14, O17: what an answer becomes', () => {
  const rows: readonly (readonly [string, ReplyKind, Partial<ReplyInput>, string])[] = [
    ['O14 confirms', 'confirm', {}, 'accepted'],
    ['O14 confirms again while the first is on its way', 'confirm', { writeBacks: [anAnswer('confirm', 'sending')] }, 'repeated'],
    ['O14 confirms what is confirmed', 'confirm', { appointment: confirmedFor(anAppointment()) }, 'repeated'],
    [
      'MOD-5 confirms after the place changed, though the EHR took a confirmation before',
      'confirm',
      { writeBacks: [anAnswer('confirm', 'verified')] },
      'accepted',
    ],
    ['confirms again after the EHR refused it', 'confirm', { writeBacks: [anAnswer('confirm', 'failed')] }, 'accepted'],
    ['O14 a move asks again', 'confirm', { appointment: moved, writeBacks: [anAnswer('confirm', 'queued')] }, 'accepted'],
    ['confirms what the patient just cancelled', 'confirm', { writeBacks: [anAnswer('cancel', 'queued')] }, 'cancelled'],
    ['confirms what the clinic cancelled', 'confirm', { appointment: cancelled }, 'cancelled'],
    ['confirms in the waiting room', 'confirm', { appointment: waiting }, 'not_offered'],
    ['MOD-3 confirms what is in doubt', 'confirm', { appointment: anAppointment({ holds: ['H-TIME-CONFLICT'] }) }, 'not_offered'],
    ['WB-6 confirms where the EHR takes none', 'confirm', { writes: none }, 'not_offered'],

    ['O12 cancels', 'cancel', {}, 'accepted'],
    ['cancels twice', 'cancel', { writeBacks: [anAnswer('cancel', 'queued')] }, 'repeated'],
    [
      'cancels what the EHR has cancelled for them',
      'cancel',
      { appointment: cancelled, writeBacks: [anAnswer('cancel', 'acknowledged')] },
      'repeated',
    ],
    ['cancels what staff booked again since', 'cancel', { writeBacks: [anAnswer('cancel', 'verified')] }, 'accepted'],
    ['cancels again after restoring', 'cancel', { writeBacks: [anAnswer('cancel', 'withdrawn')] }, 'accepted'],
    ['cancels what the clinic cancelled', 'cancel', { appointment: cancelled }, 'cancelled'],
    ['O5 cancels where the site does not offer it', 'cancel', { settings: notOnline }, 'not_offered'],
    ['WB-6 cancels where the EHR takes none', 'cancel', { writes: none }, 'not_offered'],

    ['restores in time', 'restore', { writeBacks: [anAnswer('cancel', 'queued')], ...inUndo }, 'accepted'],
    ['restores when it is due', 'restore', { writeBacks: [anAnswer('cancel', 'queued')], ...undone }, 'too_late'],
    ['restores while it is being brought', 'restore', { writeBacks: [anAnswer('cancel', 'sending')], ...inUndo }, 'too_late'],
    [
      'restores what the EHR has cancelled for them',
      'restore',
      { appointment: cancelled, writeBacks: [anAnswer('cancel', 'acknowledged')], ...inUndo },
      'too_late',
    ],
    ['restores what the clinic cancelled', 'restore', { appointment: cancelled, ...inUndo }, 'cancelled'],
    ['restores twice', 'restore', { writeBacks: [anAnswer('cancel', 'withdrawn')], ...inUndo }, 'repeated'],
    ['restores what staff booked again since', 'restore', { writeBacks: [anAnswer('cancel', 'verified')], ...inUndo }, 'repeated'],
    [
      'WB-6 restores wherever it could cancel',
      'restore',
      { writeBacks: [anAnswer('cancel', 'queued')], writes: none, ...inUndo },
      'accepted',
    ],

    ['O17 arrives', 'arrive', soon, 'accepted'],
    ['O17 arrives twice', 'arrive', { writeBacks: [anAnswer('arrive', 'queued')], ...soon }, 'repeated'],
    ['O17 is there for the EHR', 'arrive', { appointment: waiting, ...soon }, 'repeated'],
    ['arrives again when staff took the arrival back', 'arrive', { writeBacks: [anAnswer('arrive', 'verified')], ...soon }, 'accepted'],
    [
      'section 4, modality guard: arrives on site for the EHR and by video for the type',
      'arrive',
      { settings: clinicSettings({ motifs: { CONSULT: motifSettings({ type: 'video' }) } }), ...soon },
      'not_offered',
    ],
    ['O17 arrives by video', 'arrive', { appointment: comingBy('video'), ...soon }, 'not_offered'],
    [
      'O17 arrives where only the type says on site',
      'arrive',
      { appointment: anAppointment({ modality: 'unknown' }), ...soon },
      'accepted',
    ],
    [
      'O17 arrives, by phone as the type says',
      'arrive',
      {
        appointment: anAppointment({ modality: 'unknown' }),
        settings: clinicSettings({ motifs: { CONSULT: motifSettings({ type: 'phone' }) } }),
        ...soon,
      },
      'not_offered',
    ],
    ['O5 arrives where the site does not offer it', 'arrive', { settings: notOnline, ...soon }, 'not_offered'],
    ['arrives at what the patient cancelled', 'arrive', { writeBacks: [anAnswer('cancel', 'sending')], ...soon }, 'cancelled'],
    ['WB-6 arrives where the EHR takes none', 'arrive', { writes: none, ...soon }, 'not_offered'],
  ]
  it.each(rows)('%s (%s)', (_name, kind, overrides, expected) => {
    expect(said(decideReply(asked(kind, overrides)))).toBe(expected)
  })

  it.each(['confirm', 'cancel', 'restore', 'arrive'] as const)('MOD-5: %s, on a page that showed another hour: stale', (kind) => {
    expect(said(decideReply(asked(kind, { appointment: moved, basis: confirmationBasis(anAppointment()) })))).toBe('stale')
  })
})

describe('section 3, windows: recomputed after a move', () => {
  it.each([
    ['confirm', 'PT47H', start.add({ hours: 24 }), 'too_early'],
    ['cancel', 'PT25H', start.subtract({ hours: 5 }), 'too_late'],
    ['arrive', 'PT20M', start.add({ hours: 2 }), 'too_early'],
    ['confirm', 'PT50H', start.subtract({ hours: 5 }), 'accepted'],
    ['cancel', 'PT20H', start.add({ hours: 24 }), 'accepted'],
  ] as const)('%s %s before the old start', (kind, ahead, newStart, expected) => {
    const appointment = anAppointment({ start: newStart })
    const decision = decideReply(asked(kind, { appointment, now: earlier(ahead) }))
    expect(said(decision)).toBe(expected)
    if (decision.kind === 'refused') expect(decision.window).toBeDefined()
  })
})

describe('WB-2: the newest answer wins', () => {
  it('a confirmation that has not left is overtaken by a cancellation; one that has is not', () => {
    expect(saved(decideReply(asked('cancel', { writeBacks: [anAnswer('confirm', 'queued')] })))).toEqual([
      'confirm withdrawn overtaken',
      'cancel queued',
    ])
    expect(saved(decideReply(asked('cancel', { writeBacks: [anAnswer('confirm', 'sending')] })))).toEqual(['cancel queued'])
  })

  it('O16: the questionnaire was filled in all the same', () => {
    expect(saved(decideReply(asked('cancel', { writeBacks: [anAnswer('answers', 'queued')] })))).toEqual(['cancel queued'])
  })

  it('a cancellation leaves after its undo window, a confirmation at once', () => {
    const wait = (kind: ReplyKind) => {
      const input = asked(kind)
      const decision = decideReply(input)
      return decision.kind === 'accepted' ? decision.save.at(-1)?.dueAt.since(input.now).total('minutes') : undefined
    }
    expect([wait('cancel'), wait('confirm')]).toEqual([5, 0])
  })

  it('of two answers the last counts: cancelled, booked again by staff, cancelled again', () => {
    const answers = [anAnswer('cancel', 'verified', { id: 'first' }), anAnswer('cancel', 'queued', { id: 'second' })]
    expect(liveWriteBack(answers, 'cancel', anAppointment())?.id).toBe('second')
    expect(isCancelling(anAppointment(), answers)).toBe(true)
    expect(saved(decideReply(asked('restore', { writeBacks: answers, ...inUndo })))).toEqual(['cancel withdrawn restored'])
  })

  it('WB-1: an answer to another start is none', () => {
    expect(isCancelling(moved, [anAnswer('cancel', 'queued')])).toBe(false)
  })

  it.each([
    ['cancel', {}, false],
    ['restore', { writeBacks: [anAnswer('cancel', 'queued')], ...inUndo }, true],
  ] satisfies [ReplyKind, Partial<ReplyInput>, boolean][])('%s: what patients did themselves, they know', (kind, overrides, stands) => {
    const told = { facts: factsOf(anAppointment()), version: 4, by: 'confirmation:notice:3', at: start }
    const decision = decideReply(asked(kind, { told, ...overrides }))
    expect(decision.kind === 'accepted' && decision.told).toMatchObject({ facts: { stands }, version: 5, by: `patient:${kind}` })
  })
})

describe('O14: answers are idempotent, whatever was answered before', () => {
  const state = fc.constantFrom<WriteBackState>('queued', 'sending', 'acknowledged', 'verified', 'withdrawn', 'stale', 'failed')
  const answer = fc.tuple(fc.constantFrom<WriteBackKind>('confirm', 'cancel', 'arrive'), state)
  const appointment = fc.constantFrom<Appointment>(anAppointment(), cancelled, waiting, moved)

  it('the same answer twice never reaches the EHR twice', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<ReplyKind>('confirm', 'cancel', 'restore', 'arrive'),
        fc.array(answer, { maxLength: 4 }),
        appointment,
        fc.integer({ min: 0, max: 60 * 50 }),
        (kind, answers, truth, minutes) => {
          const writeBacks = answers.map(([what, how], index) => anAnswer(what, how, { id: `${index}` }))
          const input = asked(kind, { appointment: truth, writeBacks, now: start.subtract({ minutes }) })
          const first = decideReply(input)
          if (first.kind !== 'accepted') return
          const after = new Map<string, WriteBack>([...writeBacks, ...first.save].map((each) => [each.id, each]))
          const second = decideReply({ ...input, writeBacks: [...after.values()], now: input.now.add({ milliseconds: 1 }) })
          expect(second.kind).not.toBe('accepted')
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
