import type { Temporal } from 'temporal-polyfill'
import { both } from '../../core/explain/words.ts'
import type { WriteBackKind } from '../../core/write-back.ts'
import type { Finding } from '../connector.ts'
import type { Authorizer } from './auth.ts'
import { capabilitiesOf } from './capability.ts'
import { type Failed, type FhirClient, triage } from './client.ts'
import { type JsonObject, stringOf } from './json.ts'
import type { FhirOptions } from './options.ts'
import { presets } from './presets/presets.ts'
import { startingIn } from './search.ts'
import { keyOf, subscriptionsTo } from './subscription-resource.ts'

export interface ExamineOptions {
  readonly options: FhirOptions
  readonly client: FhirClient
  readonly authorizer: Authorizer
  readonly writes: ReadonlySet<WriteBackKind>
}

/** Is it there, what does it offer, are we let in, does it tell us, what can its product not do. Only reads. */
export async function examine(examining: ExamineOptions, signal: AbortSignal): Promise<readonly Finding[]> {
  const { options, client, authorizer } = examining
  const authorized = await authorizer.authorize()
  if (authorized.kind === 'failed') return [noToken(authorized.reason), ...limitsOf(options)]
  const statement = await client.get('metadata', signal)
  if (statement.kind === 'failed') return [unreached(statement), ...limitsOf(options)]
  const asked = [reading(examining, signal), subscriptions(examining, signal)]
  return [reached(statement.body), ...offersOf(statement.body, examining), ...(await Promise.all(asked)).flat(), ...limitsOf(options)]
}

function noToken(reason: string): Finding {
  return {
    level: 'bad',
    says: both(`Aucun jeton d’accès : ${reason}`, `No access token: ${reason}`),
    fix: both(
      'Vérifier auth : clientId, secret ou clé, tokenEndpoint ; le serveur doit connaître notre clé publique (jwks).',
      'Check auth: clientId, secret or key, tokenEndpoint; the server must know our public key (jwks).',
    ),
  }
}

function unreached(failed: Failed): Finding {
  const fix =
    failed.status === undefined
      ? both('Vérifier baseUrl, le réseau, le certificat ; allowPrivate si le nom mène à un réseau privé.', addressFix)
      : both(`Vérifier baseUrl : \`metadata\` doit s’y lire.`, 'Check baseUrl: `metadata` must be readable below it.')
  return { level: 'bad', says: both(`Le serveur ne répond pas : ${failed.reason}`, `The server does not answer: ${failed.reason}`), fix }
}

const addressFix = 'Check baseUrl, the network, the certificate; allowPrivate if the name leads into a private network.'

function reached(statement: JsonObject): Finding {
  const version = stringOf(statement.fhirVersion)
    ?.replace(/[^0-9A-Za-z.-]/g, '')
    .slice(0, 20)
  if (version === undefined || !/^[45]\./.test(version))
    return {
      level: 'bad',
      says: both(`Version de FHIR non prise en charge : ${version ?? 'aucune'}`, `FHIR version not supported: ${version ?? 'none'}`),
      fix: both('Donner l’adresse du service R4, R4B ou R5 du DPI.', 'Give the address of the EHR’s R4, R4B or R5 service.'),
    }
  return { level: 'ok', says: both(`Joignable, FHIR ${version}`, `Reachable, FHIR ${version}`) }
}

/** What the CapabilityStatement leaves out is only a warning: some servers do more than they say (interop.md 2.7). */
function offersOf(statement: JsonObject, { options, writes }: ExamineOptions): readonly Finding[] {
  const { offers, patches } = capabilitiesOf(statement)
  const listed = ['read', 'search-type', 'update', 'patch', 'history-type'].filter((each) => offers('Appointment', each))
  const said = listed.join(', ') || '–'
  const writable = offers('Appointment', 'update') || patches('Appointment').length > 0
  const byOther = offers('AppointmentResponse', 'create') || options.writeBack?.byHand !== undefined
  return [
    { level: 'ok', says: both(`Appointment offert : ${said}`, `Appointment offered: ${said}`) },
    ...(options.writeBack === undefined ? [] : [writingOf([...writes].join(', '), writable || byOther)]),
  ]
}

