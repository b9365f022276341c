import type { Hono } from 'hono'
import { signedIn } from '../support/console.ts'
import { PUBLIC_URL } from '../support/rappel.ts'
import { type Clinic, nameOf } from './matrix.ts'

type Kind = readonly [type: string, body: string]

/** What a form, a script or a page of another site can make a browser send. */
const kinds: readonly [Kind, ...Kind[]] = [
  ['application/x-www-form-urlencoded', 'do=change&role=operator&clinics=*'],
  ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="do"\r\n\r\nchange\r\n--x--\r\n'],
  ['text/plain', '{"do":"change"}'],
  ['application/json', '{"do":"change"}'],
  ['', ''],
]
export const origins: readonly Readonly<Record<string, string>>[] = [
  { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  { 'sec-fetch-site': 'same-site', origin: 'https://evil.rdv.example' },
  { 'sec-fetch-site': 'none' },
  { 'sec-fetch-site': 'cross-site', origin: PUBLIC_URL },
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: `${PUBLIC_URL}.evil.example` },
  { origin: PUBLIC_URL.replace('https:', 'http:') },
  { referer: `${PUBLIC_URL}/console` },
  {},
]

/** Every form of staff × every kind of body × every place it may come from, with the cookie of somebody who may all. */
export async function judgeForms(clinic: Clinic, app: Hono): Promise<{ readonly asked: number; readonly accepted: readonly string[] }> {
  const forms = clinic.routes().filter((route) => route.access === 'staff' && route.method !== 'GET')
  const { cookie = '' } = signedIn('operator', 'all')
  const accepted: string[] = []
  let asked = 0
  for (const route of forms) {
    const isAccepted = async (headers: Record<string, string>, [type, body]: Kind) => {
      asked += 1
      const sent = { method: route.method, headers: { cookie, ...headers, ...(type && { 'content-type': type }) }, ...(body && { body }) }
      return (await app.request(clinic.pathOf(route), sent)).headers.has('x-reached')
    }
    for (const origin of origins)
      for (const kind of kinds) if (await isAccepted(origin, kind)) accepted.push(`${nameOf(route)} of ${JSON.stringify(origin)}`)
    for (const own of [{ 'sec-fetch-site': 'same-origin' }, { origin: PUBLIC_URL }])
      if (!(await isAccepted(own as Record<string, string>, kinds[0]))) throw new Error(`${nameOf(route)} takes no form of our own pages`)
  }
  if (forms.length < 20) throw new Error('there are not so few forms')
  return { asked, accepted }
}
