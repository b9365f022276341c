import { strong } from './starts.ts'

/** What is unsafe, the line of a good file, what stands there instead, and what the refusal must say: what to change. */
type UnsafeStart = readonly [name: string, line: string, by: string, says: RegExp]

const token = 'apiToken: { env: API }'
const store = 'store: { path: /tmp/x/rappel.db, key: { env: KEY } }'
const hook = 'hook: { secrets: [{ env: HOOK }] }'
const listen = 'listen: { port: 2575 }'
const http = 'http: { tokens: [{ env: HOOK }] }'
const publicUrl = 'publicUrl: https://rdv.example'
const baseUrl = 'baseUrl: https://ehr.example/fhir'
const log = 'log: info'

/** Forty configurations that nobody should start with (R32), by what they would give away. */
export const unsafeStarts: readonly UnsafeStart[] = [
  // secrets that are none
  ['a key of the API in clear', token, `apiToken: ${strong('z')}`, /never written here.*env.*file/],
  ['a password in clear', 'password: { env: SMTP }', 'password: hunter2', /never written here/],
  ['a store’s key in clear', store, 'store: { path: /x.db, key: hunter2 }', /never written here/],
  ['a database’s password in clear', store, 'store: { postgres: { url: "postgres://a:hunter2@db/rappel" } }', /never written here/],
  [
    'a push key in clear',
    log,
    'push: { vapid: { subject: "mailto:a@b.example", publicKey: B, privateKey: hunter2 } }',
    /never written here/,
  ],
  ['a secret that is not in the environment', token, 'apiToken: { env: NOWHERE }', /NOWHERE is empty or missing/],
  ['a secret that is empty', 'authToken: { env: TWILIO }', 'authToken: { env: EMPTY }', /EMPTY is empty or missing/],
  ['a secret in a file that is not there', token, 'apiToken: { file: /none }', /the file \/none is empty or missing/],
  ['a short key of the API', token, 'apiToken: { env: SHORT }', /31 characters: at least 32/],
  ['a key of the API of one character, repeated', token, 'apiToken: { env: SAME }', /guessable.*openssl rand/],
  ['a key of the API as in an example', token, 'apiToken: { env: GUESSABLE }', /guessable.*openssl rand/],
  ['a short key of the store', store, 'store: { path: /x.db, key: { env: SHORT } }', /at least 32/],
  ['a guessable key of the store', store, 'store: { path: /x.db, key: { env: GUESSABLE } }', /guessable/],
  // doors without a lock, or with one lock for two
  ['a hook without a secret', hook, 'hook: { secrets: [] }', /anybody could notify/],
  ['a guessable hook secret', hook, 'hook: { secrets: [{ env: GUESSABLE }] }', /guessable/],
  ['a feed by HTTP without a key', http, 'http: { tokens: [] }', /a token or a user/],
  ['a feed by HTTP with a short key', http, 'http: { tokens: [{ env: SHORT }] }', /at least 32/],
  ['a feed by HTTP with a short password', http, 'http: { users: [{ user: a, password: { env: SHORT } }] }', /at least 32/],
  [
    'two keys of the API with one secret',
    token,
    'apiTokens: [{ name: a, role: reader, token: { env: API } }, { name: b, role: admin, token: { env: API } }]',
    /the same secret as a: give each its own/,
  ],
  [
    'a reader with the operator’s key',
    token,
    'apiToken: { env: API }\napiTokens: [{ name: a, role: reader, token: { env: API } }]',
    /secret of apiToken: give each its own/,
  ],
  [
    'a key for a clinic that is not there',
    token,
    'apiTokens: [{ name: a, role: reader, token: { env: API }, clinics: [erables] }]',
    /no clinic is called erables/,
  ],
  [
    'everybody of a provider made an account, with no role named',
    log,
    'identity: { oidc: { issuer: "https://id.example", clientId: a, clientSecret: { env: KEY } } }',
    /give roles, or say newAccounts: refuse/,
  ],
  // patients in clear beyond this machine
  ['MLLP in clear on every interface', listen, 'listen: { host: 0.0.0.0, port: 2575 }', /MLLP without TLS.*tls.*insecure: true/],
  ['MLLP in clear on every interface, by IPv6', listen, 'listen: { host: "::", port: 2575 }', /MLLP without TLS/],
  ['MLLP in clear on a host that only looks like this machine', listen, 'listen: { host: 127.0.0.1.evil.example, port: 1 }', /without TLS/],
  [
    'write-back in clear beyond this machine',
    'writeBack: { host: 127.0.0.1, port: 2576 }',
    'writeBack: { host: ehr.example, port: 1 }',
    /MLLP without TLS/,
  ],
  ['a public address over http', publicUrl, 'publicUrl: http://rdv.example', /plain http: use https/],
  ['a public address with a password', publicUrl, 'publicUrl: https://u:p@rdv.example', /no user or password/],
  ['a FHIR server over http', baseUrl, 'baseUrl: http://ehr.example/fhir', /plain http.*insecure: true/],
  ['a FHIR server by another protocol', baseUrl, 'baseUrl: ftp://ehr.example/', /not an http or https address/],
  ['a FHIR server whose password is in its address', baseUrl, 'baseUrl: https://u:p@ehr.example/fhir', /no user or password/],
  [
    'our credentials over http',
    'auth: { kind: none }',
    'auth: { kind: client-secret, clientId: a, clientSecret: { env: KEY }, tokenEndpoint: "http://id.example/token" }',
    /credentials over plain http.*use https/,
  ],
  ['a password over SMTP in clear', 'port: 587', 'port: 587\ninsecure: true', /never sent in clear/],
  ['texts over http', 'provider: twilio', 'provider: twilio\nbaseUrl: http://sms.example', /use https/],
  [
    'a push service over http',
    log,
    'push: { endpoints: ["http://push.example"], vapid: { subject: "mailto:a@b.example", publicKey: B, privateKey: { env: KEY } } }',
    /https, without a path/,
  ],
  ['traces in clear', log, 'telemetry: { otlp: "http://collector.example/v1/traces" }', /in clear: use https/],
  [
    'an OpenID provider over http',
    log,
    'identity: { oidc: { issuer: "http://id.example", clientId: a, newAccounts: refuse } }',
    /read on the way: use https/,
  ],
  // anybody’s word for who they are
  ['every peer believed as a proxy', 'port: 8080', 'port: 8080\ntrustedProxies: [0.0.0.0/0]', /so wide a network.*\/8 at least/],
  ['every peer believed as a proxy, by IPv6', 'port: 8080', 'port: 8080\ntrustedProxies: ["::/0"]', /so wide a network.*\/16 at least/],
  ['a proxy by a name that may lead anywhere', 'port: 8080', 'port: 8080\ntrustedProxies: [proxy.example]', /write 10\.0\.0\.7 or 10/],
]
