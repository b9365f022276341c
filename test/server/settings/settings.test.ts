import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { SettingsDraft } from '../../../src/core/settings-diff.ts'
import { adoptSettings } from '../../../src/server/settings/settings.ts'
import { agendaSettings, clinicSettings } from '../../support/clinic.ts'
import { openRappel } from '../../support/rappel.ts'

const { version: _, ...usual } = clinicSettings({
  quietHours: { from: Temporal.PlainTime.from('21:00'), until: Temporal.PlainTime.from('08:00') },
})

async function adopting() {
  const rappel = await openRappel()
  const adopt = (wanted: SettingsDraft) => adoptSettings(rappel.store, [wanted], rappel.clock, rappel.log)
  const current = () => rappel.read((tx) => tx.settings.current('tilleuls'))
  const version = async () => (await current())?.version
  /** Somebody saves the next version by the API. */
  const edit = async (overrides: Partial<SettingsDraft>) => {
    const before = await current()
    if (!before) throw new Error('no settings')
    await rappel.store.transact((tx) =>
      tx.settings.save({ ...before, ...overrides, version: before.version + 1 }, rappel.clock.now(), 'api'),
    )
  }
  return { ...rappel, adopt, current, version, edit }
}

describe('the settings of the configuration', () => {
  test('that differ are a new version, in the audit; the same again are none', async () => {
    const { adopt, version, read } = await adopting()
    await adopt(usual)
    expect(await version()).toBe(2)
    await adopt({ ...usual })
    expect(await version()).toBe(2)
    await adopt({ ...usual, grace: Temporal.Duration.from('PT10M') })
    expect(await version()).toBe(3)
    const audit = await read((tx) => tx.audit.of('tilleuls', 10))
    expect(audit.map(({ detail }) => detail)).toMatchObject([{ version: 3, changes: 1, '/grace': 'PT0S → PT10M' }, { version: 2 }])
    const history = await read((tx) => tx.settings.history('tilleuls', 10))
    expect(history.map(({ source }) => source?.replace(/[0-9a-f]{32}$/, '…'))).toEqual(['configuration:…', 'configuration:…', undefined])
  })

  test('whose order alone differs are no change', async () => {
    const { adopt, version } = await adopting()
    const sites = {
      a: { name: 'A', patientMayCancel: true, patientMayArrive: false },
      b: { name: 'B', patientMayCancel: false, patientMayArrive: false },
    }
    await adopt({ ...usual, sites })
    await adopt({ ...usual, sites: { b: sites.b, a: sites.a } })
    expect(await version()).toBe(2)
  })

  test('of a clinic that is new are version 1', async () => {
    const { adopt, read } = await adopting()
    await adopt({ ...usual, clinic: { ...usual.clinic, id: 'erables' } })
    expect((await read((tx) => tx.settings.current('erables')))?.version).toBe(1)
  })

  test('do not undo what staff changed since, as long as the file says what it said', async () => {
    const { adopt, current, edit } = await adopting()
    await adopt(usual)
    await edit({ dailyCap: 2 })
    await adopt(usual)
    expect(await current()).toMatchObject({ version: 3, dailyCap: 2 })
  })

  test('are taken whole once the file changes, but for the patients’ switches staff have thrown', async () => {
    const { adopt, current, edit } = await adopting()
    await adopt(usual)
    await edit({ dailyCap: 2, patients: { 'ehr:P1': { notify: false }, 'ehr:P2': { notify: false } } })
    const file = { ...usual, agendas: { moreau: agendaSettings({ sms: false }) }, patients: { 'ehr:P2': { notify: true } } }
    await adopt(file)
    expect(await current()).toMatchObject({
      version: 4,
      dailyCap: 6,
      agendas: { moreau: { switches: { sms: { reminder: false } } } },
      patients: { 'ehr:P1': { notify: false }, 'ehr:P2': { notify: true } },
    })
    await adopt(file)
    expect((await current())?.version).toBe(4)
  })

  test('that say what staff had changed already are remembered as taken', async () => {
    const { adopt, current, edit } = await adopting()
    await adopt(usual)
    await edit({ dailyCap: 2 })
    await adopt({ ...usual, dailyCap: 2 })
    await edit({ dailyCap: 3 })
    await adopt({ ...usual, dailyCap: 2 })
    expect((await current())?.dailyCap).toBe(3)
  })
})
