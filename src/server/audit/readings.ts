import type { Context, Handler } from 'hono'
import type { Caller } from '../../core/access.ts'
import type { AuditEntry } from '../../store/port/audit.ts'
import type { Store, Transaction } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { Route } from '../routes/route.ts'
import { actorOf } from '../settings/edit-settings.ts'

type Asked = Pick<Context, 'req'>
type Detail = NonNullable<AuditEntry['detail']>

/** Whose a page is, by opaque id. */
interface Shown {
  readonly action: 'patient.read' | 'patients.listed' | 'envelope.read'
  readonly subject: string
  readonly detail?: Detail
}

/** What of patients a page has shown, once it has. */
type Shows = (tx: Transaction, c: Asked, caller: Caller) => readonly Shown[] | Promise<readonly Shown[]>

const nameOf = (c: Asked, name: string): string => c.req.param(name) ?? ''

function patientIn(name: string): Shows {
  return async (tx, c) => {
    const id = nameOf(c, name)
    // a record that was merged is shown as the one it is now
    return [{ action: 'patient.read', subject: (await tx.patients.find(id))?.id ?? id }]
  }
}

const appointmentInPath: Shows = async (tx, c) => {
  const appointment = nameOf(c, 'id')
  const patient = (await tx.appointments.find(appointment))?.patientId
  return [{ action: 'patient.read', subject: patient ?? appointment, detail: { appointment } }]
}

const lineOfInbox: Shows = async (tx, c) => {
  const line = nameOf(c, 'id')
  const { patientId, clinicId } = (await tx.toDo.find(line)) ?? {}
  return [{ action: 'patient.read', subject: patientId ?? line, detail: { line, ...(clinicId !== undefined && { clinic: clinicId }) } }]
}

const envelopeInPath: Shows = async (tx, c) => {
  const connector = (await tx.inbox.find(nameOf(c, 'id')))?.envelope.connectorId
  return [{ action: 'envelope.read', subject: nameOf(c, 'id'), ...(connector !== undefined && { detail: { connector } }) }]
}

const severalOfClinic: Shows = (_tx, c) => [{ action: 'patients.listed', subject: nameOf(c, 'clinic') }]

/** A row for each of the clinics the caller may see, so that each one’s administrators see it; one where those are all. */
function severalOf(subject: string): Shows {
  return (_tx, _c, { clinics }) =>
    clinics
      ? clinics.map((clinic) => ({ action: 'patients.listed', subject: clinic, detail: { of: subject } }))
      : [{ action: 'patients.listed', subject }]
}

/** Every page, of the console and of the API, that shows who a patient is, how they are reached, what they said or when they come. */
export const showing: ReadonlyMap<string, Shows> = new Map([
  ['GET /api/v1/appointments/:id', appointmentInPath],
  ['GET /api/v1/appointments/:id/decisions', appointmentInPath],
  ['GET /api/v1/clinics/:clinic/absence', severalOfClinic],
  ['GET /api/v1/clinics/:clinic/appointments', severalOfClinic],
  ['GET /api/v1/clinics/:clinic/notifications', severalOfClinic],
  ['GET /api/v1/clinics/:clinic/patients', severalOfClinic],
  ['GET /api/v1/clinics/:clinic/shadow/comparison/lines', severalOfClinic],
  ['GET /api/v1/clinics/:clinic/to-call', severalOfClinic],
  ['GET /api/v1/inbox', severalOf('inbox')],
  ['GET /api/v1/patients/:id', patientIn('id')],
  ['GET /api/v1/patients/:id/history', patientIn('id')],
  ['GET /api/v1/quarantine', severalOf('quarantine')],
  ['GET /console/clinics/:clinic/absences', severalOfClinic],
  ['GET /console/clinics/:clinic/appointments', severalOfClinic],
  ['POST /console/clinics/:clinic/appointments', severalOfClinic],
  ['GET /console/clinics/:clinic/appointments/:id', appointmentInPath],
  ['GET /console/clinics/:clinic/holds', severalOfClinic],
  ['GET /console/clinics/:clinic/inbox', severalOfClinic],
  ['GET /console/clinics/:clinic/inbox/:id', lineOfInbox],
  ['POST /console/clinics/:clinic/patients', severalOfClinic],
  ['GET /console/clinics/:clinic/patients/:patient', patientIn('patient')],
  ['GET /console/clinics/:clinic/patients/:patient/history', patientIn('patient')],
  ['GET /console/clinics/:clinic/to-call', severalOfClinic],
  ['GET /console/quarantine/:id', envelopeInPath],
  ['GET /console/quarantine/:id/download', envelopeInPath],
])

/** What the audit says of pages that were seen, apart from what was done. */
export const readActions: ReadonlySet<string> = new Set<Shown['action']>(['patient.read', 'patients.listed', 'envelope.read'])

export interface ReadingDeps {
  readonly store: Store
  readonly clock: Clock
}

/** The same table, in which nothing of a patient is shown before it is written down who sees it (R31): once a page, in one commit; where that cannot be kept, nothing is shown. */
export function withReadings(routes: readonly Route[], { store, clock }: ReadingDeps): readonly Route[] {
  const written = async (route: Route, shows: Shows, c: Context, response: Response): Promise<Response> => {
    if (response.status !== 200) return response
    const caller: Caller = c.get('caller')
    const { path: page, access: way } = route
    await store.transact(async (tx) => {
      for (const { action, subject, detail } of await shows(tx, c, caller))
        await tx.audit.append({
          at: clock.now(),
          actor: actorOf(caller),
          action,
          subject,
          detail: { way: way === 'api' ? 'api' : 'console', page, ...detail },
        })
    })
    return response
  }
  return routes.map((route) => {
    const shows = showing.get(`${route.method} ${route.path}`)
    if (!shows) return route
    // of api or of staff: either has set who calls
    const handle = route.handle as Handler
    return {
      ...route,
      handle: async (c: Context, next: () => Promise<void>) => {
        const response = await handle(c, next)
        return response instanceof Response ? written(route, shows, c, response) : response
      },
    } as Route
  })
}
