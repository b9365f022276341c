import { X509Certificate } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { parse, stringify } from 'yaml'
import type { Connector } from '../connectors/connector.ts'
import { presets as fhirPresets } from '../connectors/fhir/presets/presets.ts'
import { readMethods } from '../connectors/hl7v2/methods.ts'
import { exampleOf as hl7Example } from '../connectors/hl7v2/presets/examples.ts'
import { presets as hl7Presets } from '../connectors/hl7v2/presets/presets.ts'
import type { WriteBackKind } from '../core/write-back.ts'
import type { Store } from '../store/store.ts'
import type { Config, ConnectorConfig } from './config/config.ts'
import { faultsOf } from './config/faults.ts'
import { fhirMapping } from './config/fhir-connector.ts'
import { hl7Mapping } from './config/hl7v2-mapping.ts'
import { asSearched, showResource } from './mapping/resource-shown.ts'
import type { ConnectorFacts, ConnectorPlace, MappingEdit, PastedMessage, Tried, Workbench } from './mapping/workbench.ts'

interface Making {
  /** Throws where a plug-in does not take what the configuration says. */
  readonly make: (config: ConnectorConfig) => Connector
  readonly openScratch: (now: () => Temporal.Instant) => Promise<Store>
}

type Hl7Config = Extract<ConnectorConfig, { protocol: 'hl7v2' }>
type FhirConfig = Extract<ConnectorConfig, { protocol: 'fhir' }>
type Ways = Record<WriteBackKind, readonly string[]>

/** What the console shows of the configured connectors, and tries out. */
export function workbenchOf({ connectors, server }: Pick<Config, 'connectors' | 'server'>, { make, openScratch }: Making): Workbench {
  const find = (id: string) => connectors.find((each) => each.id === id)
  return {
    factsOf(id) {
      const config = find(id)
      return config && factsOf(config, server.publicUrl)
    },
    tryOut(id, edit) {
      const config = find(id)
      return config ? tryOut(config, edit, make) : { kind: 'faulty', faults: [`no connector ${id}`] }
    },
    exampleOf,
    split: splitPasted,
    openScratch,
  }
}

function factsOf(config: ConnectorConfig, publicUrl: string): ConnectorFacts {
  const { id, protocol, preset, zone, region, mapping } = config
  const endsAt = certificateEnd(config)
  const presets = [...(protocol === 'hl7v2' ? hl7Presets : fhirPresets).keys()]
  return {
    id,
    protocol,
    ...(preset !== undefined && { preset }),
    zone,
    region,
    places: protocol === 'hl7v2' ? hl7Places(config, publicUrl) : fhirPlaces(config, publicUrl),
    ...(endsAt && { certificateEndsAt: endsAt }),
    ways: protocol === 'hl7v2' ? hl7Ways(config) : fhirWays(config),
    yaml: yamlOf(preset, mapping),
    mappingYaml: mapping === undefined ? '' : stringify(mapping),
    presets,
    examples: presets.filter((name) => exampleOf(protocol, name) !== undefined),
  }
}

/** A resource means little without the server it is asked of: presets of FHIR have none. */
function exampleOf(protocol: Connector['protocol'], preset: string): string | undefined {
  return protocol === 'hl7v2' && hl7Presets.has(preset) ? hl7Example(preset) : undefined
}

/** As it is copied into the file, below its connector. */
function yamlOf(preset: string | undefined, mapping: unknown): string {
  return stringify({ ...(preset !== undefined && { preset }), ...(mapping !== undefined && { mapping }) })
}

function hl7Places({ id, listen, http, writeBack }: Hl7Config, publicUrl: string): readonly ConnectorPlace[] {
  return [
    ...(listen
      ? [
          {
            does: 'listens' as const,
            address: `mllp://${listen.host}:${listen.port}`,
            protection: listen.tls ? (listen.tls.ca === undefined ? ('tls' as const) : ('mutual' as const)) : ('none' as const),
          },
        ]
      : []),
    ...(http ? [{ does: 'listens' as const, address: `${publicUrl}/hl7/${id}`, protection: webProtection(publicUrl) }] : []),
    ...(writeBack
      ? [
          {
            does: 'tells' as const,
            address: `mllp://${writeBack.host}:${writeBack.port}`,
            protection: writeBack.tls ? (writeBack.tls.cert === undefined ? ('tls' as const) : ('mutual' as const)) : ('none' as const),
          },
        ]
      : []),
  ]
}

