import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { doctolib } from '../../src/core/cadences.ts'
import type { AppointmentChange } from '../../src/core/change.ts'
import type { NotificationKind } from '../../src/core/kind.ts'
import type { Settings } from '../../src/core/settings.ts'
import { simulate } from '../../src/core/simulate.ts'
import { factsOf } from '../../src/core/told.ts'
import { wordsFor } from '../../src/core/words.ts'
import { agendaSettings, bookedChange, clinicSettings, email, mobile, motifSettings, night } from '../support/clinic.ts'
import { anAppointment } from '../support/screens.ts'
import { story } from '../support/story.ts'

const zone = 'America/Toronto'
const clinic = (overrides: Partial<Settings> = {}) =>
  clinicSettings({ cadence: doctolib, grace: Temporal.Duration.from('PT10M'), quietHours: night, ...overrides })
/** `2026-11-26T09:40`, there. */
const there = (wall: string) => Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).toInstant()
const wallOf = (at: Temporal.Instant) => at.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' })

/** What leaves when, of an appointment booked and held at these hours: `reminder sms 2026-11-24T13:00`. */
function sentOf(booked: string, starts: string, ...later: readonly (readonly [string, Partial<AppointmentChange>])[]): readonly string[] {
  const teller = story({ settings: clinic(), now: there(booked).toString() })
  const say = (at: string, change: Partial<AppointmentChange>) =>
    teller.hear(bookedChange({ stamp: { at: there(at) }, time: { start: there(starts) }, ...change }))
  say(booked, {})
  for (const [at, change] of later) {
    teller.until(there(at).toString())
    say(at, change)
  }
  return teller
    .until(there('2026-12-31T00:00').toString())
    .notifications()
    .filter(({ state }) => state === 'sent')
    .sort((a, b) => Temporal.Instant.compare(a.changedAt, b.changedAt))
    .map(({ kind, channel, changedAt }) => `${kind} ${channel} ${wallOf(changedAt)}`)
}

