import type { Context } from 'hono'
import type { Clockface } from '../../../core/local-time.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { consolePage } from '../page.ts'
import { Head } from '../parts/head.tsx'
import { Empty, Panel } from '../parts/panel.tsx'
import { Table } from '../parts/table.tsx'
import { Tag } from '../parts/tag.tsx'
import { StateTag, sayState, textsOf } from './said.tsx'
import type { ConnectorState } from './state.ts'

/** Every connector, how it does, and what waits. */
export function listPage(c: Context<StaffEnv>, states: readonly ConnectorState[], face: Clockface): Response | Promise<Response> {
  const texts = textsOf(face)
  return consolePage(
    c,
    { title: texts.title, active: 'connectors' },
    <>
      <Head title={texts.title} hint={texts.hint} />
      {states.length === 0 ? (
        <Empty>{texts.empty}</Empty>
      ) : (
        <Panel id="liste" title={texts.table} aside={texts.api} look="flush">
          <Table label={texts.table}>
            <thead>
              <tr>
                {(['connector', 'state', 'last', 'gaps', 'subscription', 'poll', 'queue', 'certificate'] as const).map((name) => (
                  <th scope="col">{texts.columns[name]}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {states.map((state) => (
                <Row state={state} face={face} />
              ))}
            </tbody>
          </Table>
        </Panel>
      )}
    </>,
  )
}

function Row({ state, face }: { readonly state: ConnectorState; readonly face: Clockface }) {
  const texts = textsOf(face)
  const said = sayState(state, face)
  return (
    <tr>
      <th scope="row">
        <a href={`/console/connectors/${encodeURIComponent(state.id)}`}>{state.id}</a>
        <br />
        <span class="hint">{texts.protocols[state.protocol]}</span>
      </th>
      <td>
        <StateTag state={state} face={face} />
      </td>
      <td>
        {said.last}
        <br />
        <span class="hint">{said.habit}</span>
      </td>
      <td>{said.hasGaps ? <Tag tint="warn">{said.gaps}</Tag> : said.gaps}</td>
      <td>{said.subscription}</td>
      <td>{said.polled}</td>
      <td>
        {said.waiting} {said.failed && <Tag tint="bad">{said.failed}</Tag>}
      </td>
      <td>{said.endsSoon ? <Tag tint="warn">{said.certificate}</Tag> : said.certificate}</td>
    </tr>
  )
}
