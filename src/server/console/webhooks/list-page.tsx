import type { Context } from 'hono'
import type { Clockface } from '../../../core/local-time.ts'
import { type WebhookEndpoint, webhookEvents } from '../../../core/webhook.ts'
import type { Language } from '../../../core/words/language.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { consolePage } from '../page.ts'
import { ErrorSummary, type FieldError } from '../parts/errors.tsx'
import { Head } from '../parts/head.tsx'
import { Note, Toast } from '../parts/note.tsx'
import { Panel } from '../parts/panel.tsx'
import { Columns, Table } from '../parts/table.tsx'
import { Tag } from '../parts/tag.tsx'
import { When } from '../parts/when.tsx'
import { blankEndpoint, EndpointFields, type EndpointTyped, type UrlRefusal } from './endpoint-form.tsx'
import { webhooksTexts } from './texts.ts'
import type { WebhooksTexts } from './texts-shape.ts'

export interface EndpointsView {
  readonly base: string
  readonly endpoints: readonly WebhookEndpoint[]
  readonly face: Clockface & { readonly language: Language }
  readonly done: string | undefined
  /** A form that was refused, as it was typed. */
  readonly refused?: { readonly typed: EndpointTyped; readonly why: UrlRefusal | 'full' }
}

/** Whom a clinic's systems have told of what happens. */
export function endpointsPage(c: Context<StaffEnv>, view: EndpointsView): Response | Promise<Response> {
  const { base, endpoints, face, done, refused } = view
  const texts = webhooksTexts[face.language]
  return consolePage(
    c,
    { title: texts.title, active: 'webhooks' },
    <>
      {done !== undefined && <Toast>{done}</Toast>}
      <ErrorSummary language={face.language} errors={refused ? [errorOf(texts, refused.why)] : []} />
      <Head title={texts.title} hint={texts.hint} />
      <div class="stack wide">
        {endpoints.length === 0 ? <Empty texts={texts} /> : <Endpoints view={view} />}
        <Panel id="add" title={texts.add}>
          <form method="post" action={base} class="stack">
            <EndpointFields language={face.language} typed={refused?.typed ?? blankEndpoint} refusal={urlRefusal(refused?.why)} />
            <button class="btn go" type="submit">
              {texts.addDo}
            </button>
          </form>
        </Panel>
      </div>
    </>,
    refused ? 422 : 200,
  )
}

/** The sentence of the summary, which leads to the field where it is of one. */
export function errorOf({ refused }: WebhooksTexts, why: UrlRefusal | 'full' | 'span'): FieldError {
  const fields = { full: undefined, span: 'from' } as const
  const field = why === 'full' || why === 'span' ? fields[why] : 'url'
  return { ...(field && { field }), says: refused[why] }
}

function urlRefusal(why: UrlRefusal | 'full' | undefined): UrlRefusal | undefined {
  return why === 'full' ? undefined : why
}

function Empty({ texts: { empty } }: { readonly texts: WebhooksTexts }) {
  return (
    <section class="panel stack">
      <Note tint="info" fact={empty.fact}>
        {empty.how}
      </Note>
      <p>
        {empty.next} <a href="/api/reference">{empty.reference}</a>
      </p>
    </section>
  )
}

function Endpoints({ view: { base, endpoints, face } }: { readonly view: EndpointsView }) {
  const texts = webhooksTexts[face.language]
  return (
    <section class="panel flush">
      <Table label={texts.table}>
        <Columns names={texts.columns} />
        <tbody>
          {endpoints.map(({ id, url, description, events, state, reason, createdAt }) => (
            <tr>
              <th scope="row">
                <a href={`${base}/${id}`}>{nameOf({ url, ...(description !== undefined && { description }) })}</a>
                <p class="hint">{url}</p>
              </th>
              <td>{events.length === 0 ? texts.allEvents : texts.someEvents(events.length, webhookEvents.length)}</td>
              <td>
                <EndpointState texts={texts} endpoint={{ state, ...(reason !== undefined && { reason }) }} />
              </td>
              <td>
                <When at={createdAt} face={face} as="day" />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </section>
  )
}

/** What it is for, as somebody wrote; else the machine it leads to. */
export function nameOf({ url, description }: Pick<WebhookEndpoint, 'url' | 'description'>): string {
  return description ?? new URL(url).host
}

interface EndpointStateProps {
  readonly texts: WebhooksTexts
  readonly endpoint: Pick<WebhookEndpoint, 'state' | 'reason'>
}

/** A person's pause is a decision, a silence is not. */
export function EndpointState({ texts, endpoint: { state, reason } }: EndpointStateProps) {
  if (state === 'enabled') return <Tag tint="ok">{texts.states.enabled}</Tag>
  return (
    <>
      <Tag tint={reason === 'by_hand' ? 'stop' : 'bad'}>{texts.states.disabled}</Tag>
      {reason !== undefined && <p class="hint">{texts.reasons[reason] ?? reason}</p>}
    </>
  )
}
