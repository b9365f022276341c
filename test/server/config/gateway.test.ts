import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { smsChannel } from '../../../src/server/compose-sms.ts'
import { smsSchema } from '../../../src/server/config/channels.ts'

const env = { KEY: 'a-key-of-the-gateway', HOOK: 'long-enough-hook-secret', LOGIN: 'rappel', PASSWORD: 'pw', SHORT: 'short' }
const schema = smsSchema({
  env,
  readFile: () => {
    throw new Error('no file')
  },
})

const gateway = `provider: http
url: https://api.sms.example/v2/messages
from: Tilleuls
secrets: { key: { env: KEY } }
headers: { Authorization: "Bearer {secret.key}" }
json: { to: "{to}", message: "{text}", options: { ttl: "{validity}", flash: false } }
success: { path: status, in: [queued, 100], id: messages.0.id }
errors: { path: error.code, rejected: [401], optedOut: [STOPPED] }
reports: { header: X-Hook, secret: { env: HOOK }, id: id, status: state, delivered: [DELIVRD] }
`

const faults = (text: string) =>
  schema.safeParse(parse(text), { reportInput: true }).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []

describe('a gateway in the configuration', () => {
  test('is read, its secrets by name and its codes as texts', () => {
    const config = schema.parse(parse(gateway))
    expect(config).toMatchObject({
      method: 'POST',
      secrets: { key: env.KEY },
      json: { options: { flash: false } },
      success: { in: ['queued', '100'] },
      errors: { rejected: ['401'], account: [] },
      reports: { secret: env.HOOK, failed: [] },
    })
    expect(smsChannel(config, 'https://rdv.example')).toMatchObject({ kind: 'sms' })
  })

  test.each([
    ['over plain http', gateway.replace('https://api', 'http://api'), 'url: messages over plain http beyond this machine: use https'],
    ['with a query in its address', gateway.replace('/messages', '/messages?key=1'), 'url: an address ends before any ? or #: use query'],
    ['with a secret written out', gateway.replace('{ env: KEY }', 'abc'), 'secrets.key: a secret is never written here'],
    [
      'with a guessable hook',
      gateway.replace('env: HOOK', 'env: SHORT'),
      'reports.secret: the environment variable SHORT holds 5 characters',
    ],
    ['with a path that is none', gateway.replace('messages.0.id', '"a b"'), 'success.id: names and places'],
    ['of another name', gateway.replace('provider: http', 'provider: smpp'), 'provider: provider is twilio or http'],
  ])('%s is refused', (_name, text, message) => {
    expect(faults(text)).toContainEqual(expect.stringContaining(message))
  })

  test('on this machine it may speak plain http', () => {
    expect(faults(gateway.replace('https://api.sms.example', 'http://127.0.0.1:8081'))).toEqual([])
  })

  test('the examples of the documentation are ones', () => {
    const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')
    const examples = [...page.matchAll(/```yaml\nsms:\n([\s\S]*?)```/g)].map(([, text = '']) => text.replace(/^ {2}/gm, ''))
    expect(examples).toHaveLength(2)
    const named = smsSchema({ env: new Proxy({}, { get: () => 'a-secret-of-the-environment' }), readFile: () => '' })
    for (const example of examples) expect(smsChannel(named.parse(parse(example)), 'https://rdv.example')).toMatchObject({ kind: 'sms' })
  })
})
