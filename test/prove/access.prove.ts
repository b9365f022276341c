import type { Hono } from 'hono'
import type { Route } from '../../src/server/routes/route.ts'
import { judgeForms } from '../server/cross-site.ts'
import { guardsOf, isGuarded, judgeMatrix, nameOf, openClinic, trespass } from '../server/matrix.ts'
import { reaches } from '../server/matrix-table.ts'
import { roles } from '../support/rappel.ts'
import { prove, random } from './proof.ts'

/** The route as it would be, had nobody put a guard before it. */
const unguarded = ({ method, path, handle }: Route) => ({ method, path, handle, access: 'public' }) as Route

prove({
  id: 'R22',
  promise: 'only the right identity reaches a route',
  async run() {
    const clinic = await openClinic()
    const known = new Set(Object.values(reaches).flat())
    const unknown = clinic
      .routes()
      .map(nameOf)
      .filter((name) => !known.has(name))
    if (unknown.length > 0) throw new Error(`not in the table: ${unknown.join(', ')}`)
    const { asked, faults } = await judgeMatrix(clinic, clinic.routes())
    let [requests, found] = [asked, faults]
    for (const role of roles) {
      const judged = await trespass(await openClinic(), role)
      requests += judged.asked
      found = [...found, ...judged.faults]
    }
    if (found.length > 0) throw new Error(`${found.length} of ${requests}: ${found[0]}`)
    const guarded = clinic.routes().filter(isGuarded).length
    return {
      figure: `${clinic.routes().length} routes, ${guarded} of them guarded × 5 roles × 2 clinics × no key, ${requests} requests, 0 let in`,
    }
  },
  async control({ seed }) {
    const clinic = await openClinic()
    const next = random(seed)
    const guarded = clinic.routes().filter(isGuarded)
    let first: string | undefined
    for (let count = 0; count < 20; count += 1) {
      const route = guarded[Math.floor(next() * guarded.length)]
      if (!route) throw new Error('no route')
      const { faults } = await judgeMatrix(clinic, [route], [unguarded(route)])
      if (faults.length === 0) throw new Error(`${nameOf(route)} without its guard was found well`)
      first ??= faults[0]
    }
    return `20 routes whose guard is left out, each seen: ${first}`
  },
})

prove({
  id: 'R29',
  promise: 'what another site makes a browser send is not accepted',
  async run() {
    const clinic = await openClinic()
    const { asked, accepted } = await judgeForms(clinic, guardsOf(clinic, clinic.routes()))
    if (accepted.length > 0) throw new Error(`${accepted.length} of ${asked} were taken: ${accepted[0]}`)
    let pages = 0
    for (const route of clinic.routes().filter(({ method }) => method === 'GET')) {
      pages += 1
      const missing = await openTo(clinic.app, clinic.pathOf(route))
      if (missing) throw new Error(`${nameOf(route)}: ${missing}`)
    }
    return {
      figure: `${asked} forms of 10 origins × 5 content types, 0 accepted; ${pages} pages, none framed, none read by another site, no script but our own`,
    }
  },
  async control() {
    const clinic = await openClinic()
    const app = guardsOf(
      clinic,
      clinic.routes().map((route) => (route.method === 'POST' && route.access === 'staff' ? unguarded(route) : route)),
    )
    const { accepted } = await judgeForms(clinic, app)
    if (accepted.length === 0) throw new Error('forms that nobody guards were found well')
    return `forms that do not say where they come from are taken: ${accepted.length} seen`
  },
})

/** What would let another site's page, script or frame in; undefined: nothing. */
async function openTo(app: Pick<Hono, 'request'>, path: string): Promise<string | undefined> {
  const { headers } = await app.request(path, { headers: { origin: 'https://evil.example' } })
  const policy = headers.get('content-security-policy') ?? ''
  if (headers.has('access-control-allow-origin')) return 'another site may read it'
  if (!policy.includes("frame-ancestors 'none'") || !policy.includes("default-src 'none'")) return 'may be framed'
  return policy.includes('unsafe-') ? 'takes inline scripts or styles' : undefined
}
