import type { Context } from 'hono'
import type { Clockface } from '../../../core/local-time.ts'
import type { Language } from '../../../core/words/language.ts'
import type { InboxRow } from '../../../store/port/inbox.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { consolePage } from '../page.ts'
import { Head } from '../parts/head.tsx'
import { Toast } from '../parts/note.tsx'
import { Paging } from '../parts/paging.tsx'
import { Empty } from '../parts/panel.tsx'
import { Table } from '../parts/table.tsx'
import { When } from '../parts/when.tsx'
import { sayAge } from '../technical-face.ts'
import { quarantineTexts } from './texts.ts'

export interface ListView {
  readonly rows: readonly InboxRow[]
  readonly next: string | undefined
  readonly said: { readonly text: string; readonly undo?: string } | undefined
  readonly face: Clockface & { readonly language: Language }
}

/** What could not be read, newest first. */
export function quarantinePage(c: Context<StaffEnv>, { rows, next, said, face }: ListView): Response | Promise<Response> {
  const texts = quarantineTexts[face.language]
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
            <thead>
              <tr>
                {texts.columns.map((name) => (
                  <th scope="col">{name}</th>
                ))}
              </tr>
            </thead>
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
      <Paging language={face.language} next={next} />
    </>,
  )
}
