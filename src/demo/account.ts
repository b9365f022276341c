import { randomBytes } from 'node:crypto'

/** Somebody who can sign in to the console of the demo. */
export interface Account {
  readonly login: string
  readonly password: string
}

/** Becomes the first operator by the one-time address, as a person does in a browser. Throws where the page does not take it. */
export async function makeAccount(link: string, fetch: typeof globalThis.fetch): Promise<Account> {
  const account = { login: 'demo', password: randomBytes(12).toString('base64url') }
  const { login, password } = account
  const answer = await send(link, { name: 'Nadia Roy', login, wanted: password, again: password }, fetch)
  if (answer.status !== 303) throw new Error(`the first operator was not made: ${answer.status}`)
  return account
}

/** Signs in; answers with the cookie of the session. Throws where that is refused. */
export async function signIn(rappelUrl: string, { login, password }: Account, fetch: typeof globalThis.fetch): Promise<string> {
  const answer = await send(`${rappelUrl}/console/sign-in`, { login, password }, fetch)
  const [cookie] = (answer.headers.get('set-cookie') ?? '').split(';')
  if (answer.status !== 303 || !cookie) throw new Error(`not signed in: ${answer.status}`)
  return cookie
}

function send(url: string, fields: Record<string, string>, fetch: typeof globalThis.fetch): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { origin: new URL(url).origin }, body: new URLSearchParams(fields), redirect: 'manual' })
}
