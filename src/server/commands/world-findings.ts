import { stat } from 'node:fs/promises'
import type { Temporal } from 'temporal-polyfill'
import type { Finding } from '../../connectors/connector.ts'
import { both } from '../../core/explain/words.ts'
import type { Config } from '../config/config.ts'
import type { MachineLook } from '../operations/alarms.ts'
import type { StoreTools } from '../operations/store-tools.ts'

const largestLogBytes = 256 * 1024 ** 2

/** The database's own check, the audit's chain, and the log beside the file. Reads all of it: a large store takes a while. */
export async function soundness({ store }: Config, tools: StoreTools): Promise<readonly Finding[]> {
  const { damage, auditFaults, auditHead } = await tools.inspect(store.path)
  const sound: Finding =
    damage.length === 0
      ? { level: 'ok', says: both('La base est intacte.', 'The store is sound.') }
      : {
          level: 'bad',
          says: both(`La base est abîmée : ${damage[0]}`, `The store is damaged: ${damage[0]}`),
          fix: both(
            'Arrêter le service et restaurer la dernière sauvegarde : rappel restore.',
            'Stop the service and restore the last backup: rappel restore.',
          ),
        }
  const [first] = auditFaults
  const audit: Finding = first
    ? {
        level: 'bad',
        says: both(`L’audit est rompu à la ligne ${first.seq}.`, `The audit is broken at row ${first.seq}.`),
        fix: both(
          'Garder une copie de la base et chercher qui l’a écrite : rappel audit verify.',
          'Keep a copy of the store and find out who wrote to it: rappel audit verify.',
        ),
      }
    : {
        level: 'ok',
        says: both(`L’audit est entier, jusqu’à la ligne ${auditHead.seq}.`, `The audit is whole, up to row ${auditHead.seq}.`),
      }
  return [sound, audit, ...(await log(store.path))]
}

async function log(path: string): Promise<readonly Finding[]> {
  const size = await stat(`${path}-wal`).then(
    (file) => file.size,
    () => 0,
  )
  if (size < largestLogBytes) return []
  const megabytes = Math.round(size / 1024 ** 2)
  return [
    {
      level: 'warn',
      says: both(`Le journal de la base fait ${megabytes} Mo.`, `The store’s log holds ${megabytes} MB.`),
      fix: both(
        'Un programme lit la base depuis longtemps (une sauvegarde ?) : le fermer.',
        'Some program has been reading the store for long (a backup?): close it.',
      ),
    },
  ]
}

const mostSecondsOff = 30
const soon = { hours: 24 * 30 }

/** Clock and certificates. */
export async function machineFindings(machine: MachineLook, now: Temporal.Instant): Promise<readonly Finding[]> {
  const ahead = await machine.clockAhead()
  return [...(ahead === undefined ? [] : [clockFinding(ahead)]), ...machine.certificates.map((each) => certificateFinding(each, now))]
}

function clockFinding(ahead: number): Finding {
  const seconds = Math.round(Math.abs(ahead))
  if (seconds <= mostSecondsOff) return { level: 'ok', says: both('L’horloge va comme celle du DPI.', 'The clock agrees with the EHR’s.') }
  return {
    level: 'bad',
    says: both(
      `L’horloge est ${ahead > 0 ? 'en avance' : 'en retard'} de ${seconds} s sur celle du DPI.`,
      `The clock is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} the EHR’s.`,
    ),
    fix: both('Rétablir la synchronisation (NTP, chrony), ici ou au DPI.', 'Bring synchronisation back (NTP, chrony), here or at the EHR.'),
  }
}

function certificateFinding({ name, endsAt }: MachineLook['certificates'][number], now: Temporal.Instant): Finding {
  const day = endsAt.toString().slice(0, 10)
  const says = both(`Certificat ${name} : jusqu’au ${day}`, `Certificate ${name}: until ${day}`)
  if (now.add(soon).epochNanoseconds < endsAt.epochNanoseconds) return { level: 'ok', says }
  const fix = both('Le renouveler, puis relancer le service.', 'Renew it, then restart the service.')
  return { level: now.epochNanoseconds < endsAt.epochNanoseconds ? 'warn' : 'bad', says, fix }
}

/** Whether patients' links lead here. */
export async function publicAddress({ server }: Config, signal: AbortSignal): Promise<Finding> {
  const { publicUrl } = server
  try {
    const response = await fetch(`${publicUrl}/healthz`, {
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    })
    const isUs = response.ok && (await response.text()).includes('"ok"')
    if (isUs) return { level: 'ok', says: both(`${publicUrl} mène ici.`, `${publicUrl} leads here.`) }
    return elsewhere(publicUrl, `HTTP ${response.status}`)
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : 'no answer'
    return elsewhere(publicUrl, cause)
  }
}

function elsewhere(address: string, why: string): Finding {
  return {
    level: 'warn',
    says: both(`${address} n’a pas répondu comme Rappel : ${why}`, `${address} did not answer as Rappel does: ${why}`),
    fix: both(
      'Lancer le service ; vérifier DNS, certificat et relais : les liens des patients commencent par cette adresse.',
      'Start the service; check DNS, certificate and proxy: patients’ links begin with this address.',
    ),
  }
}

/** `trouble`: a code; absent: it works. */
export function providerFinding(channel: 'email' | 'sms', trouble: string | undefined): Finding {
  const who =
    channel === 'email' ? both('Le serveur de courriel', 'The mail server') : both('Le fournisseur de SMS', 'The provider of texts')
  if (trouble === undefined) return { level: 'ok', says: both(`${who.fr} nous laisse entrer.`, `${who.en} lets us in.`) }
  return {
    level: 'bad',
    says: both(`${who.fr} ne nous laisse pas entrer : ${trouble}`, `${who.en} does not let us in: ${trouble}`),
    fix:
      channel === 'email'
        ? both(
            'Vérifier email : host, port, secure, user, mot de passe ; STARTTLS est exigé.',
            'Check email: host, port, secure, user, password; STARTTLS is demanded.',
          )
        : both(
            'Vérifier sms : accountSid, authToken, baseUrl, et que le compte est actif.',
            'Check sms: accountSid, authToken, baseUrl, and that the account is active.',
          ),
  }
}

/** Whether anybody can be let in to the API. */
export function keyFinding({ server }: Config): Finding {
  const count = (server.apiToken === undefined ? 0 : 1) + server.apiTokens.length
  if (count > 0)
    return { level: 'ok', says: both(`Clés d’API dans la configuration : ${count}`, `API keys in the configuration: ${count}`) }
  return {
    level: 'warn',
    says: both('Aucune clé d’API dans la configuration.', 'No API key in the configuration.'),
    fix: both(
      'rappel import, reconcile --apply et erase demandent server.apiToken ; sinon rappel keys add.',
      'rappel import, reconcile --apply and erase need server.apiToken; else rappel keys add.',
    ),
  }
}
