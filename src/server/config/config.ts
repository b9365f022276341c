import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { apiTokensSchema, isOperatorsAlone } from './api-tokens.ts'
import { emailSchema, pushSchema, smsSchema } from './channels.ts'
import { clinicSchema } from './clinic.ts'
import { connectorSchema } from './connectors.ts'
import { faultsOf } from './faults.ts'
import { identitySchema } from './identity.ts'
import { inlineQuestionnaires } from './questionnaires.ts'
import { rateLimitsSchema } from './rate-limits.ts'
import { referenceFaults } from './references.ts'
import { retentionSchema } from './retention.ts'
import { storeSchema } from './store.ts'
import { telemetrySchema } from './telemetry.ts'
import { trustedProxies } from './trusted-proxies.ts'
import type { SecretSource } from './values.ts'
import { duration, isPlainAndRemote, port, secretSchema, webAddress } from './values.ts'

/** One thing to mend, where it stands in the file. */
export interface ConfigFault {
  readonly line?: number
  /** `connectors.0.zone` */
  readonly path: string
  readonly message: string
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config; readonly lineOf: (path: readonly PropertyKey[]) => number | undefined }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] }

export type Config = z.output<ReturnType<typeof configSchema>>
export type ConnectorConfig = Config['connectors'][number]

const retries = z.array(duration).min(1).max(20)

function configSchema(source: SecretSource) {
  return z.strictObject({
    server: z
      .strictObject({
        host: z.string().default('127.0.0.1'),
        port,
        /** What patients' links begin with. */
        publicUrl: webAddress.refine((address) => new URL(address).pathname === '/', {
          error: 'without a path: the pages ask for what they need at the root',
        }),
        insecure: z.boolean().default(false),
        /** An operator's. Without one, and without `apiTokens`, `/api` is not served. */
        apiToken: secretSchema(source, 32).exactOptional(),
        apiTokens: apiTokensSchema(source),
        /** Of a minute. */
        rateLimits: rateLimitsSchema,
        trustedProxies,
      })
      .refine(({ publicUrl, insecure }) => insecure || !isPlainAndRemote(publicUrl), {
        path: ['publicUrl'],
        error: 'patients would answer over plain http: use https',
      })
      .refine(isOperatorsAlone, { path: ['apiTokens'], error: 'one of these is the secret of apiToken: give each its own' }),
    store: storeSchema(source),
    identity: identitySchema(source),
    archive: z.strictObject({ directory: z.string().min(1) }),
    retention: retentionSchema,
    telemetry: telemetrySchema(source).exactOptional(),
    log: z.enum(['info', 'warn', 'error', 'silent']).default('info'),
    sendRetries: retries.prefault(['PT30S', 'PT2M', 'PT10M', 'PT30M', 'PT1H', 'PT2H']),
    writeBackRetries: retries.prefault(['PT5S', 'PT30S', 'PT2M', 'PT10M', 'PT30M', 'PT1H', 'PT2H', 'PT4H', 'PT8H', 'PT24H']),
    clinics: z.array(clinicSchema).min(1),
    connectors: z.array(connectorSchema(source)).min(1),
    /** `allowPrivate`: other systems that are told of what happens may be on this machine or in a private network. */
    webhooks: z.strictObject({ allowPrivate: z.boolean().default(false) }).prefault({}),
    sms: smsSchema(source).exactOptional(),
    email: emailSchema(source).exactOptional(),
    push: pushSchema(source).exactOptional(),
  })
}

/** Reads the YAML whole and reports every fault at once; an unsafe configuration is one (R32). */
export function parseConfig(text: string, source: SecretSource): ConfigResult {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0)
    return {
      ok: false,
      faults: document.errors.map((error) => ({ line: lines.linePos(error.pos[0]).line, path: '', message: `not YAML: ${error.message}` })),
    }
  const raw = readPlain(document)
  if (raw === undefined) return { ok: false, faults: [{ path: '', message: 'not plain YAML: write the values out, without & and *' }] }
  const unread = inlineQuestionnaires(raw, source)
  const parsed = configSchema(source).safeParse(raw, { reportInput: true })
  const issues = [...unread, ...faultsOf(parsed.error?.issues ?? []), ...referenceFaults(raw)]
  const lineOf = (path: readonly PropertyKey[]) => {
    const offset = offsetOf(document.contents, path)
    return offset === undefined ? undefined : lines.linePos(offset).line
  }
  if (parsed.success && issues.length === 0) return { ok: true, config: parsed.data, lineOf }
  const faults = issues.map(({ path, message }): ConfigFault => {
    const line = lineOf(path)
    return { ...(line !== undefined && { line }), path: path.map(String).join('.'), message }
  })
  return { ok: false, faults: faults.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) }
}

/** Undefined where an alias leads nowhere, or to too much. */
function readPlain(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return (document.toJS() as unknown) ?? null
  } catch {
    return undefined
  }
}

/** JSON Schema of the file, for editors; what only a run can judge (zones, addresses, secrets) is not in it. */
export function configJsonSchema(): object {
  const schema = z.toJSONSchema(configSchema({ env: {}, readFile: () => '' }), { io: 'input', unrepresentable: 'any' })
  return { ...schema, title: 'Rappel', description: 'docs/configuration.md says what each key is for' }
}

/** `rappel.yaml:12 connectors.0.zone: not an IANA time zone` */
export function sayFault(file: string, { line, path, message }: ConfigFault): string {
  return `${file}${line === undefined ? '' : `:${line}`}${path && ` ${path}`}: ${message}`
}

/** Where the deepest part of the path that exists begins. */
function offsetOf(root: unknown, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = root
  let offset = startOf(root)
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key)
      if (!pair) break
      offset = startOf(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(node) && typeof key === 'number') {
      node = node.items[key]
      offset = startOf(node) ?? offset
    } else break
  }
  return offset
}

function startOf(node: unknown): number | undefined {
  return isMap(node) || isSeq(node) || isScalar(node) ? (node.range?.[0] ?? undefined) : undefined
}
