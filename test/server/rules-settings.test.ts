import { describe, expect, test } from 'vitest'
import type { Settings } from '../../src/core/settings.ts'
import type { ClinicDocument } from '../../src/server/config/clinic-document.ts'
import { agendaSettings, bookedChange, clinicSettings, motifSettings } from '../support/clinic.ts'
import { openRappel } from '../support/rappel.ts'

const path = '/api/v1/clinics/tilleuls/settings'

const labelled: Partial<Settings> = {
  agendas: {
    moreau: { ...agendaSettings(), label: 'Dre Claire Moreau' },
    ouellet: { ...agendaSettings({ sms: false }), label: 'Dr Samuel Ouellet' },
  },
  motifs: {
    CONSULT: motifSettings({ label: 'Première consultation', specialty: 'Médecine générale', category: 'Consultations' }),
    SUIVI: motifSettings({ label: 'Suivi', specialty: 'Médecine générale', category: 'Suivis' }),
    PSY: motifSettings({ label: 'Psychothérapie', specialty: 'Psychologie', category: 'Suivis', notify: false }),
  },
}

async function openSettings() {
  const rappel = await openRappel({ settings: clinicSettings(labelled) })
  const read = async () => (await (await rappel.call('reader', `GET ${path}`)).json()) as ClinicDocument
  const save = async (change: Partial<ClinicDocument>, version = 1) => {
    const response = await rappel.call('admin', `PUT ${path}`, { ...(await read()), ...change }, { 'if-match': `"${version}"` })
    return (await response.json()) as { readonly version: number; readonly changes: readonly { readonly pointer: string }[] }
  }
  return { ...rappel, read, save }
}

/** What the settings pages stand on: what they lead to is one document, read and written whole. */
describe('what the settings pages lead to', () => {
  test('D5, D6: from any agenda, the table of all of them: rows with their names, columns of kinds × channels', async () => {
    const { agendas } = await (await openSettings()).read()
    const columns = { confirmation: expect.any(Boolean), reminder: expect.any(Boolean), change: expect.any(Boolean) }
    expect(agendas).toEqual({
      moreau: expect.objectContaining({ label: 'Dre Claire Moreau', email: columns, sms: columns, push: columns }),
      ouellet: expect.objectContaining({
        label: 'Dr Samuel Ouellet',
        email: columns,
        sms: { confirmation: false, reminder: false, change: false },
      }),
    })
  })

  test('D14b, D15, D16: the motifs of all agendas, each with the specialty and category it is found by', async () => {
    const { motifs = {} } = await (await openSettings()).read()
    const found = Object.values(motifs).filter(({ specialty, category }) => specialty === 'Médecine générale' && category === 'Suivis')
    expect(found.map(({ label }) => label)).toEqual(['Suivi'])
    expect(Object.keys(motifs)).toEqual(['CONSULT', 'SUIVI', 'PSY'])
  })

  test('D18: which motifs are off', async () => {
    const { motifs = {} } = await (await openSettings()).read()
    expect(Object.entries(motifs).flatMap(([key, { notify }]) => (notify === false ? key : []))).toEqual(['PSY'])
  })

  test('D19: nothing changes before it is saved; then it says what is now true, once', async () => {
    const { read, save, hear, outcomes } = await openSettings()
    await hear(bookedChange())
    const { motifs = {} } = await read()
    const edited = { ...motifs, CONSULT: { ...motifs.CONSULT, type: 'onsite' as const, notify: false } }
    expect((await outcomes()).join()).not.toContain('parked')
    expect(await save({ motifs: edited })).toMatchObject({
      version: 2,
      changes: [{ pointer: '/motifs/CONSULT/notify', before: true, after: false }],
    })
    expect(await save({ motifs: edited }, 2)).toEqual({ version: 2, changes: [] })
  })

  test('O16: a type names its questionnaire, and keeps it through an edit', async () => {
    const { read, save } = await openSettings()
    const { motifs = {} } = await read()
    const questionnaire = 'https://formulaires.example/premiere-visite'
    await save({ motifs: { ...motifs, CONSULT: { ...motifs.CONSULT, type: 'onsite', questionnaire } } })
    await save({ communications: false }, 2)
    expect((await read()).motifs?.CONSULT).toMatchObject({ questionnaire })
  })

  test('D24: one switch of a patient, for texts and e-mails together', async () => {
    const { call, read, hear } = await openSettings()
    await hear(bookedChange())
    await call('appointments', 'PUT /api/v1/clinics/tilleuls/patients/tilleuls:P1/notifications', { notify: false })
    expect((await read()).patients).toEqual({ 'tilleuls:P1': { notify: false } })
  })
})

describe('D21: a motif that is off', () => {
  test('D21: a private link that was sent still opens', async () => {
    const rappel = await openRappel({ now: '2026-11-20T12:00:00Z' })
    await rappel.hear(bookedChange())
    await rappel.send()
    const token = rappel.lastToken()
    const current = await rappel.read((tx) => tx.settings.current('tilleuls'))
    const off = {
      ...clinicSettings({ motifs: { CONSULT: motifSettings({ notify: false, listed: false }) } }),
      version: (current?.version ?? 1) + 1,
    }
    await rappel.store.transact((tx) => tx.settings.save(off, rappel.clock.now()))
    const page = await rappel.get(`/${token}`)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('Dre Claire Moreau')
  })
})
