/** Notifications of topic-based subscriptions, in the words of R4 (Backport IG) and of R5. */
export interface Told {
  readonly type?: string
  readonly events?: readonly (readonly [number: number, id: string])[]
  readonly counter?: number
  readonly at?: string
  readonly status?: string
}

const told = { type: 'event-notification', events: [], status: 'active', at: '2026-03-01T10:59:00Z' } as const

export function backportStatus(baseUrl: string, said: Told) {
  const { type, events, counter, at, status } = { ...told, counter: undefined, ...said }
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'subscription', valueReference: { reference: `${baseUrl}/Subscription/s1` } },
      { name: 'status', valueCode: status },
      { name: 'type', valueCode: type },
      ...(counter === undefined ? [] : [{ name: 'events-since-subscription-start', valueString: String(counter) }]),
      ...events.map(([number, id]) => ({
        name: 'notification-event',
        part: [
          { name: 'event-number', valueString: String(number) },
          { name: 'timestamp', valueInstant: at },
          { name: 'focus', valueReference: { reference: `${baseUrl}/Appointment/${id}` } },
        ],
      })),
    ],
  }
}

export function statusR5(baseUrl: string, said: Told) {
  const { type, events, counter, at, status } = { ...told, counter: undefined, ...said }
  return {
    resourceType: 'SubscriptionStatus',
    status,
    type,
    ...(counter !== undefined && { eventsSinceSubscriptionStart: String(counter) }),
    notificationEvent: events.map(([number, id]) => ({
      eventNumber: String(number),
      timestamp: at,
      focus: { reference: `${baseUrl}/Appointment/${id}` },
    })),
    subscription: { reference: 'Subscription/s1' },
  }
}

export function notification(status: object, at: string = told.at) {
  const request = { method: 'GET', url: 'Subscription/s1/$status' }
  return { resourceType: 'Bundle', type: 'history', timestamp: at, entry: [{ request, resource: status }] }
}
