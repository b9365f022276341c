import type { Temporal } from 'temporal-polyfill'
import type { WebhookDelivery, WebhookEndpoint, WebhookEvent } from '../../core/webhook.ts'

/** Who is told of what happens, and what is on its way to them (an outbox). */
export interface WebhooksTable {
  find(id: string): Promise<WebhookEndpoint | undefined>
  save(endpoint: WebhookEndpoint): Promise<void>
  /** In the order they were made. */
  ofClinic(clinicId: string, limit: number): Promise<readonly WebhookEndpoint[]>
  /** With all that was on its way there. */
  remove(id: string): Promise<void>
  /** False: this fact has been written down before. */
  insertEvent(event: WebhookEvent): Promise<boolean>
  findEvent(id: string): Promise<WebhookEvent | undefined>
  /** Of one clinic in that time (from included, until not), oldest first; `after` is the last of the page before. */
  events(clinicId: string, page: EventsPage): Promise<readonly WebhookEvent[]>
  /** One of each endpoint and event. */
  saveDelivery(delivery: WebhookDelivery): Promise<void>
  findDelivery(endpointId: string, eventId: string): Promise<WebhookDelivery | undefined>
  /** Pending and due, soonest first. */
  due(now: Temporal.Instant, limit: number): Promise<readonly WebhookDelivery[]>
  nextDueAt(): Promise<Temporal.Instant | undefined>
  /** Of one endpoint in one state, newest first; `before` is the last of the page before: its event and when it was made. */
  deliveries(
    endpointId: string,
    state: WebhookDelivery['state'],
    page: { readonly limit: number; readonly before?: { readonly id: string; readonly at: Temporal.Instant } },
  ): Promise<readonly WebhookDelivery[]>
  /** Deletes events of before then with their deliveries, so many at most; how many. */
  forget(before: Temporal.Instant, limit: number): Promise<number>
}

export interface EventsPage {
  readonly from: Temporal.Instant
  readonly until: Temporal.Instant
  readonly limit: number
  readonly after?: Pick<WebhookEvent, 'id' | 'at'>
}
