import type { WebhookDelivery, WebhookEndpoint, WebhookEventType } from '../../../core/webhook.ts'
import type { AddressRefusal } from '../../webhooks/transport.ts'

/** What was just done, told on the page after it. */
export type WebhookDone = 'changed' | 'paused' | 'resumed' | 'removed' | 'replayed' | 'full' | 'gone'

export interface WebhooksTexts {
  readonly title: string
  readonly hint: string
  readonly empty: { readonly fact: string; readonly how: string; readonly next: string; readonly reference: string }
  readonly table: string
  readonly columns: readonly [url: string, events: string, state: string, since: string]
  readonly allEvents: string
  readonly someEvents: (count: number, of: number) => string
  readonly states: Readonly<Record<WebhookEndpoint['state'], string>>
  readonly reasons: Readonly<Record<string, string>>
  readonly state: string
  readonly since: string
  readonly description: string
  readonly descriptionHint: string
  readonly url: string
  readonly urlHint: string
  readonly events: string
  readonly eventsHint: string
  readonly eventNames: Readonly<Record<WebhookEventType, string>>
  readonly add: string
  readonly addDo: string
  readonly edit: string
  readonly save: string
  readonly refused: Readonly<Record<AddressRefusal | 'full' | 'span', string>>
  readonly secret: {
    readonly title: string
    readonly fact: string
    readonly rest: string
    readonly label: string
    readonly back: string
    readonly rotate: string
    readonly rotateHint: string
  }
  readonly acts: string
  readonly pause: string
  readonly pauseHint: string
  readonly resume: string
  readonly resumeHint: string
  readonly remove: string
  readonly removeSure: string
  readonly deliveries: {
    readonly title: string
    readonly hint: string
    readonly filter: string
    readonly states: Readonly<Record<WebhookDelivery['state'], string>>
    readonly empty: Readonly<Record<WebhookDelivery['state'], string>>
    readonly columns: readonly [when: string, what: string, answered: string, act: string]
    readonly tries: (count: number) => string
    readonly answered: (status: number) => string
    readonly unanswered: string
    readonly nextTry: (when: string) => string
    readonly again: string
    readonly againOf: (id: string) => string
  }
  readonly replay: {
    readonly title: string
    readonly hint: string
    readonly labels: readonly [from: string, until: string]
    readonly go: string
    readonly paused: string
  }
  readonly replayed: (count: number) => string
  readonly done: Readonly<Record<Exclude<WebhookDone, 'replayed'>, string>>
}
