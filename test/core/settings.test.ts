import { describe, expect, it } from 'vitest'
import type { Modality } from '../../src/core/appointment.ts'
import type { NotificationKind } from '../../src/core/kind.ts'
import type { ChannelKind } from '../../src/core/patient.ts'
import type { AgendaSettings, MotifSettings, SwitchColumn } from '../../src/core/settings.ts'
import {
  agendaOf,
  columnOf,
  isSilent,
  isSwitchedOn,
  modalityConflict,
  modalityOf,
  motifOf,
  siteOf,
  UNSET_AGENDA,
  UNSET_MOTIF,
  zoneOf,
} from '../../src/core/settings.ts'
import { agendaSettings, clinicSettings, motifSettings } from '../support/clinic.ts'
import { anAppointment } from '../support/screens.ts'

describe('D6: the column of the agenda table that rules a kind', () => {
  it.each([
    ['confirmation', 'confirmation'],
    ['reminder', 'reminder'],
    ['previsit', 'reminder'],
    ['change', 'change'],
    ['cancellation', 'change'],
    ['correction', 'change'],
    ['no_show', 'change'],
    ['manual', 'confirmation'],
  ] satisfies [NotificationKind, SwitchColumn][])('%s: %s', (kind, column) => {
    expect(columnOf(kind)).toBe(column)
  })
})

describe('D6, D7a: a switch of the agenda table', () => {
  const rows: readonly (readonly [ChannelKind, boolean, boolean, boolean, boolean])[] = [
    ['email', true, false, false, true],
    ['email', false, true, true, false],
    ['sms', false, true, false, true],
    ['sms', true, false, true, false],
    ['push', true, true, true, true],
    ['push', true, false, true, true],
    ['push', false, true, true, true],
    ['push', false, false, true, false],
    ['push', true, true, false, false],
  ]
  it.each(rows)('%s, with e-mail %s, SMS %s, push %s: %s', (channel, email, sms, push, on) => {
    expect(isSwitchedOn(agendaSettings({ email, sms, push }).switches, channel, 'reminder')).toBe(on)
  })

  it('the columns are independent', () => {
    const { switches } = agendaSettings()
    const remindersOff = { ...switches, sms: { ...switches.sms, reminder: false } }
    expect([isSwitchedOn(remindersOff, 'sms', 'reminder'), isSwitchedOn(remindersOff, 'sms', 'confirmation')]).toEqual([false, true])
  })
})

describe('O4: what nobody has set', () => {
  it('an agenda is silent and not live', () => {
    expect(agendaOf(clinicSettings(), anAppointment({ agenda: { key: 'new' } }))).toBe(UNSET_AGENDA)
    expect(agendaOf(clinicSettings(), withoutAgenda())).toBe(UNSET_AGENDA)
  })

  it('a type is Aucune, and listed', () => {
    expect(motifOf(clinicSettings(), anAppointment({ motif: { key: 'NEW' } }))).toBe(UNSET_MOTIF)
    expect([isSilent(UNSET_MOTIF), UNSET_MOTIF.listed]).toEqual([true, true])
  })

  it('an appointment without a motif has the built-in one', () => {
    const { motif: _motif, ...bare } = anAppointment()
    expect(motifOf(clinicSettings(), bare)).toBe(UNSET_MOTIF)
    expect(motifOf(clinicSettings({ motifs: { '(sans motif)': motifSettings() } }), bare).notify).toBe(true)
  })

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'R19: an EHR that names an agenda or a motif %s names one nobody has set',
    (key) => {
      const named = anAppointment({ agenda: { key }, motif: { key } })
      expect([agendaOf(clinicSettings(), named), motifOf(clinicSettings(), named), siteOf(clinicSettings(), named)]).toEqual([
        UNSET_AGENDA,
        UNSET_MOTIF,
        undefined,
      ])
    },
  )
})

describe('O2, D20: a motif that is silent', () => {
  it.each([
    ['on', {}, false],
    ['off', { notify: false }, true],
    ['Aucune', { type: 'none' }, true],
    ['by video', { type: 'video' }, false],
  ] as const)('%s: %s', (_name, overrides, silent) => {
    expect(isSilent(motifSettings(overrides))).toBe(silent)
  })
})

describe('O10: how one comes', () => {
  it.each([
    ['only the EHR says it', 'video', 'none', 'video', false],
    ['only the type says it', 'unknown', 'phone', 'phone', false],
    ['both say the same', 'phone', 'phone', 'phone', false],
    ['nobody says it', 'unknown', 'none', 'unknown', false],
    ['section 4, modality guard: they disagree, so nobody knows', 'video', 'onsite', 'unknown', true],
    ['and so the other way round', 'onsite', 'video', 'unknown', true],
  ] satisfies [string, Modality, MotifSettings['type'], Modality, boolean][])('%s', (_name, ehr, type, modality, conflict) => {
    const settings = clinicSettings({ motifs: { CONSULT: motifSettings({ type }) } })
    expect(modalityOf(settings, anAppointment({ modality: ehr }))).toBe(modality)
    expect(modalityConflict(settings, anAppointment({ modality: ehr }))).toBe(conflict)
  })
})

describe('section 7: whose clock', () => {
  const moreau: AgendaSettings = agendaSettings()
  const site = { name: 'Site', patientMayCancel: true, patientMayArrive: true }
  it.each([
    ['the agenda’s', { ...moreau, zone: 'America/Vancouver' }, 'America/Halifax', 'America/Vancouver'],
    ['else the site’s', moreau, 'America/Halifax', 'America/Halifax'],
    ['else what the connector said', moreau, undefined, 'America/Toronto'],
  ] satisfies [string, AgendaSettings, string | undefined, string][])('%s', (_name, agenda, siteZone, zone) => {
    const settings = clinicSettings({
      agendas: { moreau: agenda },
      sites: { main: { ...site, ...(siteZone !== undefined && { zone: siteZone }) } },
    })
    expect(zoneOf(settings, anAppointment())).toBe(zone)
  })
})

function withoutAgenda() {
  const { agenda: _agenda, ...rest } = anAppointment()
  return rest
}
