import type { Fault } from './faults.ts'

/** What names something that must exist, and what must not be named twice; reads the raw document, so that it is reported beside every other fault. */
export function referenceFaults(raw: unknown): readonly Fault[] {
  const clinics = listOf(raw, 'clinics')
  const connectors = listOf(raw, 'connectors')
  const clinicIds = new Set(clinics.map((clinic) => clinic.id))
  const faults = [...repeated('clinics', clinics), ...repeated('connectors', connectors)]
  for (const [index, connector] of connectors.entries())
    if (typeof connector.clinic === 'string' && !clinicIds.has(connector.clinic))
      faults.push({ path: ['connectors', index, 'clinic'], message: `no clinic is called ${connector.clinic}` })
  const hasSms = recordOf(raw).sms !== undefined
  for (const [index, clinic] of clinics.entries())
    faults.push(...clinicReferenceFaults(clinic, hasSms).map(({ path, message }) => ({ path: ['clinics', index, ...path], message })))
  return [...faults, ...shared(connectors), ...strangersTo(clinicIds, raw)]
}

/** Of one clinic's document; `hasSms`: somebody carries texts. */
export function clinicReferenceFaults(raw: unknown, hasSms: boolean): readonly Fault[] {
  const clinic = recordOf(raw)
  const sites = recordOf(clinic.sites)
  const faults: Fault[] = []
  for (const [key, agenda] of Object.entries(recordOf(clinic.agendas))) {
    const { site } = recordOf(agenda)
    if (typeof site === 'string' && !Object.hasOwn(sites, site))
      faults.push({ path: ['agendas', key, 'site'], message: `no site of this clinic is called ${site}` })
  }
  const questionnaires = recordOf(clinic.questionnaires)
  for (const [key, motif] of Object.entries(recordOf(clinic.motifs))) {
    const { questionnaire } = recordOf(motif)
    const id = typeof questionnaire === 'string' ? /^Questionnaire\/(.*)$/.exec(questionnaire)?.[1] : undefined
    if (id !== undefined && !Object.hasOwn(questionnaires, id))
      faults.push({ path: ['motifs', key, 'questionnaire'], message: `no questionnaire of this clinic is called ${id}` })
  }
  // switched on, with nobody to carry it: every text would be dropped in silence
  if (clinic.smsActivated === true && !hasSms)
    faults.push({ path: ['smsActivated'], message: 'no provider carries texts: give sms at the end of the file, or say false' })
  return faults
}

/** Keys of the API, and roles of a provider, for clinics that are not there. */
function strangersTo(clinicIds: ReadonlySet<unknown>, raw: unknown): Fault[] {
  const { server, identity } = recordOf(raw)
  const named = [
    ...listOf(server, 'apiTokens').map(({ clinics }, index) => ({ clinics, path: ['server', 'apiTokens', index] })),
    ...listOf(recordOf(identity).oidc, 'roles').map(({ clinics }, index) => ({ clinics, path: ['identity', 'oidc', 'roles', index] })),
  ]
  return named.flatMap(({ clinics, path }) =>
    (Array.isArray(clinics) ? clinics : []).flatMap((id: unknown, place) =>
      typeof id === 'string' && !clinicIds.has(id) ? [{ path: [...path, 'clinics', place], message: `no clinic is called ${id}` }] : [],
    ),
  )
}

/** Two connectors that want to listen at one port. */
function shared(connectors: readonly Readonly<Record<string, unknown>>[]): Fault[] {
  const ports = connectors.map((connector) => recordOf(connector.listen).port)
  return ports.flatMap((port, index) =>
    port !== undefined && port !== 0 && ports.indexOf(port) < index
      ? [{ path: ['connectors', index, 'listen', 'port'], message: `another connector listens at ${String(port)}: take a port of its own` }]
      : [],
  )
}

function repeated(list: string, rows: readonly Readonly<Record<string, unknown>>[]): Fault[] {
  return rows.flatMap((row, index) =>
    typeof row.id === 'string' && rows.findIndex((other) => other.id === row.id) < index
      ? [{ path: [list, index, 'id'], message: `${row.id} is named twice` }]
      : [],
  )
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function listOf(raw: unknown, key: string): readonly Readonly<Record<string, unknown>>[] {
  const value = recordOf(raw)[key]
  return Array.isArray(value) ? value.map(recordOf) : []
}
