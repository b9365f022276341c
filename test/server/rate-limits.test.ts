import { describe, expect, test } from 'vitest'
import { API_TOKEN, openRappel, tokenOf } from '../support/rappel.ts'

const limits = { perKey: 3, strangers: 2 }

describe('what may be asked of the API in a minute (R20)', () => {
  const ask = async (count: number, authorization: string) => {
    const { app } = await openRappel({ limits })
    const answers: Response[] = []
    const again = async (by: string) => {
      const response = await app.request('/api/v1/connectors', { headers: { authorization: by } })
      answers.push(response)
      return response
    }
    for (let index = 0; index < count; index += 1) await again(authorization)
    return { answers, again }
  }
  const statuses = (answers: readonly Response[]) => answers.map(({ status }) => status)

  test('a key is told what is left, and beyond it to wait', async () => {
    const { answers, again } = await ask(4, `Bearer ${API_TOKEN}`)
    expect(statuses(answers)).toEqual([200, 200, 200, 429])
    expect(answers.map(({ headers }) => headers.get('ratelimit'))).toEqual([
      expect.stringMatching(/^"key";r=2;t=(59|60)$/),
      expect.stringMatching(/^"key";r=1;/),
      expect.stringMatching(/^"key";r=0;/),
      expect.stringMatching(/^"key";r=0;/),
    ])
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"key";q=3;w=60')
    const refused = answers[3]
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(refused?.headers.get('content-type')).toBe('application/problem+json')
    expect(await refused?.json()).toMatchObject({ code: 'too_many_requests', type: '/api/reference#problem-too_many_requests' })
    expect((await again(`Bearer ${tokenOf('reader')}`)).status, 'another key').toBe(200)
  })

  test('who tries keys is told to wait, and shuts nobody out who has one', async () => {
    const { answers, again } = await ask(4, 'Bearer wrong')
    expect(statuses(answers)).toEqual([401, 401, 429, 429])
    expect((await again('Bearer another')).status).toBe(429)
    expect((await again(`Bearer ${API_TOKEN}`)).status).toBe(200)
  })
})

describe('every error below /api', () => {
  test.each([
    ['nothing there', 'GET /api/v1/nothing', 404, 'not_found'],
    ['another method', 'DELETE /api/v1/quarantine', 405, 'method_not_allowed'],
    ['a parameter nobody knows', 'GET /api/v1/quarantine?since=1', 400, 'invalid_query'],
    ['a cursor of another list', 'GET /api/v1/inbox?cursor=eyJhIjoxfQ', 400, 'invalid_query'],
  ])('is a problem: %s', async (_, request, status, code) => {
    const { call } = await openRappel()
    const response = await call('operator', request)
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/problem+json'])
    expect(await response.json()).toMatchObject({ status, code, type: `/api/reference#problem-${code}` })
    if (status === 405) expect(response.headers.get('allow')).toBe('GET, HEAD')
  })

  test('a form’s content type is not read as JSON (R29)', async () => {
    const { call } = await openRappel()
    const type = { 'content-type': 'text/plain' }
    const response = await call('admin', 'POST /api/v1/clinics/tilleuls/templates/lint', '{}', type)
    expect([response.status, await response.json()]).toMatchObject([415, { code: 'unsupported_media_type' }])
  })

  test('a store that keeps nothing is unavailable, and says when to come again', async () => {
    const { call, failCommits } = await openRappel()
    failCommits(9)
    const body = { mediaType: 'text/csv', purpose: 'late', bodies: ['QQ=='] }
    const response = await call('integrator', 'POST /api/v1/connectors/tilleuls/import', body)
    expect([response.status, response.headers.get('retry-after'), await response.json()]).toMatchObject([503, '5', { code: 'unavailable' }])
  })
})
