import type { Context, Hono } from 'hono'
import type { Role } from '../../src/core/access.ts'
import { createApp } from '../../src/server/app.ts'
import { addKey } from '../../src/server/identity/key-acts.ts'
import type { Route } from '../../src/server/routes/route.ts'
import { aToCall, aToDo, aWriteBack } from '../store/samples.ts'
import { bookedChange } from '../support/clinic.ts'
import { consoleOf, signedIn } from '../support/console.ts'
import { API_TOKEN, openRappel, type Rappel, roles, tokenOf } from '../support/rappel.ts'
import { ofSeveral, reaches } from './matrix-table.ts'

/** What a name in a path may look like: `:token{[A-Za-z0-9_-]{22}}`. */
const patterns = /\{(?:[^{}]|\{[^}]*\})*\}/g

export type Guarded = Extract<Route, { access: 'api' | 'staff' }>

/** `POST /console/clinics/:clinic/agendas`, whatever a name of the path may look like, or a script's content be. */
export const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>) =>
  `${method} ${path.replace(patterns, '').replace(/\.[0-9a-f]{12}\.js$/, '.*.js')}`

const leastOf = (route: Route) => Object.entries(reaches).find(([, names]) => names?.includes(nameOf(route)))?.[0]

/** Which roles each one may do the work of: written down here a second time. */
const does: Readonly<Record<Role, readonly string[]>> = {
  operator: ['operator', 'admin', 'appointments', 'reader', 'integrator'],
  admin: ['admin', 'appointments', 'reader'],
  appointments: ['appointments', 'reader'],
  reader: ['reader'],
  integrator: ['integrator'],
}

const mayReach = (role: Role, least: string) => least.split('+').some((each) => does[role].includes(each))

/** A clinic with something behind every name that stands in a path. */
export async function openClinic() {
  const rappel = await openRappel()
  await rappel.hear(bookedChange({ motif: { key: 'NEW' } }))
  await rappel.ingest.receive({ ...rappel.ehr.envelope({ kind: 'hint' }), body: new TextEncoder().encode('nonsense') })
  const [letter] = await rappel.read((tx) => tx.inbox.quarantined({ limit: 1 }))
  const erasure = (await (await rappel.call('admin', 'POST /api/v1/patients/tilleuls:P1/erasure', {})).json()) as { id?: string }
  await rappel.store.transact(async (tx) => {
    await tx.toDo.save(aToDo('line'))
    await tx.writeBacks.save(aWriteBack('tilleuls:A1', 'line'))
    await tx.toCall.save(aToCall('line', { appointmentId: 'tilleuls:A1', patientId: 'tilleuls:P1' }))
  })
  const samples: readonly (readonly [RegExp, string])[] = [
    [/:clinic\b/, 'tilleuls'],
    [/:connector\b/, 'tilleuls'],
    [/:patient\b/, 'tilleuls:P1'],
    [/:version\b/, '1'],
    [/\/appointments\/:id\b/, '/appointments/tilleuls:A1'],
    [/\/patients\/:id\b/, '/patients/tilleuls:P1'],
    [/\/quarantine\/:id\b/, `/quarantine/${letter?.id}`],
    [/\/erasures\/:id\b/, `/erasures/${erasure.id}`],
    [/\/inbox\/:id\b/, '/inbox/line'],
    [/\/write-backs\/:id\b/, `/write-backs/${encodeURIComponent('tilleuls:A1:confirm:line')}`],
    [/\/to-call\/:id\b/, `/to-call/${encodeURIComponent('tilleuls:1:line')}`],
    [/:[a-z]+/g, 'any'],
  ]
  const pathOf = ({ path }: Route) =>
    samples.reduce((made, [pattern, value]) => made.replace(pattern, value), path.replace(patterns, '')).replace('*', 'any')
  return { ...rappel, pathOf }
}

const reached = 299

