import { composition } from '../../src/server/compose.ts'
import { fhirConnector } from '../../src/server/compose-fhir.ts'
import { hl7Connector } from '../../src/server/compose-hl7v2.ts'
import { workbenchOf } from '../../src/server/compose-workbench.ts'
import { parseConfig } from '../../src/server/config/config.ts'
import type { Workbench } from '../../src/server/mapping/workbench.ts'
import { createMetrics } from '../../src/server/metrics.ts'

const clinic = `server: { port: 0, publicUrl: https://rdv.example }
store: { path: nowhere.db }
archive: { directory: nowhere }
clinics: [{ id: tilleuls, name: Clinique des Tilleuls, zone: America/Toronto }]
connectors:
`

/** The workbench of connectors that are written down as in a configuration; their readers are the real ones. */
export function workbenchFor(connectors: string): Workbench {
  const parsed = parseConfig(clinic + connectors, { env: { HOOK: 'R4nd0m'.repeat(6) }, readFile: () => '' })
  if (!parsed.ok) throw new Error(parsed.faults.map(({ message }) => message).join('; '))
  return workbenchOf(parsed.config, {
    make: (each) =>
      each.protocol === 'hl7v2'
        ? hl7Connector(each, createMetrics(), undefined)
        : fhirConnector(each, { publicUrl: parsed.config.server.publicUrl }),
    openScratch: composition.openScratch,
  })
}