function writingOf(kinds: string, isOffered: boolean): Finding {
  if (kinds === '')
    return {
      level: 'warn',
      says: both(
        'Aucune réponse ne sera écrite : ce produit ou `ways` n’en permet pas.',
        'No answer is written: this product or `ways` allows none.',
      ),
      fix: both('Donner writeBack.byHand pour qu’une tâche soit créée.', 'Give writeBack.byHand to have a task made.'),
    }
  if (isOffered) return { level: 'ok', says: both(`Réponses écrites : ${kinds}`, `Answers written: ${kinds}`) }
  return {
    level: 'warn',
    says: both(
      `Réponses à écrire : ${kinds}, mais le serveur n’annonce aucun moyen de le faire.`,
      `Answers to write: ${kinds}, but the server names no way to do it.`,
    ),
    fix: both(
      'Demander le droit d’écrire Appointment, ou donner writeBack.byHand.',
      'Ask for the right to write Appointment, or give writeBack.byHand.',
    ),
  }
}

/** One appointment of the day ahead is asked for, as the poll would. */
async function reading({ options, client }: ExamineOptions, signal: AbortSignal): Promise<readonly Finding[]> {
  const { poll: { by, actors } = {}, now } = options
  const from: Temporal.Instant = now()
  const [search = ''] = startingIn(
    from,
    from.add({ hours: 24 }),
    { ...(by && { by }), ...(actors && { actors: actors.slice(0, 1) }) },
    1,
    true,
  )
  const answer = await client.get(search, signal)
  if (answer.kind === 'answered') return [{ level: 'ok', says: both('Les rendez-vous se lisent.', 'Appointments can be read.') }]
  const { status, reason } = answer
  if (status === 401 || status === 403)
    return [
      {
        level: 'bad',
        says: both(
          `Le serveur ne nous laisse pas lire les rendez-vous : ${reason}`,
          `The server does not let us read appointments: ${reason}`,
        ),
        fix: both(
          'Demander system/Appointment.rs et system/Patient.rs pour ce client.',
          'Ask for system/Appointment.rs and system/Patient.rs for this client.',
        ),
      },
    ]
  return [
    {
      level: options.poll?.mode === 'none' ? 'warn' : 'bad',
      says: both(`La recherche de rendez-vous échoue : ${reason}`, `The search for appointments fails: ${reason}`),
      fix: both('Donner poll.by et poll.actors si le serveur les exige.', 'Give poll.by and poll.actors if the server demands them.'),
    },
  ]
}

async function subscriptions({ options, client }: ExamineOptions, signal: AbortSignal): Promise<readonly Finding[]> {
  const { subscription, hook } = options
  if (hook.secrets.length === 0 && !hook.signature)
    return [
      {
        level: 'warn',
        says: both(
          'Aucune notification n’est acceptée : hook n’a ni secret ni signature.',
          'No notification is taken: hook has neither secret nor signature.',
        ),
      },
    ]
  if (!subscription || subscription.kind === 'none')
    return [{ level: 'ok', says: both('L’abonnement est l’affaire du DPI.', 'The subscription is the EHR’s own affair.') }]
  const found = await subscriptionsTo(subscription.endpoint, client, signal)
  if (found.kind === 'failed') {
    const level = triage(found) === 'deferred' ? 'bad' : 'warn'
    return [{ level, says: both(`Les abonnements ne se lisent pas : ${found.reason}`, `Subscriptions cannot be read: ${found.reason}`) }]
  }
  const none: Finding = {
    level: 'warn',
    says: both(
      'Aucun abonnement chez le DPI : le service le crée à son démarrage.',
      'No subscription at the EHR: the service makes it when it starts.',
    ),
  }
  return found.resources.length === 0 ? [none] : found.resources.map(subscriptionFinding)
}

function subscriptionFinding(resource: JsonObject): Finding {
  const about = (keyOf(resource) ?? '').replace(/[^\x21-\x7e]/g, ' ').slice(0, 80)
  const status = (stringOf(resource.status) ?? '?').slice(0, 20)
  const says = both(`Abonnement ${status} : ${about}`, `Subscription ${status}: ${about}`)
  if (status === 'active') return { level: 'ok', says }
  const fix = both(
    'Le service le relance ; si cela dure, l’adresse publique du hook n’est pas joignable depuis le DPI.',
    'The service revives it; if it stays so, the EHR cannot reach the public address of the hook.',
  )
  return { level: status === 'requested' ? 'warn' : 'bad', says, fix }
}

function limitsOf({ preset }: FhirOptions): readonly Finding[] {
  return (presets.get(preset ?? '')?.cannot ?? []).map((says) => ({ level: 'warn', says }))
}