/** The real app, whose handlers only say that they were reached: guards are all that is left. */
export function guardsOf(rappel: Rappel, routes: readonly Route[]): Hono {
  return createApp({
    routes: routes.map((route) => ({ ...route, handle: (c: Context) => c.body(null, 200, { 'x-reached': String(reached) }) }) as Route),
    apiTokens: [
      { name: 'all', role: 'operator', token: API_TOKEN },
      ...['tilleuls', 'erables'].flatMap((clinic) =>
        roles.map((role) => ({ name: role, role, token: tokenOf(role, clinic), clinics: [clinic] })),
      ),
    ],
    apiKeys: rappel.identity.keys,
    limits: { perKey: 1_000_000, strangers: 1_000_000 },
    console: consoleOf(rappel.settings),
    log: rappel.log,
  })
}

export type Clinic = Awaited<ReturnType<typeof openClinic>>

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
export const withKey = {
  api: (role: Role, clinic: string) => bearer(tokenOf(role, clinic)),
  staff: (role: Role, clinic: string) => signedIn(role, clinic),
}

export const isGuarded = (route: Route): route is Guarded => route.access === 'api' || route.access === 'staff'

interface Judged {
  readonly asked: number
  /** Whatever is not as the table says. */
  readonly faults: readonly string[]
}

/** Every route × every role × no session × another clinic; `served` is what is really there, where it is not the same. */
export async function judgeMatrix(clinic: Clinic, routes: readonly Route[], served: readonly Route[] = routes): Promise<Judged> {
  const app = guardsOf(clinic, served)
  const faults: string[] = []
  let asked = 0
  const caller = { name: 'x', role: 'operator' } as const
  const key = await clinic.store.transact((tx) =>
    addKey(tx, { name: 'x', role: 'operator', scopes: ['nothing:write'] }, { caller, now: clinic.clock.now() }),
  )
  for (const route of routes.filter(isGuarded)) {
    const least = leastOf(route) ?? 'none'
    const ask = async (who: string, headers: Record<string, string>, ...wanted: readonly number[]) => {
      const response = await app.request(clinic.pathOf(route), { method: route.method, headers })
      const status = response.headers.get('x-reached') === String(reached) ? reached : response.status
      asked += 1
      if (!wanted.includes(status)) faults.push(`${nameOf(route)}, ${who}: ${status}, not ${wanted.join(' or ')}`)
    }
    const stranger = route.access === 'api' ? 401 : 303
    await ask('nobody', { 'sec-fetch-site': 'same-origin' }, stranger)
    const none = { ...bearer('x'.repeat(40)), cookie: '__Host-rappel=none', 'sec-fetch-site': 'same-origin' }
    await ask('a key that is none', none, stranger)
    const other = withKey[route.access === 'api' ? 'staff' : 'api']('operator', 'tilleuls')
    await ask('the other kind of key', other, ...(route.access === 'api' ? [401] : [303, 403]))
    if (route.access === 'api') await ask('a key of another scope', bearer(key.kind === 'done' ? key.token : ''), 403)
    for (const role of roles) {
      const may = mayReach(role, least)
      await ask(role, withKey[route.access](role, 'tilleuls'), may ? reached : 403)
      const foreign = withKey[route.access](role, 'erables')
      await ask(`${role} of another clinic`, foreign, may ? (ofSeveral.includes(nameOf(route)) ? reached : 404) : 403)
    }
  }
  return { asked, faults }
}

/** Somebody of another clinic asks for everything of this one, by the real handlers. */
export async function trespass(clinic: Clinic, role: Role): Promise<Judged> {
  // what somebody did to their own clinic is written down as theirs
  const ours = async () => (await clinic.dump()).replace(/^.*"actor\\*":\\*"token:[a-z]+[@-]erables.*\n/gm, '')
  const before = await ours()
  const faults: string[] = []
  const routes = clinic.routes().filter(isGuarded)
  for (const route of routes) {
    const headers = withKey[route.access](role, 'erables')
    const text = await (await clinic.app.request(clinic.pathOf(route), { method: route.method, headers })).text()
    const read = ['Roy', 'tilleuls:A1', 'tilleuls:P1', '+1'].filter((each) => text.includes(each))
    if (read.length > 0) faults.push(`${nameOf(route)}, ${role} of another clinic reads ${read.join(', ')}`)
  }
  if ((await ours()) !== before) faults.push(`${role} of another clinic changed something`)
  return { asked: routes.length, faults }
}
