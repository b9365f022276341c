import { describe, expect, test } from 'vitest'
import type { AppointmentChange, PatientChange } from '../../src/core/change.ts'
import type { ContactPoint, Relative } from '../../src/core/patient.ts'
import type { Settings } from '../../src/core/settings.ts'
import { bookedChange, clinicSettings, email, landline, mobile, start } from '../support/clinic.ts'
import { openRappel } from '../support/rappel.ts'

const other: ContactPoint = { kind: 'phone', value: '+14185550199', mobile: 'yes' }
const mother = (contacts: readonly ContactPoint[], more: Partial<Relative> = {}): Relative => ({
  ehrId: 'P1',
  guardian: true,
  contacts,
  ...more,
})

/** Anne at nine forty, and Léo twenty minutes before or after her; both with Dre Moreau. */
const annes = bookedChange({ patient: { ehrId: 'P1', name: { given: 'Anne', family: 'Roy' }, language: 'fr', contacts: [mobile] } })
const leos = (patient: Partial<PatientChange>, minutes = 20): AppointmentChange =>
  bookedChange({
    ehrId: 'A2',
    time: { start: start.add({ minutes }) },
    patient: { ehrId: 'P2', name: { given: 'Léo', family: 'Roy' }, language: 'fr', contacts: [], ...patient },
  })

async function texts(changes: readonly AppointmentChange[], settings: Partial<Settings> = {}) {
  const rappel = await openRappel({ now: '2026-11-20T12:00:00Z', settings: clinicSettings(settings) })
  for (const change of changes) await rappel.hear(change)
  await rappel.send()
  rappel.sms.sent.length = 0
  for (const hour of ['2026-11-25T02:20:00Z', '2026-11-25T02:40:00Z', '2026-11-25T03:00:00Z']) {
    rappel.clock.set(hour)
    await rappel.send()
  }
  return rappel.sms.sent.map(({ to, words }) => `${to} ${['Anne', 'Léo'].filter((name) => words.sms.includes(name)).join(' ')}`.trim())
}

describe('D29: a household is one number, or a relation that the EHR names', () => {
  test.each<[string, AppointmentChange, string[]]>([
    ['a child without a phone, whose record names the mother', leos({ relatives: [mother([])] }), [`${mobile.value} Anne Léo`]],
    ['the same, seen before her', leos({ relatives: [mother([])] }, -20), [`${mobile.value} Anne Léo`]],
    ['a child with a landline alone', leos({ contacts: [landline], relatives: [mother([])] }), [`${mobile.value} Anne Léo`]],
    ['a brother who is no guardian', leos({ relatives: [mother([], { guardian: false })] }), [`${mobile.value} Anne Léo`]],
    [
      'a relative with a phone of their own is told on it',
      leos({ contacts: [other], relatives: [mother([])] }),
      [`${mobile.value}`, `${other.value}`],
    ],
    ['a relative of another day: nobody tells them', leos({ relatives: [mother([])] }, 24 * 60), [`${mobile.value}`]],
    ['somebody without a phone whom nobody names: nobody tells them', leos({}), [`${mobile.value}`]],
  ])('%s', async (_, change, expected) => {
    expect(await texts([annes, change])).toEqual(expected)
  })

  test('the mother’s record may name the child as well', async () => {
    const named = {
      ...annes,
      patient: { ehrId: 'P1', name: { given: 'Anne' }, contacts: [mobile], relatives: [{ ehrId: 'P2', guardian: false, contacts: [] }] },
    }
    expect(await texts([named, leos({})])).toEqual([`${mobile.value} Anne Léo`])
  })

  test('STOP of the number they share a text on holds for both', async () => {
    const rappel = await openRappel({ now: '2026-11-20T12:00:00Z' })
    for (const change of [annes, leos({ relatives: [mother([])] }, -20)]) await rappel.hear(change)
    await rappel.store.transact((tx) => tx.optOuts.add('tilleuls', 'sms', mobile.value ?? '', rappel.clock.now()))
    rappel.clock.set('2026-11-25T03:00:00Z')
    await rappel.send()
    expect(rappel.sms.sent).toEqual([])
  })
})

describe('MOD-12: whom a minor’s messages go to', () => {
  const child = (birthDate: string, contacts: readonly ContactPoint[], relatives: readonly Relative[] = [mother([other])]) =>
    bookedChange({ patient: { ehrId: 'P2', name: { given: 'Léo' }, birthDate, contacts, relatives } })
  const guardian = { minors: 'guardian' } as const

  test.each<[string, AppointmentChange, Partial<Settings>, string[]]>([
    ['by default to the contacts of the record', child('2020-05-01', [mobile]), {}, [`${mobile.value}`]],
    ['to the guardian', child('2020-05-01', [mobile]), guardian, [`${other.value}`]],
    ['not to a relative who is none', child('2020-05-01', [mobile], [mother([other], { guardian: false })]), guardian, []],
    ['to their own, on the birthday itself', child('2008-11-26', [mobile]), guardian, [`${mobile.value}`]],
    ['to the guardian, the day before it', child('2008-11-27', [mobile]), guardian, [`${other.value}`]],
    ['to their own, where the majority is sooner', child('2010-11-26', [mobile]), { ...guardian, majority: 16 }, [`${mobile.value}`]],
    [
      'to their own, where no birth date is known',
      bookedChange({ patient: { ehrId: 'P2', contacts: [mobile], relatives: [mother([other])] } }),
      guardian,
      [`${mobile.value}`],
    ],
    [
      'to their own, from the age at which they decide',
      child('2011-05-01', [mobile]),
      { ...guardian, privacyAge: 14 },
      [`${mobile.value}`],
    ],
    [
      'to nobody, where their own is a relative’s too',
      child('2011-05-01', [mobile], [mother([mobile])]),
      { ...guardian, privacyAge: 14 },
      [],
    ],
    ['the same in a clinic that uses the record', child('2011-05-01', [mobile], [mother([mobile])]), { privacyAge: 14 }, []],
    ['to the guardian, below that age', child('2013-05-01', [mobile]), { ...guardian, privacyAge: 14 }, [`${other.value}`]],
  ])('%s', async (_, change, settings, expected) => {
    expect((await texts([change], settings)).map((each) => each.split(' ')[0])).toEqual(expected)
  })

  test('acceptance 14: a child without a guardian’s contact is told nothing, and stands on the to-call list', async () => {
    const rappel = await openRappel({ now: '2026-11-20T12:00:00Z', settings: clinicSettings(guardian) })
    await rappel.hear(child('2020-05-01', [mobile, email], []))
    await rappel.send()
    expect([...rappel.sms.sent, ...rappel.email.sent]).toEqual([])
    expect(await rappel.read((tx) => tx.toCall.open('tilleuls', 9))).toMatchObject([
      { kind: 'confirmation', reason: 'no_guardian_contact' },
    ])
  })

  test('a consent on record lets a relative’s number be used for a minor who decides', async () => {
    const rappel = await openRappel({ now: '2026-11-20T12:00:00Z', settings: clinicSettings({ privacyAge: 14 }) })
    await rappel.hear(child('2011-05-01', [mobile], [mother([mobile])]))
    expect((await rappel.call('appointments', 'PUT /api/v1/patients/tilleuls:P2/consent', { channel: 'sms', state: 'given' })).status).toBe(
      200,
    )
    await rappel.send()
    expect(rappel.sms.sent).toHaveLength(1)
  })
})
