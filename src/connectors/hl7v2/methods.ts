import type { AnswersMethod } from './outbound-answers.ts'
import type { OutboundKind } from './telling.ts'

/** A message that tells the EHR what the patient did; which ones it takes is its own affair (§1.1). */
export type ConfirmMethod = 'SIU^S14' | 'SRM^S03'
export type CancelMethod = 'SIU^S15' | 'SIU^S14' | 'SRM^S04'
export type ArriveMethod = 'SIU^S14' | 'ADT^A10' | 'ADT^A04'
export type Method = ConfirmMethod | CancelMethod | ArriveMethod

/** Best first. Of answers to a questionnaire none unless told: a receiver of appointments is no receiver of results. */
export type Methods = Readonly<Record<OutboundKind, readonly Method[]>> & { readonly answers: readonly AnswersMethod[] }

const ordinary: Methods = {
  answers: [],
  confirm: ['SIU^S14'],
  cancel: ['SIU^S15'],
  arrive: ['SIU^S14'],
}

interface MethodOptions {
  readonly confirm?: readonly ConfirmMethod[]
  readonly cancel?: readonly CancelMethod[]
  readonly arrive?: readonly ArriveMethod[]
  readonly answers?: readonly AnswersMethod[]
  readonly mayOpenVisit?: boolean
}

/** Throws on an A04 nobody has allowed: it registers a visit, and may open its billing. */
export function readMethods({ confirm, cancel, arrive, answers, mayOpenVisit }: MethodOptions): Methods {
  if (arrive?.includes('ADT^A04') && mayOpenVisit !== true) {
    throw new Error('ADT^A04 registers a visit and may open its billing: say mayOpenVisit: true, or take ADT^A10')
  }
  return {
    confirm: confirm ?? ordinary.confirm,
    cancel: cancel ?? ordinary.cancel,
    arrive: arrive ?? ordinary.arrive,
    answers: answers ?? ordinary.answers,
  }
}
