import { type WebhookEndpoint, type WebhookEventType, webhookEvents } from '../../../core/webhook.ts'
import type { Language } from '../../../core/words/language.ts'
import type { EndpointWanted } from '../../webhooks/acts.ts'
import type { WebhookTransport } from '../../webhooks/transport.ts'
import { describedBy, Field } from '../parts/field.tsx'
import type { Sent } from '../parts/form.ts'
import { webhooksTexts } from './texts.ts'
import type { WebhooksTexts } from './texts-shape.ts'

/** As its fields hold it, right or wrong. */
export type EndpointTyped = Pick<WebhookEndpoint, 'url' | 'events'> & { readonly description: string }

export const blankEndpoint: EndpointTyped = { url: '', events: [], description: '' }

export type UrlRefusal = Exclude<keyof WebhooksTexts['refused'], 'full' | 'span'>

interface EndpointFieldsProps {
  readonly language: Language
  readonly typed: EndpointTyped
  readonly refusal?: UrlRefusal | undefined
}

/** Where it goes, what of, and what it is for. */
export function EndpointFields({ language, typed, refusal }: EndpointFieldsProps) {
  const texts = webhooksTexts[language]
  return (
    <>
      <Field id="url" label={texts.url} hint={texts.urlHint} error={refusal && texts.refused[refusal]}>
        <input
          id="url"
          name="url"
          type="url"
          required
          maxlength={mostUrl}
          value={typed.url}
          autocomplete="off"
          {...describedBy('url', { hint: true, error: refusal !== undefined })}
        />
      </Field>
      <Field id="description" label={texts.description} hint={texts.descriptionHint}>
        <input
          id="description"
          name="description"
          maxlength={mostDescription}
          value={typed.description}
          autocomplete="off"
          {...describedBy('description', { hint: true })}
        />
      </Field>
      <fieldset>
        <legend>
          {texts.events} <span class="hint">{texts.eventsHint}</span>
        </legend>
        <div class="grid">
          {webhookEvents.map((type) => (
            <div>
              <label class="choice">
                <input type="checkbox" name="events" value={type} checked={typed.events.includes(type)} /> {texts.eventNames[type]}
              </label>
            </div>
          ))}
        </div>
      </fieldset>
    </>
  )
}

/** As the API has it. */
const mostUrl = 2_000
const mostDescription = 200

export interface EndpointSent {
  readonly typed: EndpointTyped
  /** Absent where the address is refused. */
  readonly wanted?: EndpointWanted
  readonly refusal?: UrlRefusal
}

/** What the fields above say, and whether something may be sent there (R23). */
export function readEndpoint(sent: Sent, transport: Pick<WebhookTransport, 'refusal'>): EndpointSent {
  const url = sent.one('url').trim().slice(0, mostUrl)
  const description = sent.one('description').trim().slice(0, mostDescription)
  const chosen = new Set(sent.all('events'))
  const events: readonly WebhookEventType[] = webhookEvents.filter((type) => chosen.has(type))
  const typed = { url, events, description }
  const refusal = transport.refusal(url)
  return refusal ? { typed, refusal } : { typed, wanted: { url, events, ...(description !== '' && { description }) } }
}
