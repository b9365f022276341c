import type { Context } from 'hono'
import type { Settings } from '../../../core/settings.ts'
import type { Cell } from '../../../core/template/cell.ts'
import { cellKey, cellKinds } from '../../../core/template/cell.ts'
import { messageLanguages } from '../../../core/words/catalogue.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import { Head } from '../parts/head.tsx'
import { withQuery } from '../parts/paging.tsx'
import { Columns, Table } from '../parts/table.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { Tag } from '../parts/tag.tsx'
import { previewOf, Shown } from './shown.tsx'
import { messagesTexts } from './texts.ts'

export const modalities = ['onsite', 'video', 'phone', 'home'] as const
const channels = ['sms', 'email', 'push'] as const

/** What of the catalogue is looked at. */
export type Shelf = Pick<Cell, 'channel' | 'language'> & { readonly modality: (typeof modalities)[number] }

interface CatalogueView {
  readonly settings: Settings
  readonly shelf: Shelf
  readonly publicUrl: string
  readonly mayEdit: boolean
}

/** What each message says, before one is sent (D3). */
export function cataloguePage(c: Context<StaffEnv>, { settings, shelf, publicUrl, mayEdit }: CatalogueView): Response | Promise<Response> {
  const language = c.get('language')
  const texts = messagesTexts[language]
  const address = `${clinicAddress(settings.clinic.id)}/messages`
  const to = (change: Partial<Shelf>) => withQuery(address, { ...shelf, ...change })
  const [message, text, words] = texts.columns
  return consolePage(
    c,
    { title: texts.title, active: 'messages' },
    <>
      <Head title={texts.title} hint={texts.hint}>
        <Tabs
          label={texts.tabs.language}
          tabs={messageLanguages.map((each) => ({
            href: to({ language: each }),
            name: texts.languages[each],
            current: each === shelf.language,
            lang: each,
          }))}
        />
      </Head>
      <div class="stack">
        <Tabs
          label={texts.tabs.channel}
          tabs={channels.map((each) => ({ href: to({ channel: each }), name: texts.channels[each], current: each === shelf.channel }))}
        />
        <Tabs
          label={texts.tabs.modality}
          tabs={modalities.map((each) => ({
            href: to({ modality: each }),
            name: texts.modalities[each],
            current: each === shelf.modality,
          }))}
        />
        <section class="panel flush">
          <Table label={texts.list}>
            <Columns names={[message, text, words]} />
            <tbody>
              {cellKinds.map((kind) => {
                const cell: Cell = { ...shelf, kind }
                const preview = previewOf(cell, settings)
                return (
                  <tr>
                    <th scope="row">
                      <a href={`${address}/${cellKey(cell)}`}>{texts.kinds[kind]}</a>
                    </th>
                    <td>
                      <Shown cell={cell} preview={preview} settings={settings} language={language} publicUrl={publicUrl} />
                    </td>
                    <td>
                      {preview.template !== undefined && !preview.failed ? <Tag tint="info">{texts.own}</Tag> : <Tag>{texts.builtIn}</Tag>}
                    </td>
                  </tr>
                )
              })}
            </tbody>
          </Table>
        </section>
        {!mayEdit && <p class="hint">{texts.noRole}</p>}
      </div>
    </>,
  )
}
