import { setTimeout as wait } from 'node:timers/promises'
import type { ChartChange } from './chart.ts'
import { appointmentResource } from './fhir-resources.ts'
import type { Journal } from './journal.ts'

/** Where the subscription points: the endpoint of a rest-hook channel, and the secret of its `Authorization` header. */
export interface HookTarget {
  readonly url: string
  readonly secret: string
}

/** With a payload the resource is PUT below the endpoint, as HAPI does; without one the endpoint gets an empty POST. */
export type HookForm = 'resource' | 'empty'

interface HookOptions {
  readonly target: () => HookTarget | undefined
  readonly form: (change: ChartChange) => HookForm
  readonly journal: Journal
  readonly answerMs: number
  readonly retryMs: readonly number[]
  readonly signal: AbortSignal
}

/** Delivers the rest-hook of one change and gives up after a few tries, as HAPI does. Never throws. */
export function restHook({ target, form, journal, answerMs, retryMs, signal }: HookOptions): (change: ChartChange) => Promise<void> {
  return async (change) => {
    const { appointment } = change
    const empty = form(change) === 'empty'
    const body = empty ? '' : JSON.stringify(appointmentResource(appointment), undefined, 2)
    const title = empty ? 'POST (empty)' : `PUT Appointment/${appointment.id}`
    const entry = journal.open({ protocol: 'fhir', direction: 'to Rappel', title, appointmentId: appointment.id, sent: body })
    let refusal: string | undefined
    for (const pause of [0, ...retryMs]) {
      if (pause > 0) await wait(pause, undefined, { signal }).catch(() => undefined)
      const to = target()
      if (signal.aborted || !to) break
      const request = new Request(empty ? to.url : `${to.url}/Appointment/${appointment.id}`, {
        method: empty ? 'POST' : 'PUT',
        headers: { authorization: `Bearer ${to.secret}`, ...(!empty && { 'content-type': 'application/fhir+json' }) },
        ...(!empty && { body }),
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
      })
      const response = await fetch(request).catch(() => undefined)
      await response?.body?.cancel()
      if (!response) continue
      if (response.ok) return journal.settle(entry, 'accepted', String(response.status))
      refusal = String(response.status)
    }
    journal.settle(entry, refusal === undefined ? 'lost' : 'refused', refusal)
  }
}
