import type { Context } from 'hono'
import type { Clockface } from '../../../core/local-time.ts'
import type { Language } from '../../../core/words/language.ts'
import type { InboxRow } from '../../../store/port/inbox.ts'
import { discardReasons, isDiscarded } from '../../quarantine/acts.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { consolePage } from '../page.ts'
import { Facts } from '../parts/facts.tsx'
import { Field, Select } from '../parts/field.tsx'
import { Head } from '../parts/head.tsx'
import { Note, Toast } from '../parts/note.tsx'
import { Panel } from '../parts/panel.tsx'
import { When } from '../parts/when.tsx'
import { sayCount } from '../technical-face.ts'
import { quarantineTexts } from './texts.ts'
import { showVerbatim } from './verbatim.ts'

export interface OneView {
  readonly row: InboxRow
  readonly body: Uint8Array | undefined
  /** How many others have the same fault. */
  readonly alike: number
  readonly said: string | undefined
  readonly face: Clockface & { readonly language: Language }
}

/** One message that could not be read: its words, where they fail, and what to do. */
export function envelopePage(c: Context<StaffEnv>, view: OneView): Response | Promise<Response> {
  const { row, body, said, face } = view
  const texts = quarantineTexts[face.language]
  return consolePage(
    c,
    { title: texts.oneTitle, active: 'quarantine' },
    <>
      {said && <Toast>{said}</Toast>}
      <Head crumbs={[{ href: '/console/quarantine', name: texts.title }]} title={texts.oneTitle} />
      <div class="stack wide">
        <About row={row} face={face} />
        {isDiscarded(row) ? <Aside row={row} face={face} /> : row.state === 'quarantined' && <Acts view={view} />}
        <Panel id="texte" title={texts.text} aside={texts.textHint} look="stack">
          {body && body.length > 0 ? <Verbatim row={row} body={body} face={face} /> : <p>{texts.gone}</p>}
        </Panel>
      </div>
    </>,
  )
}

interface Part {
  readonly row: InboxRow
  readonly face: OneView['face']
}

function About({ row: { envelope, fault, reason }, face }: Part) {
  const texts = quarantineTexts[face.language]
  return (
    <section class="panel">
      <Facts
        facts={[
          [texts.reason, <b lang={fault ? 'en' : undefined}>{fault?.text ?? reason}</b>],
          [texts.place, <code>{fault?.at ?? '–'}</code>],
          [texts.code, fault ? `${texts.kinds[fault.kind]}, ${fault.code}` : '–'],
          [texts.connector, <a href={`/console/connectors/${encodeURIComponent(envelope.connectorId)}`}>{envelope.connectorId}</a>],
          [texts.received, <When at={envelope.receivedAt} face={face} />],
          [texts.format, <code>{envelope.mediaType}</code>],
        ]}
      />
    </section>
  )
}

function Aside({ row, face }: Part) {
  const texts = quarantineTexts[face.language]
  return (
    <section class="panel stack">
      <Note fact={texts.aside}>{texts.discardHint}</Note>
      <form method="post" action={`/console/quarantine/${row.id}`}>
        <button class="btn" type="submit" name="do" value="back">
          {texts.takeBack}
        </button>
      </form>
    </section>
  )
}

function Acts({ view: { row, body, alike, face } }: { readonly view: OneView }) {
  const texts = quarantineTexts[face.language]
  const action = `/console/quarantine/${row.id}`
  return (
    <div class="split even">
      <form class="panel stack" method="post" action={action}>
        <p class="hint">{body ? texts.retryHint : texts.gone}</p>
        <div class="row">
          <button class="btn go" type="submit" name="do" value="retry">
            {texts.retry}
          </button>
          {alike > 1 && (
            <button class="btn" type="submit" name="do" value="alike">
              {texts.retryAll(sayCount(alike, face.language))}
            </button>
          )}
        </div>
        <p>
          <a href={`/console/connectors/${encodeURIComponent(row.envelope.connectorId)}#essai`}>{texts.tester}</a>
        </p>
      </form>
      <form class="panel stack" method="post" action={action}>
        <Field id="why" label={texts.discardWhy} hint={texts.discardHint}>
          <Select
            id="why"
            name="why"
            narrow
            chosen={undefined}
            options={discardReasons.map((value) => ({ value, name: texts.reasons[value] }))}
          />
        </Field>
        <div class="row">
          <button class="btn" type="submit" name="do" value="discard">
            {texts.discard}
          </button>
        </div>
      </form>
    </div>
  )
}

function Verbatim({ row, body, face }: Part & { readonly body: Uint8Array }) {
  const texts = quarantineTexts[face.language]
  const { pieces, cut } = showVerbatim(body, row.fault?.at)
  return (
    <>
      <section class="scroll" tabindex={0} aria-label={texts.text}>
        <pre class="mono">
          {pieces.map(({ text, fault }) =>
            fault ? (
              <mark>
                <span class="sr">{texts.here} </span>
                {text}
              </mark>
            ) : (
              text
            ),
          )}
        </pre>
      </section>
      {cut && <p class="hint">{texts.cut}</p>}
      <p>
        <a class="btn small" href={`/console/quarantine/${row.id}/download`}>
          {texts.download}
        </a>
      </p>
    </>
  )
}
