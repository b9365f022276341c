import { describe, expect, test } from 'vitest'
import { openRappel } from '../../support/rappel.ts'

const bearer = { authorization: 'Bearer tilleuls' }

describe('what an EHR sends by HTTP', () => {
  test.each([
    ['/hl7/tilleuls', ''],
    ['/fhir/tilleuls', ''],
    ['/fhir/tilleuls/', ''],
    ['/fhir/tilleuls/Appointment/12', 'Appointment/12'],
    ['/fhir/tilleuls/Appointment/12/_history/3?x=1', 'Appointment/12/_history/3'],
    ['/fhir/tilleuls/Appointment/a%2Fb', 'Appointment/a%2Fb'],
  ])('at %s reaches its connector with the path %j', async (path, rest) => {
    const { app, ehr, read } = await openRappel()
    const response = await app.request(path, { method: 'POST', body: 'x', headers: bearer })
    expect([response.status, await response.json()]).toEqual([200, { disposition: 'ignored', duplicate: false }])
    expect(ehr.handled).toEqual([`POST ${rest}`])
    expect(await read((tx) => tx.inbox.countByState())).toEqual({ ignored: 1 })
  })

  test.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])('by %s too: the connector judges', async (method) => {
    const { app, ehr } = await openRappel()
    await app.request('/fhir/tilleuls/Appointment/12', { method })
    expect(ehr.handled).toEqual([`${method} Appointment/12`])
  })

  test.each([
    '/hl7/nobody',
    '/fhir/nobody',
    '/fhir/nobody/Appointment/1',
    '/hl7/constructor',
    '/fhir/%74illeuls/Appointment/1',
    '/fhir/%ff',
  ])('at %s is answered like a wrong password', async (path) => {
    const { app, ehr } = await openRappel()
    const response = await app.request(path, { method: 'POST', body: 'x', headers: bearer })
    expect(response.status).toBe(401)
    expect(ehr.handled).toEqual([])
  })

  test('with a wrong password is refused by its connector, and nothing is kept', async () => {
    const { app, read } = await openRappel()
    expect((await app.request('/hl7/tilleuls', { method: 'POST', body: 'x' })).status).toBe(401)
    expect(await read((tx) => tx.inbox.countByState())).toEqual({})
  })

  test('while the store keeps nothing is 503', async () => {
    const { app, failCommits } = await openRappel()
    failCommits(1)
    const response = await app.request('/hl7/tilleuls', { method: 'POST', body: 'x', headers: bearer })
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
  })
})
