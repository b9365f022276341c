import type { Clockface } from '../../../core/local-time.ts'
import { sayDayAndHour } from '../../../core/local-time.ts'
import type { WebhookAnswer, WebhookDelivery, WebhookEndpoint } from '../../../core/webhook.ts'
import type { Language } from '../../../core/words/language.ts'
import { Paging } from '../parts/paging.tsx'
import { Panel } from '../parts/panel.tsx'
import { Columns, Table } from '../parts/table.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { Tag } from '../parts/tag.tsx'
import { When } from '../parts/when.tsx'
import { webhooksTexts } from './texts.ts'
import type { WebhooksTexts } from './texts-shape.ts'

export const deliveryStates = ['failed', 'pending', 'delivered'] as const satisfies readonly WebhookDelivery['state'][]

export interface DeliveriesView {
  /** Of the page of all endpoints. */
  readonly base: string
  readonly endpoint: WebhookEndpoint
  readonly state: WebhookDelivery['state']
  readonly deliveries: readonly WebhookDelivery[]
  readonly next: string | undefined
  readonly face: Clockface & { readonly language: Language }
}

/** What the address was told, and what it answered. */
export function Deliveries({ view }: { readonly view: DeliveriesView }) {
  const { base, endpoint, state, deliveries, next, face } = view
  const texts = webhooksTexts[face.language].deliveries
  return (
    <Panel id="deliveries" title={texts.title} aside={texts.hint} look="stack">
      <Tabs
        label={texts.filter}
        tabs={deliveryStates.map((each) => ({
          href: `${base}/${endpoint.id}?state=${each}`,
          name: texts.states[each],
          current: each === state,
        }))}
      />
      {deliveries.length === 0 ? (
        <p>{texts.empty[state]}</p>
      ) : (
        <Table label={`${texts.title}, ${texts.states[state]}`}>
          <Columns names={texts.columns} />
          <tbody>
            {deliveries.map((each) => (
              <Row delivery={each} view={view} />
            ))}
          </tbody>
        </Table>
      )}
      <Paging language={face.language} next={next} />
    </Panel>
  )
}

const tints = { failed: 'bad', pending: 'info', delivered: 'ok' } as const

function Row({ delivery, view }: { readonly delivery: WebhookDelivery; readonly view: DeliveriesView }) {
  const { base, endpoint, face } = view
  const { eventNames, deliveries: texts } = webhooksTexts[face.language]
  const { eventId, type, state, createdAt, attempts, nextTryAt, answers } = delivery
  return (
    <tr>
      <th scope="row">
        <When at={createdAt} face={face} />
      </th>
      <td>
        {eventNames[type]}
        <p class="hint mono">{eventId}</p>
      </td>
      <td>
        <Tag tint={tints[state]}>{texts.states[state]}</Tag> <span class="hint">{sayAnswer(texts, answers.at(-1))}</span>
        {attempts > 0 && <p class="hint">{texts.tries(attempts)}</p>}
        {state === 'pending' && <p class="hint">{texts.nextTry(sayDayAndHour(nextTryAt, face))}</p>}
      </td>
      <td>
        {state !== 'pending' && endpoint.state === 'enabled' && (
          <form method="post" action={`${base}/${endpoint.id}`}>
            <input type="hidden" name="event" value={eventId} />
            <input type="hidden" name="state" value={state} />
            <button class="btn small" type="submit" name="do" value="again" aria-label={texts.againOf(eventId)}>
              {texts.again}
            </button>
          </form>
        )}
      </td>
    </tr>
  )
}

/** What came of the last try: the status, or a code where there was no answer. */
function sayAnswer(texts: WebhooksTexts['deliveries'], answer: WebhookAnswer | undefined): string {
  if (!answer) return ''
  if (answer.status !== undefined) return texts.answered(answer.status)
  return answer.reason === undefined ? texts.unanswered : `${texts.unanswered} (${answer.reason})`
}
