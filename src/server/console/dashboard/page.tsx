import { sayDayAndHour } from '../../../core/local-time.ts'
import type { Settings } from '../../../core/settings.ts'
import { capitalise } from '../../../core/words/typography.ts'
import type { Alarm } from '../../operations/alarms.ts'
import type { Part as Broken, Overview, Period } from '../../statistics/overview.ts'
import type { StaffFace } from '../appointments/timeline.tsx'
import { Select } from '../parts/field.tsx'
import { Head } from '../parts/head.tsx'
import { Paging, withQuery } from '../parts/paging.tsx'
import { Panel } from '../parts/panel.tsx'
import { Stats } from '../parts/stats.tsx'
import { Table } from '../parts/table.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { Tag, type Tint } from '../parts/tag.tsx'
import { sayMonth } from '../plots/dates.ts'
import { sayMoney, sayNumber, sayShare } from '../plots/figures.ts'
import { Spark } from '../plots/plot.tsx'
import { Figures } from './figures.tsx'
import { dashboardTexts } from './texts.ts'
import type { DashboardTexts } from './texts-shape.ts'
import type { ToDoNow } from './todo.ts'

export interface DashboardShown {
  readonly settings: Settings
  readonly face: StaffFace
  readonly base: string
  readonly period: Period
  readonly overview: Overview
  readonly todo: ToDoNow
  readonly alarms: readonly Alarm[]
  readonly by: 'agenda' | 'motif'
  readonly parts: readonly Broken[]
  readonly page: number
  readonly pages: number
}

/** What needs a person first, then how it goes. */
export function DashboardPage(shown: DashboardShown) {
  const { face, period, overview, settings } = shown
  const texts = dashboardTexts[face.language]
  return (
    <>
      <Head title={texts.title} hint={capitalise(sayDayAndHour(face.now, face))}>
        <form class="row" method="get">
          <label for="period">{texts.period}</label>
          <Select
            id="period"
            name="period"
            narrow
            chosen={period}
            options={Object.entries(texts.periods)
              .sort(([a], [b]) => Number(a) - Number(b))
              .map(([value, name]) => ({ value, name }))}
          />
          <button type="submit" class="btn">
            {texts.show}
          </button>
        </form>
      </Head>
      <div class="stack wide">
        <ToDo {...shown} texts={texts} />
        <Numbers {...shown} texts={texts} />
        <Figures overview={overview} settings={settings} language={face.language} />
        <Parts {...shown} texts={texts} />
      </div>
    </>
  )
}

type Part = DashboardShown & { readonly texts: DashboardTexts }

interface Item {
  readonly count: number | undefined
  readonly href: string
  readonly name: string
  readonly rest: string
  readonly tag: string
  readonly tint: Tint
}

