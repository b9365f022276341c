import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { ChannelKind } from '../../../src/core/patient.ts'
import type { Settings } from '../../../src/core/settings.ts'
import { explainAppointment } from '../../../src/server/explain/explain.ts'
import type { WhyOptions } from '../../../src/server/explain/why.ts'
import { why } from '../../../src/server/explain/why.ts'
import { applyChange } from '../../../src/server/intake/apply.ts'
import { openSqlite } from '../../../src/store/sqlite.ts'
import { agendaSettings, bookedChange, clinicSettings, mobile } from '../../support/clinic.ts'
import type { Rappel } from '../../support/rappel.ts'
import { openRappel } from '../../support/rappel.ts'
import { aConfiguration, runToEnd, startProcess } from '../../support/service-process.ts'

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ')

const smsOff = clinicSettings({ agendas: { moreau: { ...agendaSettings({ sms: false }), label: 'Dre Claire Moreau' } } })

async function asked({ store, clock }: Pick<Rappel, 'store' | 'clock'>, options: Partial<WhyOptions> = {}) {
  const [out, error]: [string[], string[]] = [[], []]
  const status = await why({
    store,
    channels: new Set<ChannelKind>(['sms', 'email']),
    connectors: ['tilleuls', 'erables'],
    appointmentId: 'tilleuls:A1',
    json: false,
    now: clock.now(),
    print: (text) => void out.push(text),
    complain: (text) => void error.push(text),
    ...options,
  })
  return { status, out: plain(out.join('')), error: error.join('') }
}

async function bookedOnFriday(settings: Settings) {
  const rappel = await openRappel({ settings, now: '2026-11-20T12:00:00Z' })
  await rappel.hear(bookedChange())
  await rappel.send()
  return rappel
}

describe('rappel why', () => {
  test('before the send: what will go, what will not, and what would have it go', async () => {
    const rappel = await bookedOnFriday(smsOff)
    expect(await asked(rappel)).toEqual({
      status: 0,
      error: '',
      out: `Rendez-vous tilleuls:A1, jeudi 26 novembre à 9 h 40 (heure de Toronto) : à venir.
Le patient sait depuis le vendredi 20 novembre à 7 h que ce rendez-vous a lieu.

- vendredi 20 novembre à 7 h : le DSE a parlé (statut, patient, heure, agenda, motif, modalité, professionnel, lieu, origine).
- E-mail de confirmation du vendredi 20 novembre à 7 h : envoyé.
- SMS de confirmation du vendredi 20 novembre à 7 h : non envoyé, parce que « SMS de confirmation » est coupé pour l’agenda « Dre Claire Moreau » (D10).
    Il aurait fallu :
      Activer « SMS de confirmation » pour l’agenda « Dre Claire Moreau »
— Maintenant —
- E-mail de rappel du mardi 24 novembre à 21 h 40 : planifié, partira si rien ne change.
- SMS de rappel du mardi 24 novembre à 21 h 40 : en l’état, ne partira pas, parce que « SMS de rappel » est coupé pour l’agenda « Dre Claire Moreau » (D10).
    Pour qu’il parte :
      Activer « SMS de rappel » pour l’agenda « Dre Claire Moreau »
`,
    })
  })

  test('after it, in English', async () => {
    const rappel = await bookedOnFriday(smsOff)
    rappel.clock.set('2026-11-25T02:40:00Z')
    await rappel.send()
    const { out } = await asked(rappel, { language: 'en' })
    expect(out).toContain(
      '- Reminder text of Tuesday 24 November at 9:40 pm: not sent, because “Reminder text” is off for the agenda “Dre Claire Moreau” (D10).\n    It would have needed:\n      Turn on “Reminder text” for the agenda “Dre Claire Moreau”\n',
    )
    expect(out).not.toContain('Now')
  })

  test('what was put right is seen at once, without a new plan', async () => {
    const rappel = await bookedOnFriday(smsOff)
    await rappel.store.transact((tx) => tx.settings.save({ ...clinicSettings(), version: 2 }, rappel.clock.now()))
    expect((await asked(rappel)).out).toContain('- SMS de rappel du mardi 24 novembre à 21 h 40 : planifié, partira si rien ne change.')
  })

  test('R27: a STOP of this morning is seen before the plan knows of it', async () => {
    const rappel = await bookedOnFriday(clinicSettings())
    await rappel.store.transact((tx) => tx.optOuts.add('tilleuls', 'sms', mobile.value ?? '', rappel.clock.now()))
    expect((await asked(rappel)).out).toContain(
      'SMS de rappel du mardi 24 novembre à 21 h 40 : en l’état, ne partira pas, parce que ce numéro a répondu STOP (R27).',
    )
  })

  test('consent that is wanted and not on record', async () => {
    const rappel = await bookedOnFriday(clinicSettings({ consent: 'explicit' }))
    expect((await asked(rappel)).out).toContain('    Pour qu’il parte :\n      Enregistrer l’accord du patient\n')
    const consent = { state: 'given', at: rappel.clock.now(), by: 'secretary' } as const
    await rappel.store.transact((tx) => tx.consents.save('tilleuls', 'sms', mobile.value ?? '', consent))
    expect((await asked(rappel)).out).toContain('- SMS de rappel du mardi 24 novembre à 21 h 40 : planifié, partira si rien ne change.')
  })

  test('an appointment that names nobody: no message, and the reason is in its first line', async () => {
    const rappel = await openRappel({ now: '2026-11-20T12:00:00Z' })
    const { patient: _, ...change } = bookedChange()
    await rappel.hear(change)
    const { out } = await asked(rappel)
    expect(out).toContain('à venir, H-NO-PATIENT.')
    expect(out).toContain('Le patient n’a encore rien appris de nous.')
    expect(out).toContain('Aucun message n’a été prévu pour ce rendez-vous.')
  })

  test('for machines, the same as the API answers', async () => {
    const rappel = await bookedOnFriday(smsOff)
    const { out } = await asked(rappel, { json: true })
    const channels = new Set<ChannelKind>(['sms', 'email'])
    const explained = await rappel.read((tx) => explainAppointment(tx, 'tilleuls:A1', channels, rappel.clock.now()))
    expect(out).toBe(`${plain(JSON.stringify(explained, undefined, 2))}\n`)
  })

  test('an appointment nobody knows: status 1, how an id looks, and whose there are', async () => {
    const rappel = await bookedOnFriday(smsOff)
    expect(await asked(rappel, { appointmentId: 'A1' })).toEqual({
      status: 1,
      out: '',
      error: `no appointment "A1": an id is connector:id-at-the-EHR, as in tilleuls:12345
the connectors of this configuration: tilleuls, erables
`,
    })
  })

  test('neither a name nor a contact, nor what the EHR writes of the motif', async () => {
    const rappel = await openRappel({ now: '2026-11-20T12:00:00Z' })
    await rappel.hear(
      bookedChange({ motif: { key: 'CONSULT', text: 'Suivi de chimiothérapie' }, agenda: { key: 'moreau', text: 'Oncologie' } }),
    )
    const told = [await asked(rappel), await asked(rappel, { json: true })].map(({ out }) => out).join('')
    expect(told).not.toMatch(/Anne|Roy|roy@|5550177|chimio|Oncologie/)
  })
})