describe('the doctolib cadence', () => {
  it('doctolib, confirmation: an e-mail ten minutes after the booking', () => {
    expect(sentOf('2026-11-02T10:00', '2026-11-26T09:40')).toContain('confirmation email 2026-11-02T10:10')
  })

  it('doctolib, more than 7 days ahead: e-mails 7 days before and the day before at 14:00, a text two days before at 13:00', () => {
    expect(sentOf('2026-11-02T10:00', '2026-11-26T09:40')).toEqual([
      'confirmation email 2026-11-02T10:10',
      'reminder email 2026-11-19T14:00',
      'reminder sms 2026-11-24T13:00',
      'reminder email 2026-11-25T14:00',
    ])
  })

  it('doctolib, booked later: e-mail and text the day before', () => {
    expect(sentOf('2026-11-23T10:00', '2026-11-26T09:40')).toEqual([
      'confirmation email 2026-11-23T10:10',
      'reminder sms 2026-11-25T13:00',
      'reminder email 2026-11-25T14:00',
    ])
  })

  it.each([
    ['the day before after 13 h', '2026-11-25T13:05', '2026-11-26T09:40', 'reminder sms 2026-11-25T13:15'],
    ['the same day', '2026-11-26T08:30', '2026-11-26T14:00', 'reminder sms 2026-11-26T08:40'],
  ])('doctolib, booked late: %s: a text ten minutes after the booking', (_, booked, starts, text) => {
    expect(sentOf(booked, starts).filter((line) => line.includes('sms'))).toEqual([text])
  })

  it('doctolib, moved earlier so that its text was missed: a text at once, after the grace', () => {
    const moved = { time: { start: there('2026-11-26T09:40') } }
    const texts = sentOf('2026-11-02T10:00', '2026-12-10T09:40', ['2026-11-25T15:00', moved]).filter((line) => line.includes('sms'))
    expect(texts).toEqual(['change sms 2026-11-25T15:10'])
  })

  it.each([
    ['to whoever has one, an e-mail ten minutes after', [mobile, email], { email: 6, sms: 0 }],
    ['a text to whoever has no e-mail on file', [mobile], { email: 0, sms: 6 }],
  ])('doctolib, cancelled by absence: %s', (_, contacts, expected) => {
    const each = (index: number, at: string, change: Partial<AppointmentChange> = {}) => ({
      at: there(at),
      source: { connectorId: 'ehr', clinicId: 'tilleuls', zone, cancelDebounce: Temporal.Duration.from('PT0S') },
      change: bookedChange({
        ehrId: `A${index}`,
        stamp: { at: there(at) },
        patient: { ehrId: `P${index}`, contacts: contacts.map((contact) => ({ ...contact, value: `${index}${contact.value}` })) },
        ...change,
      }),
    })
    const off: Partial<AppointmentChange> = { status: { value: 'cancelled', cancelKind: 'cancelled' } }
    const six = [1, 2, 3, 4, 5, 6]
    const words = [...six.map((one) => each(one, '2026-11-02T10:00')), ...six.map((one) => each(one, '2026-11-03T10:00', off))]
    const { outcomes } = simulate(words, clinic(), there('2026-11-30T00:00'), { textOf: () => '' })
    const sent = (channel: string) =>
      outcomes
        .filter((outcome) => outcome.kind === 'cancellation' && outcome.state === 'sent' && outcome.channel === channel)
        .reduce((sum, { messages }) => sum + messages, 0)
    expect({ email: sent('email'), sms: sent('sms') }).toEqual(expected)
  })

  it('doctolib, one day, one text: of one patient’s appointments, across agendas', () => {
    const each = (ehrId: string, agenda: string, hours: number) => ({
      at: there('2026-11-02T10:00'),
      source: { connectorId: 'ehr', clinicId: 'tilleuls', zone, cancelDebounce: Temporal.Duration.from('PT0S') },
      change: bookedChange({
        ehrId,
        agenda: { key: agenda },
        stamp: { at: there('2026-11-02T10:00') },
        time: { start: there('2026-11-26T09:40').add({ hours }) },
      }),
    })
    const settings = clinic({ agendas: { moreau: agendaSettings(), ouellet: agendaSettings() } })
    const { outcomes } = simulate([each('A1', 'moreau', 0), each('A2', 'ouellet', 3)], settings, there('2026-11-30T00:00'), {
      textOf: () => '',
    })
    const texts = outcomes.filter(({ kind, channel }) => kind === 'reminder' && channel === 'sms')
    expect(texts.map(({ state, messages }) => `${state} ${messages}`).sort()).toEqual(['merged_into 1', 'sent 1'])
  })

  it('doctolib, no health data in a text: neither motif nor specialty, whatever the kind', () => {
    const kinds: readonly NotificationKind[] = [
      'confirmation',
      'reminder',
      'previsit',
      'change',
      'cancellation',
      'correction',
      'no_show',
      'manual',
    ]
    const appointment = anAppointment({
      motif: { key: 'CHIMIO', text: 'Suivi de chimiothérapie' },
      agenda: { key: 'moreau', text: 'Oncologie' },
    })
    const settings = clinic({
      motifs: { CHIMIO: motifSettings({ label: 'Chimiothérapie', specialty: 'Oncologie', category: 'Cancers' }) },
      agendas: { moreau: { ...agendaSettings(), label: 'Oncologie' } },
    })
    for (const kind of kinds)
      for (const language of ['fr', 'en'] as const) {
        const facts = factsOf(appointment)
        const now = there('2026-11-24T13:00')
        const { sms } = wordsFor({ kind, appointment, facts, settings, language, confirmed: false, askToConfirm: true, now })
        for (const word of ['chimio', 'oncolog', 'cancer']) expect(sms.toLowerCase()).not.toContain(word)
      }
  })
})