function ToDo({ todo, alarms, face, base, texts }: Part) {
  const items = [...itemsOf(todo, base, face, texts), ...alarms.map((alarm) => alarmItem(alarm, face, texts))]
  return (
    <Panel id="todo" title={texts.todo}>
      {items.length === 0 ? (
        <p>{texts.nothingToDo}</p>
      ) : (
        <ul class="todo">
          {items.map(({ count, href, name, rest, tag, tint }) => (
            <li>
              <b class="num">{count === undefined ? '!' : sayNumber(count, face.language)}</b>
              <div>
                <a href={href}>{name}</a>
                <p class="hint">{rest}</p>
              </div>
              <Tag tint={tint}>{tag}</Tag>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function itemsOf(todo: ToDoNow, base: string, face: StaffFace, texts: DashboardTexts): readonly Item[] {
  const nearest = todo.nearest && sayDayAndHour(todo.nearest, face)
  const held = { href: `${base}/holds`, tag: texts.mass.tag, tint: 'warn' } as const
  const all: readonly Item[] = [
    { count: todo.restored ? 1 : 0, ...held, name: texts.restored.name, rest: texts.restored.rest },
    {
      count: todo.toCall,
      href: `${base}/to-call`,
      name: texts.toCall.name,
      rest: texts.toCall.rest(nearest),
      tag: texts.toCall.tag,
      tint: 'warn',
    },
    { count: todo.mass, ...held, name: texts.mass.name(todo.mass), rest: texts.mass.rest },
    { count: todo.shifted ? 1 : 0, ...held, name: texts.shift.name, rest: texts.shift.rest },
    { count: todo.doubts, ...held, name: texts.doubt.name, rest: texts.doubt.rest },
    { count: todo.inbox, href: `${base}/inbox`, name: texts.inbox.name, rest: texts.inbox.rest, tag: texts.inbox.tag, tint: 'info' },
    {
      count: todo.quarantined,
      href: '/console/quarantine',
      name: texts.quarantine.name,
      rest: texts.quarantine.rest,
      tag: texts.quarantine.tag,
      tint: 'info',
    },
  ]
  return all.filter(({ count }) => count !== 0)
}

/** An alarm names its fix, and links to it. */
function alarmItem({ says, fix, level, link, count }: Alarm, face: StaffFace, texts: DashboardTexts): Item {
  return {
    count,
    href: link,
    name: says[face.language],
    rest: fix[face.language],
    tag: texts.alarm,
    tint: level === 'bad' ? 'bad' : 'warn',
  }
}

function Numbers({ overview, settings, face, texts }: Part) {
  const { totals, before, costs, currency } = overview
  const { language } = face
  const number = (value: number) => sayNumber(value, language)
  const { stats } = texts
  const last = costs.at(-1)
  const spent = (last?.automatic ?? 0) + (last?.manual ?? 0)
  const { smsBudget } = settings
  return (
    <Stats
      figures={[
        {
          label: stats.delivered,
          value: number(totals.delivered),
          context: stats.ofSent(sayShare(totals.delivered, totals.sent, language), number(totals.sent)),
        },
        { label: stats.failed, value: number(totals.failed), context: stats.beforeThat(number(before.failed)) },
        {
          label: stats.confirmed,
          value: sayShare(totals.confirmed, totals.appointments, language) ?? stats.none,
          context: stats.ofAppointments(number(totals.appointments)),
        },
        {
          label: stats.missed,
          value: sayShare(totals.missed, totals.appointments, language) ?? stats.none,
          context: stats.beforeThat(sayShare(before.missed, before.appointments, language) ?? stats.none),
        },
        {
          label: stats.cost(sayMonth(Number(last?.month.slice(5) ?? 1), language)),
          // below ten of it, cents tell
          value: sayMoney(spent, currency, language, spent > 0 && spent < 100_000 ? 2 : 0),
          context:
            smsBudget === undefined
              ? stats.noBudget
              : stats.ofBudget(sayShare(spent, smsBudget, language) ?? stats.none, sayMoney(smsBudget, currency, language, 0)),
        },
      ]}
    />
  )
}

function Parts({ parts, by, page, pages, period, base, face, texts }: Part) {
  const { language } = face
  const address = (changes: Readonly<Record<string, string | number | undefined>>) =>
    withQuery(`${base}/dashboard`, { period: period === '14' ? undefined : period, by: by === 'agenda' ? undefined : by, ...changes })
  const title = texts.parts[by]
  return (
    <section class="panel flush" aria-labelledby="parts">
      <header>
        <h2 id="parts">{title}</h2>
        <Tabs
          label={texts.parts.by}
          tabs={[
            { href: address({ by: undefined }), name: texts.parts.agenda, current: by === 'agenda' },
            { href: address({ by: 'motif' }), name: texts.parts.motif, current: by === 'motif' },
          ]}
        />
      </header>
      <Table label={title}>
        <thead>
          <tr>
            <th scope="col">{title}</th>
            {texts.parts.columns.map((name) => (
              <th scope="col" class="num">
                {name}
              </th>
            ))}
            <th scope="col">{texts.parts.weeks}</th>
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => (
            <tr>
              <th scope="row">{part.name}</th>
              <td class="num">{sayNumber(part.sent, language)}</td>
              <td class="num">{sayShare(part.delivered, part.sent, language) ?? texts.stats.none}</td>
              <td class="num">{sayNumber(part.failed, language)}</td>
              <td class="num">{sayNumber(part.appointments, language)}</td>
              <td class="num">{sayShare(part.confirmed, part.appointments, language) ?? texts.stats.none}</td>
              <td class="num">{sayShare(part.cancelled, part.appointments, language) ?? texts.stats.none}</td>
              <td class="num">{sayShare(part.missed, part.appointments, language) ?? texts.stats.none}</td>
              <td>
                <Run weeks={part.weeks} face={face} texts={texts} />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      <Paging
        language={language}
        page={page}
        pages={pages}
        previous={page > 1 ? address({ page: page - 1 }) : undefined}
        next={page < pages ? address({ page: page + 1 }) : undefined}
      />
    </section>
  )
}

function Run({ weeks, face, texts }: { readonly weeks: Broken['weeks']; readonly face: StaffFace; readonly texts: DashboardTexts }) {
  const known = weeks.flatMap((share) => (share === undefined ? [] : [share]))
  const [first, last] = [known[0], known.at(-1)]
  if (known.length < 2 || first === undefined || last === undefined) return <span class="hint">{texts.parts.flat}</span>
  const say = (share: number) => sayShare(share, 1, face.language) ?? ''
  return <Spark values={weeks} label={texts.parts.run(say(first), say(last))} />
}
