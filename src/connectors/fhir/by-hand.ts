import type { WriteBack } from '../../core/write-back.ts'
import { applied, type CurrentOptions, readCurrent } from './current.ts'
import type { JsonObject } from './json.ts'
import type { FhirWriteBack } from './options.ts'
import { createOnce, ownIdentifier } from './own-record.ts'
import type { Attempt } from './write-outcome.ts'

const words: Readonly<Record<'confirm' | 'cancel' | 'arrive', string>> = {
  confirm: 'Le patient confirme ce rendez-vous. / The patient confirms this appointment.',
  cancel: 'Le patient annule ce rendez-vous. / The patient cancels this appointment.',
  arrive: 'Le patient est arrivé. / The patient has arrived.',
}

/** For a person at the EHR to do, where nothing else can be written (WB-6): a Task or a Communication, once. */
export async function byHand(
  writeBack: WriteBack,
  hand: NonNullable<FhirWriteBack['byHand']>,
  options: CurrentOptions,
  signal: AbortSignal,
): Promise<Attempt> {
  if (writeBack.kind === 'answers') return { kind: 'no way', reason: 'answers are not written by FHIR' }
  const current = await readCurrent(writeBack, options, signal)
  if (current.kind !== 'current') return current
  if (current.judgement.kind === 'conflict') return current.judgement
  if (current.judgement.kind === 'satisfied') return applied(current)
  const resource =
    hand.as === 'task'
      ? taskOf(writeBack, hand, words[writeBack.kind])
      : communicationOf(writeBack, hand, words[writeBack.kind], current.release)
  const failed = await createOnce(resource, writeBack, options, signal)
  if (failed) return failed.kind === 'no way' ? { kind: 'refused', reason: failed.reason } : failed
  return { kind: 'applied', verified: false, reason: `by hand: a ${hand.as === 'task' ? 'Task' : 'Communication'} at the EHR` }
}

function taskOf(writeBack: WriteBack, { recipient }: NonNullable<FhirWriteBack['byHand']>, description: string): JsonObject {
  return {
    resourceType: 'Task',
    identifier: [ownIdentifier(writeBack)],
    status: 'requested',
    intent: 'order',
    priority: writeBack.kind === 'confirm' ? 'routine' : 'urgent',
    description,
    focus: { reference: `Appointment/${writeBack.ehrId}` },
    for: { reference: `Patient/${writeBack.patientEhrId}` },
    authoredOn: writeBack.answeredAt.toString({ smallestUnit: 'second' }),
    ...(recipient !== undefined && { owner: { reference: recipient } }),
  }
}

/** R5 has no plain text in a payload. */
function communicationOf(
  writeBack: WriteBack,
  { recipient }: NonNullable<FhirWriteBack['byHand']>,
  text: string,
  release: 'R4' | 'R5',
): JsonObject {
  return {
    resourceType: 'Communication',
    identifier: [ownIdentifier(writeBack)],
    status: 'completed',
    subject: { reference: `Patient/${writeBack.patientEhrId}` },
    about: [{ reference: `Appointment/${writeBack.ehrId}` }],
    sent: writeBack.answeredAt.toString({ smallestUnit: 'second' }),
    ...(recipient !== undefined && { recipient: [{ reference: recipient }] }),
    payload: [release === 'R5' ? { contentCodeableConcept: { text } } : { contentString: text }],
  }
}
