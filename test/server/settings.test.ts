import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { adoptSettings } from '../../src/server/settings.ts'
import { clinicSettings } from '../support/clinic.ts'
import { openRappel } from '../support/rappel.ts'

const { version: _, ...usual } = clinicSettings({
  quietHours: { from: Temporal.PlainTime.from('21:00'), until: Temporal.PlainTime.from('08:00') },
})

async function adopting() {
  const rappel = await openRappel()
  const adopt = (wanted: typeof usual) => adoptSettings(rappel.store, [wanted], rappel.clock, rappel.log)
  const version = async () => (await rappel.read((tx) => tx.settings.current('tilleuls')))?.version
  return { ...rappel, adopt, version }
}

test('settings that differ are a new version, in the audit; the same again are none', async () => {
  const { adopt, version, read } = await adopting()
  await adopt(usual)
  expect(await version()).toBe(2)
  await adopt({ ...usual })
  expect(await version()).toBe(2)
  await adopt({ ...usual, grace: Temporal.Duration.from('PT10M') })
  expect(await version()).toBe(3)
  expect((await read((tx) => tx.audit.of('tilleuls', 10))).map(({ detail }) => detail?.version)).toEqual([3, 2])
})

test('the order in which the file names things is no change', async () => {
  const { adopt, version } = await adopting()
  const sites = {
    a: { name: 'A', patientMayCancel: true, patientMayArrive: false },
    b: { name: 'B', patientMayCancel: false, patientMayArrive: false },
  }
  await adopt({ ...usual, sites })
  await adopt({ ...usual, sites: { b: sites.b, a: sites.a } })
  expect(await version()).toBe(2)
})

test('a clinic that is new begins with version 1', async () => {
  const { adopt, read } = await adopting()
  await adopt({ ...usual, clinic: { ...usual.clinic, id: 'erables' } })
  expect((await read((tx) => tx.settings.current('erables')))?.version).toBe(1)
})
