import type { Context } from 'hono'
import type { Settings } from '../../../core/settings.ts'
import type { Language } from '../../../core/words/language.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import { Facts } from '../parts/facts.tsx'
import { Head } from '../parts/head.tsx'
import { Panel } from '../parts/panel.tsx'
import { Table } from '../parts/table.tsx'
import { Tag } from '../parts/tag.tsx'
import { channels, isDead, isOn } from './cells.ts'
import type { AgendaRow } from './draft.ts'
import { Gear } from './gear.tsx'
import { agendasTexts } from './texts.ts'

const columns = ['confirmation', 'reminder', 'change'] as const

/** One agenda: what it sends, in words, and the gear beside its initials (D5). */
export function agendaPage(c: Context<StaffEnv>, settings: Settings, row: AgendaRow): Response | Promise<Response> {
  const language = c.get('language')
  const texts = agendasTexts[language]
  const clinic = clinicAddress(settings.clinic.id)
  const { facts } = texts.view
  const state = row.isNew ? (
    <Tag>{texts.fresh}</Tag>
  ) : row.live ? (
    <Tag tint="ok">{facts.live}</Tag>
  ) : (
    <Tag tint="shadow">{texts.shadow}</Tag>
  )
  return consolePage(
    c,
    { title: row.label, active: 'agendas' },
    <>
      <Head crumbs={[{ href: `${clinic}/agendas`, name: texts.title }]} title={row.label} hint={row.hint}>
        <Gear language={language} clinicId={settings.clinic.id} label={row.label} />
      </Head>
      <div class="stack wide">
        <Panel id="agenda" title={texts.agenda}>
          <Facts
            facts={[
              [facts.state, state],
              [facts.site, (row.siteId !== undefined && settings.sites[row.siteId]?.name) || facts.none],
              [facts.key, <code>{row.key}</code>],
            ]}
          />
          <p>
            <a href={`${clinic}/appointments?${new URLSearchParams({ agenda: row.key })}`}>{texts.view.appointments}</a>
          </p>
        </Panel>
        <Panel id="sends" title={texts.view.sends} look="flush">
          <Sends row={row} language={language} />
        </Panel>
      </div>
    </>,
  )
}

function Sends({ row, language }: { readonly row: AgendaRow; readonly language: Language }) {
  const texts = agendasTexts[language]
  return (
    <Table label={texts.view.sends}>
      <thead>
        <tr>
          <th scope="col">{texts.view.sends}</th>
          {columns.map((column) => (
            <th scope="col">{texts.view.column[column]}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {channels.map((channel) => (
          <tr>
            <th scope="row">{texts.channels[channel]}</th>
            {columns.map((column) => {
              const cell = { channel, column }
              return <td>{isOn(row.saved, cell) && !isDead(row.saved, cell) ? texts.on : texts.off}</td>
            })}
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