function fhirPlaces({ id, baseUrl, tls }: FhirConfig, publicUrl: string): readonly ConnectorPlace[] {
  const asked = webProtection(baseUrl)
  return [
    { does: 'asks', address: baseUrl, protection: asked === 'tls' && tls?.cert !== undefined ? 'mutual' : asked },
    { does: 'listens', address: `${publicUrl}/fhir/${id}`, protection: webProtection(publicUrl) },
  ]
}

function webProtection(address: string): 'tls' | 'none' {
  return address.startsWith('https:') ? 'tls' : 'none'
}

/** Of all that is shown to a peer or believed of it: the first to end ends the connection. */
function certificateEnd(config: ConnectorConfig): Temporal.Instant | undefined {
  const files = config.protocol === 'hl7v2' ? [config.listen?.tls, config.writeBack?.tls] : [config.tls]
  const ends = files.flatMap((each) => [each?.cert, each?.ca]).flatMap((pem) => (pem === undefined ? [] : endsOf(pem)))
  return ends.sort(Temporal.Instant.compare)[0]
}

/** What is no certificate has refused the start already. */
function endsOf(pem: string): readonly Temporal.Instant[] {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  return certificates.flatMap((each) => {
    try {
      return [Temporal.Instant.fromEpochMilliseconds(Date.parse(new X509Certificate(each).validTo))]
    } catch {
      return []
    }
  })
}

const byNobody: Ways = { confirm: [], cancel: [], arrive: [], answers: [] }

function hl7Ways({ preset, writeBack }: Hl7Config): Ways {
  if (!writeBack) return byNobody
  const below = preset === undefined ? undefined : hl7Presets.get(preset)?.writeBack
  return readMethods({ ...below, ...writeBack })
}

/** Of an EHR that is asked what it offers, the order in which it is tried. */
function fhirWays({ preset, writeBack }: FhirConfig): Ways {
  if (!writeBack) return byNobody
  const ways = { ...(preset === undefined ? {} : fhirPresets.get(preset)?.writeBack?.ways), ...writeBack.ways }
  const usual = ['appointment', 'response', 'encounter']
  const hand = writeBack.byHand ? [writeBack.byHand.as] : []
  const of = (kind: 'confirm' | 'cancel' | 'arrive', all: readonly string[]) => [...(ways[kind] ?? all), ...hand]
  return {
    confirm: of('confirm', usual.slice(0, 2)),
    cancel: of('cancel', usual.slice(0, 2)),
    arrive: of('arrive', usual),
    answers: writeBack.answers ? ['QuestionnaireResponse'] : [],
  }
}

const longestMapping = 64 * 1024

function tryOut(config: ConnectorConfig, { preset, mapping: text }: MappingEdit, make: Making['make']): Tried {
  if (text.length > longestMapping) return { kind: 'faulty', faults: ['longer than 64 KiB'] }
  const read = plainYaml(text)
  if (!read.ok) return { kind: 'faulty', faults: [read.fault] }
  const schema = config.protocol === 'hl7v2' ? hl7Mapping : fhirMapping
  const checked = schema.safeParse(read.value ?? {}, { reportInput: true })
  if (!checked.success)
    return {
      kind: 'faulty',
      faults: faultsOf(checked.error.issues).map(({ path, message }) => [path.map(String).join('.'), message].filter(Boolean).join(': ')),
    }
  const { preset: _, mapping: __, ...plain } = config
  // what is pasted is text already: nothing is to be guessed of its bytes
  const { forceCharset: ___, ...rest } = plain as typeof plain & { forceCharset?: string }
  const mapped = { ...(preset !== undefined && { preset }), mapping: checked.data }
  try {
    return { kind: 'reader', connector: make({ ...rest, ...mapped } as ConnectorConfig), yaml: yamlOf(preset, checked.data) }
  } catch (error) {
    return { kind: 'faulty', faults: [error instanceof Error ? error.message : String(error)] }
  }
}

function plainYaml(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly fault: string } {
  try {
    return { ok: true, value: parse(text, { maxAliasCount: 0 }) }
  } catch (error) {
    return { ok: false, fault: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) }
  }
}

/** The dictionary of HL7 v2 takes a second to load, once. */
async function splitPasted(protocol: Connector['protocol'], text: string): Promise<readonly PastedMessage[]> {
  if (protocol === 'fhir') return [{ mediaType: 'application/fhir+json', body: Buffer.from(asSearched(text)), shown: showResource(text) }]
  const { hl7Tools } = await import('./compose-hl7v2-tools.ts')
  const bytes = Buffer.from(text.trim().replaceAll(/\r\n|\n/g, '\r'))
  return hl7Tools.split(bytes).map((body) => ({ mediaType: 'application/hl7-v2; charset=utf-8', body, shown: hl7Tools.show(body) }))
}
