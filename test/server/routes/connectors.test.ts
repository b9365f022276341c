import { describe, expect, test } from 'vitest'
import { fakeConnector } from '../../support/fakes.ts'
import { openRappel } from '../../support/rappel.ts'

async function withBoth() {
  const [hl7, fhir] = [fakeConnector('tilleuls'), fakeConnector('tilleuls-fhir')]
  return { ...(await openRappel({ connectors: [hl7, fhir] })), hl7, fhir, handled: () => [...hl7.handled, ...fhir.handled] }
}

const bearerOf = (path: string) => ({ authorization: `Bearer ${path.split('/')[2]}` })

describe('what an EHR sends by HTTP', () => {
  test.each([
    ['/hl7/tilleuls', ''],
    ['/fhir/tilleuls-fhir', ''],
    ['/fhir/tilleuls-fhir/', ''],
    ['/fhir/tilleuls-fhir/Appointment/12', 'Appointment/12'],
    ['/fhir/tilleuls-fhir/Appointment/12/_history/3?x=1', 'Appointment/12/_history/3'],
    ['/fhir/tilleuls-fhir/Appointment/a%2Fb', 'Appointment/a%2Fb'],
  ])('at %s reaches its connector with the path %j', async (path, rest) => {
    const { app, handled, read } = await withBoth()
    const response = await app.request(path, { method: 'POST', body: 'x', headers: bearerOf(path) })
    expect([response.status, await response.json()]).toEqual([200, { disposition: 'ignored', duplicate: false }])
    expect(handled()).toEqual([`POST ${rest}`])
    expect(await read((tx) => tx.inbox.countByState())).toEqual({ ignored: 1 })
  })

  test.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])('by %s too: the connector judges', async (method) => {
    const { app, fhir } = await withBoth()
    await app.request('/fhir/tilleuls-fhir/Appointment/12', { method })
    expect(fhir.handled).toEqual([`${method} Appointment/12`])
  })

  test.each([
    ['nobody', '/hl7/nobody'],
    ['nobody', '/fhir/nobody/Appointment/1'],
    ['something of JavaScript', '/hl7/constructor'],
    ['one that speaks another protocol', '/fhir/tilleuls/Appointment/1'],
    ['one that speaks another protocol', '/hl7/tilleuls-fhir'],
    ['one in another spelling', '/fhir/%74illeuls-fhir/Appointment/1'],
    ['what cannot be read', '/fhir/%ff'],
  ])('to %s is answered like a wrong password: %s', async (_, path) => {
    const { app, handled } = await withBoth()
    const response = await app.request(path, { method: 'POST', body: 'x', headers: bearerOf(path) })
    expect(response.status).toBe(401)
    expect(handled()).toEqual([])
  })

  test.each([
    ['GET', '/fhir/nobody', 204],
    ['HEAD', '/fhir/nobody/Appointment/1', 204],
    ['OPTIONS', '/fhir/tilleuls', 204],
    ['GET', '/hl7/nobody', 401],
  ])('by a probe tells nothing of who is there: %s %s', async (method, path, status) => {
    const { app, handled } = await withBoth()
    expect((await app.request(path, { method })).status).toBe(status)
    expect(handled()).toEqual([])
  })

  test('with a wrong password is refused by its connector, and nothing is kept', async () => {
    const { app, read } = await withBoth()
    expect((await app.request('/hl7/tilleuls', { method: 'POST', body: 'x' })).status).toBe(401)
    expect(await read((tx) => tx.inbox.countByState())).toEqual({})
  })

  test('while the store keeps nothing is 503', async () => {
    const { app, failCommits } = await withBoth()
    failCommits(1)
    const response = await app.request('/hl7/tilleuls', { method: 'POST', body: 'x', headers: bearerOf('/hl7/tilleuls') })
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
  })
})
