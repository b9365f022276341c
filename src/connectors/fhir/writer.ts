import type { WriteBack, WriteBackKind, WriteBackOutcome } from '../../core/write-back.ts'
import type { WriteRequest } from '../connector.ts'
import { patientCancelled } from './answer.ts'
import { byAppointment } from './by-appointment.ts'
import { byEncounter } from './by-encounter.ts'
import { byHand } from './by-hand.ts'
import { byQuestionnaireResponse } from './by-questionnaire-response.ts'
import { byResponse } from './by-response.ts'
import type { CapabilityWatch } from './capability.ts'
import type { FhirWriteBack, WriteWay } from './options.ts'
import { paced } from './pace.ts'
import { type Changer, resourceChanger } from './resource-change.ts'
import type { SnapshotOptions } from './snapshot.ts'
import type { Attempt } from './write-outcome.ts'

export interface WriterOptions extends SnapshotOptions {
  readonly capabilities: CapabilityWatch
  readonly settings: FhirWriteBack
  readonly zone: string
}

export interface Writer {
  readonly writes: ReadonlySet<WriteBackKind>
  /** Never throws for what the server does. */
  write(request: Pick<WriteRequest, 'writeBack' | 'answers'>, signal: AbortSignal): Promise<WriteBackOutcome>
}

type Answer = Exclude<WriteBackKind, 'answers'>

/** Ways nobody wrote down: the first that the CapabilityStatement does not rule out. */
const defaultWays: Readonly<Record<Answer, readonly WriteWay[]>> = {
  confirm: ['appointment', 'response'],
  cancel: ['appointment', 'response'],
  arrive: ['appointment', 'encounter'],
}

/** Brings one answer to the server, by the first way that it takes; a person at the EHR is the last one (WB-6). */
export function writer(options: WriterOptions): Writer {
  const { settings, client, capabilities, zone } = options
  const { ways = {}, byHand: hand, arrivedStatus = 'arrived', confirmedBy = 'participant', cancelReason = patientCancelled } = settings
  const pace = paced(settings.perSecond ?? 5)
  const change: Changer = resourceChanger({ client: atPace(client, pace), capabilities, settings })
  const judging = { zone, arrivedStatus, confirmedBy, cancelReason, capabilities, ...(settings.release && { release: settings.release }) }
  const writing = { ...options, ...judging, client: atPace(client, pace), change, conflictPauseMs: settings.conflictPauseMs ?? 200 }
  const bring: Readonly<Record<WriteWay, (writeBack: WriteBack, signal: AbortSignal) => Promise<Attempt>>> = {
    appointment: (writeBack, signal) => byAppointment(writeBack, writing, signal),
    response: (writeBack, signal) => byResponse(writeBack, writing, signal),
    encounter: (writeBack, signal) => byEncounter(writeBack, writing, signal),
  }
  const kinds: readonly Answer[] = ['confirm', 'cancel', 'arrive']
  return {
    writes: new Set([
      ...kinds.filter((kind) => hand !== undefined || (ways[kind] ?? defaultWays[kind]).length > 0),
      ...(settings.answers ? (['answers'] as const) : []),
    ]),
    async write({ writeBack, answers }, signal) {
      const { kind } = writeBack
      if (kind === 'answers') {
        const release = settings.release ?? (await capabilities.get(signal))?.release ?? 'R4'
        return await byQuestionnaireResponse(writeBack, answers, { ...writing, release }, signal)
      }
      let last: Attempt = { kind: 'no way', reason: 'the EHR offers no way to write that' }
      for (const way of ways[kind] ?? (await offered(defaultWays[kind], capabilities, signal))) {
        last = await bring[way](writeBack, signal)
        if (last.kind !== 'no way') break
      }
      if (last.kind !== 'no way' && last.kind !== 'refused') return last
      if (hand) last = await byHand(writeBack, hand, writing, signal)
      return last.kind === 'no way' ? { kind: 'refused', reason: last.reason } : last
    },
  }
}

/** Appointments are always tried: what their statement leaves out is found there. */
async function offered(ways: readonly WriteWay[], capabilities: CapabilityWatch, signal: AbortSignal): Promise<readonly WriteWay[]> {
  const known = await capabilities.get(signal)
  return ways.filter((way) => {
    if (way === 'response') return known?.offers('AppointmentResponse', 'create') ?? false
    if (way === 'encounter') return known !== undefined && (known.patches('Encounter').length > 0 || known.offers('Encounter', 'update'))
    return true
  })
}

function atPace(client: SnapshotOptions['client'], pace: (signal: AbortSignal) => Promise<void>): SnapshotOptions['client'] {
  const stopped = { kind: 'failed', unsent: true, reason: 'stopped' } as const
  const inTime = async <T>(signal: AbortSignal, act: () => Promise<T>) => {
    try {
      await pace(signal)
    } catch {
      return stopped
    }
    return await act()
  }
  return {
    ...client,
    patch: (key, patch, ifMatch, signal) => inTime(signal, () => client.patch(key, patch, ifMatch, signal)),
    put: (resource, ifMatch, signal) => inTime(signal, () => client.put(resource, ifMatch, signal)),
    create: (resource, ifNoneExist, signal) => inTime(signal, () => client.create(resource, ifNoneExist, signal)),
  }
}
