import type { Context } from 'hono'
import type { Clockface } from '../../../core/local-time.ts'
import type { Language } from '../../../core/words/language.ts'
import type { InboxRow } from '../../../store/port/inbox.ts'
import type { Job } from '../../job.ts'
import type { Retried } from '../../quarantine/retry-many.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { consolePage } from '../page.ts'
import { Head } from '../parts/head.tsx'
import { Toast } from '../parts/note.tsx'
import { Paging } from '../parts/paging.tsx'
import { Empty, Panel } from '../parts/panel.tsx'
import { Columns, Table } from '../parts/table.tsx'
import { When } from '../parts/when.tsx'
import { sayAge, sayCount } from '../technical-face.ts'
import { quarantineTexts } from './texts.ts'

export interface ListView {
  readonly rows: readonly InboxRow[]
  readonly next: string | undefined
  /** Those whose quarantine one may have read again, each with the last time it was. */
  readonly connectors: readonly { readonly id: string; readonly job?: Job<Retried> }[]
  readonly said: { readonly text: string; readonly undo?: string } | undefined
  readonly face: Clockface & { readonly language: Language }
}

/** What could not be read, newest first. */
export function quarantinePage(c: Context<StaffEnv>, { rows, next, said, connectors, face }: ListView): Response | Promise<Response> {
  const texts = quarantineTexts[face.language]
  if (connectors.some(({ job }) => job?.state === 'running')) c.header('refresh', '3')
  return consolePage(
    c,
    { title: texts.title, active: 'quarantine' },
    <>
      {said && (
        <Toast>
          {said.text} {said.undo && <a href={said.undo}>{texts.undo}</a>}
        </Toast>
      )}
      <Head title={texts.title} hint={texts.hint} />
      {rows.length === 0 ? (
        <Empty>{texts.empty}</Empty>
      ) : (
        <section class="panel flush">
          <Table label={texts.table}>
            <Columns names={texts.columns} />
            <tbody>
              {rows.map(({ id, envelope, fault, reason }) => (
                <tr>
                  <th scope="row">
                    <a href={`/console/quarantine/${id}`}>
                      <When at={envelope.receivedAt} face={face} />
                    </a>
                    <br />
                    <span class="hint">{sayAge(envelope.receivedAt, face)}</span>
                  </th>
                  <td>{envelope.connectorId}</td>
                  <td class="mono">{fault?.at}</td>
                  <td lang={fault ? 'en' : undefined}>{fault?.text ?? reason}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </section>
      )}
      <RetryAll
        connectors={connectors.filter(({ id, job }) => job || rows.some(({ envelope }) => envelope.connectorId === id))}
        face={face}
      />
      <Paging language={face.language} next={next} />
    </>,
  )
}

/** All of one connector at once, and how far the last time came. */
function RetryAll({ connectors, face }: Pick<ListView, 'connectors' | 'face'>) {
  const { all } = quarantineTexts[face.language]
  if (connectors.length === 0) return null
  return (
    <Panel id="relance" title={all.title} look="stack">
      <p class="hint">{all.hint}</p>
      {connectors.map(({ id, job }) => (
        <>
          {job?.state !== 'running' && (
            <form method="post" action={`/console/connectors/${encodeURIComponent(id)}/quarantine`}>
              <button class="btn" type="submit">
                {all.act(id)}
              </button>
            </form>
          )}
          {job && <Came id={id} job={job} face={face} />}
        </>
      ))}
    </Panel>
  )
}

function Came({
  id,
  job: { state, progress, result },
  face,
}: {
  readonly id: string
  readonly job: Job<Retried>
  readonly face: ListView['face']
}) {
  const { all } = quarantineTexts[face.language]
  const count = (value = 0) => sayCount(value, face.language)
  if (state === 'running')
    return (
      <p role="status">
        <progress max={100} value={Math.round(progress * 100)} aria-label={all.title} /> {all.runs(id, count(result?.looked))}{' '}
        <a href="/console/quarantine">{all.reload}</a>
      </p>
    )
  return (
    <p role="status">
      {all.ended[state]} {result && all.came(id, count(result.read), count(result.left))} {result?.cut && all.cut}
    </p>
  )
}
