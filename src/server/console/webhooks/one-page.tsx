import type { Context } from 'hono'
import type { StaffEnv } from '../../routes/route.ts'
import { consolePage } from '../page.ts'
import { ErrorSummary } from '../parts/errors.tsx'
import { Facts } from '../parts/facts.tsx'
import { Head } from '../parts/head.tsx'
import { Toast } from '../parts/note.tsx'
import { Panel } from '../parts/panel.tsx'
import { SpanFields, type SpanTyped } from '../parts/span.tsx'
import { When } from '../parts/when.tsx'
import { Deliveries, type DeliveriesView } from './deliveries.tsx'
import { EndpointFields, type EndpointTyped, type UrlRefusal } from './endpoint-form.tsx'
import { EndpointState, errorOf, nameOf } from './list-page.tsx'
import { webhooksTexts } from './texts.ts'

export interface EndpointView extends DeliveriesView {
  readonly span: SpanTyped
  readonly done: string | undefined
  /** A form that was refused, as it was typed. */
  readonly refused?: { readonly why: UrlRefusal; readonly typed: EndpointTyped } | { readonly why: 'span' }
}

/** One address: what it is told, what it took, and what is told again. */
export function endpointPage(c: Context<StaffEnv>, view: EndpointView): Response | Promise<Response> {
  const { base, endpoint, face, done, refused } = view
  const texts = webhooksTexts[face.language]
  return consolePage(
    c,
    { title: texts.title, active: 'webhooks' },
    <>
      {done !== undefined && <Toast>{done}</Toast>}
      <ErrorSummary language={face.language} errors={refused ? [errorOf(texts, refused.why)] : []} />
      <Head crumbs={[{ href: base, name: texts.title }]} title={nameOf(endpoint)} />
      <div class="stack wide">
        <Panel id="state" title={texts.state}>
          <Facts
            facts={[
              [texts.url, endpoint.url],
              [texts.state, <EndpointState texts={texts} endpoint={endpoint} />],
              [texts.since, <When at={endpoint.createdAt} face={face} />],
            ]}
          />
        </Panel>
        <Deliveries view={view} />
        <Replay view={view} />
        <Edit view={view} />
        <Acts view={view} />
      </div>
    </>,
    refused ? 422 : 200,
  )
}

type Part = { readonly view: EndpointView }

const addressOf = ({ base, endpoint }: EndpointView) => `${base}/${endpoint.id}`

function Replay({ view }: Part) {
  const { endpoint, span, face, refused } = view
  const texts = webhooksTexts[face.language]
  const { title, hint, labels, go, paused } = texts.replay
  return (
    <Panel id="replay" title={title} aside={hint} look="stack">
      {endpoint.state === 'disabled' ? (
        <p>{paused}</p>
      ) : (
        <form method="post" action={addressOf(view)} class="stack">
          <SpanFields {...span} face={face} labels={labels} error={refused?.why === 'span' ? texts.refused.span : undefined} />
          <button class="btn" type="submit" name="do" value="replay">
            {go}
          </button>
        </form>
      )}
    </Panel>
  )
}

function Edit({ view }: Part) {
  const { endpoint, face, refused } = view
  const texts = webhooksTexts[face.language]
  const { url, events, description = '' } = endpoint
  const wrong = refused && refused.why !== 'span' ? refused : undefined
  return (
    <Panel id="edit" title={texts.edit}>
      <form method="post" action={addressOf(view)} class="stack">
        <EndpointFields language={face.language} typed={wrong?.typed ?? { url, events, description }} refusal={wrong?.why} />
        <button class="btn go" type="submit" name="do" value="change">
          {texts.save}
        </button>
      </form>
    </Panel>
  )
}

function Acts({ view }: Part) {
  const { endpoint, face } = view
  const texts = webhooksTexts[face.language]
  const isPaused = endpoint.state === 'disabled'
  return (
    <Panel id="acts" title={texts.acts}>
      <form method="post" action={addressOf(view)} class="stack">
        <p>
          <button class="btn" type="submit" name="do" value={isPaused ? 'resume' : 'pause'} aria-describedby="pause-hint">
            {isPaused ? texts.resume : texts.pause}
          </button>
        </p>
        <p class="hint" id="pause-hint">
          {isPaused ? texts.resumeHint : texts.pauseHint}
        </p>
        <p>
          <button class="btn" type="submit" name="do" value="rotate" aria-describedby="rotate-hint">
            {texts.secret.rotate}
          </button>
        </p>
        <p class="hint" id="rotate-hint">
          {texts.secret.rotateHint}
        </p>
        <details>
          <summary>{texts.remove}</summary>
          <p>
            <button class="btn danger" type="submit" name="do" value="remove">
              {texts.removeSure}
            </button>
          </p>
        </details>
      </form>
    </Panel>
  )
}
