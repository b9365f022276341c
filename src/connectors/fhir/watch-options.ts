import type { JsonObject } from './json.ts'

/** Remembered over a restart, by a name of ours. */
export interface Marks {
  find(name: string): Promise<string | undefined>
  save(name: string, value: string): Promise<void>
}

/** A signature of the hook's raw body, HMAC-SHA256 in hex, beside or in place of a secret in a header (FHIR-SEC-1). */
export interface HookSignature {
  /** `X-Signature` (Medplum), `X-Hub-Signature` (athenahealth). */
  readonly header: string
  /** `sha256=` stands before it, or nothing does. */
  readonly scheme: 'hex' | 'sha256='
  /** Any of them verifies; two while one replaces the other. */
  readonly secrets: readonly string[]
}

/** How we learn what no notification told us (interop.md 2.6). */
export interface FhirPoll {
  /**
   * `lastUpdated`: whatever changed since, by search; deletions by the sweep. `history`: the same by `_history`, deletions among it.
   * `window`: what is ahead, for servers that can search by date alone. `none`: never. Default `lastUpdated`.
   */
  readonly mode?: 'lastUpdated' | 'history' | 'window' | 'none'
  /** How far ahead the initial load and the sweep look. Default 180 days. */
  readonly horizonMs?: number
  /** How often all that is ahead is compared with what we hold; 0: never. Default 1 h. */
  readonly sweepEveryMs?: number
  /** The search parameter that `actors` go to, for servers that will not search without one (Oracle Health). */
  readonly by?: 'actor' | 'practitioner' | 'location' | 'patient'
  /** `Practitioner/12`: each is asked for apart. */
  readonly actors?: readonly string[]
  /** A next page at another origin is taken as one of ours: the server stands behind a proxy and does not know its name. Default false. */
  readonly rewriteNextLinks?: boolean
}

/** The EHR's Subscription to us, which we create and look after. */
export interface FhirSubscription {
  /** `criteria`: FHIR R4 as it stands. `topic`: R5, or the Backport IG on R4 and R4B. `none`: a person sees to it. */
  readonly kind: 'criteria' | 'topic' | 'none'
  /** Where the EHR reaches our hook: `https://rappel.example/fhir/tilleuls`. */
  readonly endpoint: string
  /** Of `criteria`. Default: appointments of every status, since R4 does not tell that one stops matching (FHIR-SUB-1). */
  readonly criteria?: string
  /** Of `topic`: canonical addresses; each gets a Subscription of its own. */
  readonly topics?: readonly string[]
  /** Of `topic`: `Appointment?location=Location/12`. */
  readonly filter?: string
  /** Default: `full-resource` of criteria, `id-only` of topics. What comes is read back in any case. */
  readonly payload?: 'empty' | 'id-only' | 'full-resource'
  /** Of `topic`: how often the server says that nothing happened. Default: not asked for. */
  readonly heartbeatMs?: number
  /** Of `topic`: how long the server waits for our answer. */
  readonly timeoutMs?: number
  /** Of `topic`: events in one notification. */
  readonly maxCount?: number
  /** What we ask it to be. Medplum knows no `requested`. Default `requested`. */
  readonly initialStatus?: 'requested' | 'active'
  /** Of the Subscription itself, and of its channel: what a server wants beside the standard. */
  readonly extension?: readonly JsonObject[]
  readonly channelExtension?: readonly JsonObject[]
  /** `auto` asks the CapabilityStatement. Default `auto`. */
  readonly release?: 'auto' | 'R4' | 'R4B' | 'R5'
  /** `none`: event numbers mean nothing (athenahealth). Default `subscription`. */
  readonly eventNumbers?: 'subscription' | 'none'
  /** How long an event may be overtaken by others before it is asked for. Default 30 s. */
  readonly gapWaitMs?: number
}