test('it changes nothing', async () => {
  const rappel = await bookedOnFriday(smsOff)
  const before = await rappel.dump()
  await asked(rappel)
  expect(await rappel.dump()).toBe(before)
})

describe('the command', () => {
  test('answers from the store of its configuration, in the clinic’s language', async () => {
    const { file, store } = await aConfiguration()
    await mkdir(dirname(store))
    const sqlite = await openSqlite({ path: store })
    const now = Temporal.Instant.from('2026-11-20T12:00:00Z')
    const source = { connectorId: 'ehr', clinicId: 'tilleuls', zone: 'America/Toronto', cancelDebounce: Temporal.Duration.from('PT0S') }
    await sqlite.transact(async (tx) => {
      await tx.settings.save({ ...smsOff, clinic: { ...smsOff.clinic, language: 'en' } }, now)
      await applyChange(tx, bookedChange(), source, now, 'envelope')
    })
    await sqlite.close()
    const { status, out, error } = await runToEnd(['why', 'ehr:A1', '--config', file])
    expect([status, error]).toEqual([0, ''])
    expect(plain(out)).toContain('Appointment ehr:A1, Thursday 26 November')
    expect(plain((await runToEnd(['why', 'ehr:A1', '--lang', 'fr', '--config', file])).out)).toContain('Rendez-vous ehr:A1')
    expect(JSON.parse((await runToEnd(['why', 'ehr:A1', '--json', '--config', file])).out)).toMatchObject({ appointment: { id: 'ehr:A1' } })
  })

  test('answers beside a service that runs', async () => {
    const { file } = await aConfiguration()
    const { child, ended } = await startProcess(file)
    expect(await runToEnd(['why', 'ehr:A1', '--config', file])).toMatchObject({
      status: 1,
      out: '',
      error: expect.stringContaining('no appointment "ehr:A1"'),
    })
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  test('makes no store where there is none', async () => {
    const { file, store } = await aConfiguration()
    expect(await runToEnd(['why', 'ehr:A1', '--config', file])).toMatchObject({ status: 1, error: expect.stringContaining('no store yet') })
    await expect(stat(store)).rejects.toThrow('ENOENT')
  })

  test.each([
    ['no appointment', ['why']],
    ['two', ['why', 'ehr:A1', 'ehr:A2']],
    ['a language there are no words in', ['why', 'ehr:A1', '--lang', 'de']],
    ['--json of another command', ['check', '--json']],
  ])('refuses %s, and shows how', async (_, args) => {
    const { status, out, error } = await runToEnd(args)
    expect([status, out]).toEqual([2, ''])
    expect(error).toContain(`usage: rappel ${args[0]}`)
  })
})
