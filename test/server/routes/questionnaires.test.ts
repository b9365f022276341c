import { expect, test } from 'vitest'
import { openRappel } from '../../support/rappel.ts'

const path = '/api/v1/clinics/tilleuls/questionnaires/visite'
const visit = { resourceType: 'Questionnaire', item: [{ linkId: 'a', type: 'boolean', text: 'Première visite ?' }] }

test('O16: a questionnaire put by itself is a new version of the settings, and comes back as it was given', async () => {
  const { call, store, woken } = await openRappel()
  const put = await call('admin', `PUT ${path}`, visit)
  expect([put.status, await put.json()]).toEqual([200, { version: 2 }])
  expect(woken).toContain('changed')
  expect((await store.read((tx) => tx.settings.current('tilleuls')))?.questionnaires).toEqual({ visite: JSON.stringify(visit) })
  expect(await (await call('reader', `GET ${path}`)).json()).toEqual(visit)
  expect(await (await call('admin', `PUT ${path}`, visit)).json()).toEqual({ version: 2 })
})

test('O16: one that cannot be asked is refused by its linkId, and nothing is changed', async () => {
  const { call } = await openRappel()
  const response = await call('admin', `PUT ${path}`, { ...visit, item: [{ linkId: 'photo', type: 'attachment', text: 'Photo' }] })
  expect(response.status).toBe(422)
  expect(await response.text()).toContain('photo: type attachment')
  expect((await call('reader', `GET ${path}`)).status).toBe(404)
})
