import type { WriteBack } from '../../core/write-back.ts'
import { applied, type CurrentOptions, readCurrent, verify } from './current.ts'
import { isObject, objectsOf } from './json.ts'
import { createOnce, ownIdentifier } from './own-record.ts'
import type { Attempt } from './write-outcome.ts'

/** By an AppointmentResponse, for servers that let nobody change an appointment; whether the appointment follows is theirs (interop.md 2.2). */
export async function byResponse(writeBack: WriteBack, options: CurrentOptions, signal: AbortSignal): Promise<Attempt> {
  if (writeBack.kind === 'arrive') return { kind: 'no way', reason: 'an AppointmentResponse tells no arrival' }
  const current = await readCurrent(writeBack, options, signal)
  if (current.kind !== 'current') return current
  const { judgement, appointment, participant = -1 } = current
  if (judgement.kind === 'conflict') return judgement
  if (judgement.kind === 'satisfied') return applied(current)
  const actor = objectsOf(appointment.participant)[participant]?.actor
  const response = {
    resourceType: 'AppointmentResponse',
    identifier: [ownIdentifier(writeBack)],
    appointment: { reference: `Appointment/${writeBack.ehrId}` },
    ...(isObject(actor) && { actor }),
    participantStatus: writeBack.kind === 'confirm' ? 'accepted' : 'declined',
  }
  const failed = await createOnce(response, writeBack, options, signal)
  if (failed) return failed
  const outcome = await verify(writeBack, options, signal)
  return outcome.kind === 'applied' && !outcome.verified
    ? { ...outcome, reason: 'an AppointmentResponse: the appointment is as before' }
    : outcome
}
