import type { Context } from 'hono'
import type { Finding } from '../../../connectors/connector.ts'
import { mayReach } from '../../../core/access.ts'
import { countsOneByOne } from '../../../core/feed/counter.ts'
import type { Clockface } from '../../../core/local-time.ts'
import type { Language } from '../../../core/words/language.ts'
import type { WriteBackKind } from '../../../core/write-back.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { consolePage } from '../page.ts'
import { Head } from '../parts/head.tsx'
import { Note } from '../parts/note.tsx'
import { Panel } from '../parts/panel.tsx'
import { Stats } from '../parts/stats.tsx'
import { Columns, Table } from '../parts/table.tsx'
import { Tag } from '../parts/tag.tsx'
import { HabitPlot } from './habit-plot.tsx'
import type { Trial } from './inspected.tsx'
import { Presets } from './presets-panel.tsx'
import { StateTag, sayState, textsOf } from './said.tsx'
import type { ConnectorState } from './state.ts'
import { habitOfDay } from './state.ts'
import { MappingTester } from './trial.tsx'

export interface OneView {
  readonly state: ConnectorState
  readonly trial: Trial
  readonly findings?: readonly Finding[]
  readonly face: Clockface & { readonly language: Language }
}

/** One connector: is its feed alive, does its mapping read right, what does its EHR take back. */
export function onePage(c: Context<StaffEnv>, view: OneView): Response | Promise<Response> {
  const { state, trial, face } = view
  const texts = textsOf(face)
  const isIntegrator = mayReach(c.get('caller'), ['integrator'])
  const base = `/console/connectors/${encodeURIComponent(state.id)}`
  return consolePage(
    c,
    { title: `${texts.title} · ${state.id}`, active: 'connectors' },
    <>
      <Head crumbs={[{ href: '/console/connectors', name: texts.title }]} title={`${state.id}, ${texts.protocols[state.protocol]}`}>
        <p class="row">
          <StateTag state={state} face={face} />
          {isIntegrator && (
            <a class="btn" href={`${base}/replay`}>
              {texts.replay.link}
            </a>
          )}
        </p>
      </Head>
      <div class="stack wide">
        <Places state={state} face={face} />
        <Alarms state={state} face={face} />
        <Figures state={state} face={face} mayRead={isIntegrator} />
        {isIntegrator && <Presets state={state} face={face} />}
        {isIntegrator ? <MappingTester state={state} trial={trial} face={face} /> : <p class="hint">{texts.trial.reserved}</p>}
        <Back state={state} face={face} />
        {isIntegrator && <Examine view={view} base={base} />}
        <Gaps state={state} face={face} />
        <HabitPlot habit={habitOfDay(state.habit, state.zone, face.now)} face={face} />
      </div>
    </>,
    trial.error !== undefined || trial.faults !== undefined ? 422 : 200,
  )
}

interface Part {
  readonly state: ConnectorState
  readonly face: OneView['face']
}

function Places({ state: { facts }, face }: Part) {
  const texts = textsOf(face)
  if (!facts) return null
  return (
    <p class="hint">
      {[
        ...facts.places.map(({ does, address, protection }) => `${texts.places[does]} ${address} (${texts.protection[protection]})`),
        ...(facts.preset === undefined ? [] : [`${texts.trial.preset} ${facts.preset}`]),
      ].join(' · ')}
    </p>
  )
}

function Alarms({ state: { feed }, face }: Part) {
  const texts = textsOf(face)
  const { shift } = feed
  if (shift?.state === 'held')
    return (
      <Note tint="warn" fact={texts.shifted.fact(String(shift.minutes), String(shift.moved))}>
        {texts.shifted.rest}
      </Note>
    )
  if (feed.silent)
    return (
      <Note tint="warn" fact={texts.silent.fact}>
        {texts.silent.rest}
      </Note>
    )
  return null
}

function Figures({ state, face, mayRead }: Part & { readonly mayRead: boolean }) {
  const texts = textsOf(face)
  const said = sayState(state, face)
  return (
    <Stats
      figures={[
        { label: texts.figures.last, value: said.last, context: said.habit },
        { label: texts.figures.waiting, value: state.waiting, context: said.oldest || said.waiting },
        { label: texts.figures.failed, value: state.failed, context: said.failed || texts.noGaps },
        {
          label: texts.figures.quarantine,
          value: state.quarantined,
          context: mayRead ? <a href="/console/quarantine">{said.quarantined}</a> : said.quarantined,
        },
      ]}
    />
  )
}

const kinds: readonly WriteBackKind[] = ['confirm', 'cancel', 'arrive', 'answers']

function Back({ state, face }: Part) {
  const { back } = textsOf(face)
  return (
    <Panel id="retour" title={back.title} aside={back.hint} look="flush">
      <Table label={back.title}>
        <Columns names={back.columns} />
        <tbody>
          {kinds.map((kind) => {
            const ways = state.facts?.ways[kind] ?? []
            const isOn = state.writes.has(kind)
            return (
              <tr>
                <th scope="row">{back.answers[kind]}</th>
                <td>{isOn ? (ways[0] ?? back.none) : back.none}</td>
                <td>{[...(isOn ? ways.slice(1) : []), back.byHand].join(', ')}</td>
                <td>{isOn ? <Tag tint="ok">{back.on}</Tag> : <Tag>{back.off}</Tag>}</td>
              </tr>
            )
          })}
        </tbody>
      </Table>
    </Panel>
  )
}

function Examine({ view: { state, findings, face }, base }: { readonly view: OneView; readonly base: string }) {
  const { examine } = textsOf(face)
  return (
    <Panel id="examen" title={examine.title} look="stack">
      <p>{state.examines ? examine.hint : examine.nothing}</p>
      {findings && (
        <ul class="stack">
          {findings.map(({ level, says, fix }) => (
            <li>
              <Note tint={level} fact={says[face.language]}>
                {fix && `${examine.fix} ${fix[face.language]}`}
              </Note>
            </li>
          ))}
        </ul>
      )}
      {state.examines && (
        <form method="post" action={`${base}/examine#examen`}>
          <button class="btn" type="submit">
            {examine.act}
          </button>
        </form>
      )}
    </Panel>
  )
}

function Gaps({ state: { feed }, face }: Part) {
  const { numbers } = textsOf(face)
  const gaps = [...feed.counters]
    .filter(([, counter]) => countsOneByOne(counter))
    .flatMap(([source, { gaps: each }]) => each.map(([from, to]) => numbers.line(source, String(from), String(to))))
  return (
    <Panel id="trous" title={numbers.title}>
      {gaps.length === 0 ? (
        <p>{numbers.none}</p>
      ) : (
        <ul>
          {gaps.map((each) => (
            <li>{each}</li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
