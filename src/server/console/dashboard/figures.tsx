import type { Settings } from '../../../core/settings.ts'
import type { Language } from '../../../core/words/language.ts'
import type { Bucket, Overview } from '../../statistics/overview.ts'
import { sayMonth, sayShortDay } from '../plots/dates.ts'
import { sayMoney, sayNumber, sayShare } from '../plots/figures.ts'
import { Bars, Figure, Lines } from '../plots/plot.tsx'
import { dashboardTexts } from './texts.ts'
import type { DashboardTexts } from './texts-shape.ts'

interface Props {
  readonly overview: Overview
  readonly settings: Settings
  readonly language: Language
}

/** The four plots, each with its finding and its numbers. */
export function Figures(props: Props) {
  const texts = dashboardTexts[props.language]
  return (
    <div class="grid">
      <PerDay {...props} texts={texts} />
      <Answers {...props} texts={texts} />
      <Cost {...props} texts={texts} />
      <Leads {...props} texts={texts} />
    </div>
  )
}

type Part = Props & { readonly texts: DashboardTexts }

function PerDay({ overview, language, texts }: Part) {
  const { buckets, totals } = overview
  const [first, last] = [buckets[0], buckets.at(-1)]
  const number = (value: number) => sayNumber(value, language)
  const waiting = (each: Bucket) => Math.max(0, each.sent - each.delivered - each.failed)
  const highest = Math.max(...buckets.map(({ delivered }) => delivered), 0)
  return (
    <Figure
      id="per-day"
      title={texts.perDay.title}
      finding={
        totals.failed === 0
          ? texts.perDay.calm
          : texts.perDay.finding(number(totals.failed), sayShare(totals.failed, totals.sent, language) ?? '')
      }
      alt={{
        title: texts.perDay.alt(dayOf(first, language), sayShortDay((last?.from ?? 0) + (last?.days ?? 1) - 1, language)),
        desc: texts.perDay.desc(number(highest), number(totals.failed)),
      }}
      legend={[
        { name: texts.names.delivered, look: 'k1' },
        { name: texts.names.waiting, look: 'k2' },
        { name: texts.names.failed, look: 'k3' },
      ]}
      table={{
        open: texts.figures,
        head: [texts.names.day, texts.names.delivered, texts.names.waiting, texts.names.failed],
        rows: buckets.map((each) => [dayOf(each, language), number(each.delivered), number(waiting(each)), number(each.failed)]),
      }}
    >
      <Bars
        looks={['f1', 'f2', 'f3']}
        say={number}
        bars={buckets.map((each) => ({
          label: dayOf(each, language).split(/\s/)[0] ?? '',
          parts: [each.delivered, waiting(each), each.failed],
        }))}
      />
    </Figure>
  )
}

function dayOf(bucket: Bucket | undefined, language: Language): string {
  return bucket ? sayShortDay(bucket.from, language) : ''
}

function Answers({ overview, language, texts }: Part) {
  const { totals } = overview
  const shareOf = (name: 'confirmed' | 'cancelled' | 'missed') =>
    overview.buckets.map((each) => (each.appointments > 0 ? (each[name] / each.appointments) * 100 : undefined))
  const said = (name: 'confirmed' | 'cancelled' | 'missed') => sayShare(totals[name], totals.appointments, language) ?? texts.stats.none
  const per = (value: number | undefined) =>
    value === undefined ? texts.stats.none : `${sayNumber(value, language, value > 0 && value < 10 ? 1 : 0)}`
  const lines = (['confirmed', 'cancelled', 'missed'] as const).map((name, index) => ({
    name: texts.names[name],
    look: (['l1', 'l2', 'l3'] as const)[index] ?? 'l1',
    values: shareOf(name),
    said: said(name),
  }))
  return (
    <Figure
      id="answers"
      title={texts.answers.title}
      finding={totals.appointments === 0 ? texts.answers.empty : texts.answers.finding(sayNumber(totals.appointments, language))}
      isEmpty={totals.appointments === 0}
      alt={{ title: texts.answers.alt, desc: texts.answers.desc(said('confirmed'), said('cancelled'), said('missed')) }}
      legend={lines.map(({ name }, index) => ({ name, look: (['k1', 'k2', 'k3'] as const)[index] ?? 'k1' }))}
      table={{
        open: texts.figures,
        head: [texts.names.day, ...lines.map(({ name }) => `${name} (%)`)],
        rows: overview.buckets.map((each, index) => [dayOf(each, language), ...lines.map(({ values }) => per(values[index]))]),
      }}
    >
      <Lines
        lines={lines}
        labels={overview.buckets.map((each) => dayOf(each, language).split(/\s/)[0] ?? '')}
        say={(value) => sayShare(value, 100, language) ?? ''}
      />
    </Figure>
  )
}

function Cost({ overview, settings, language, texts }: Part) {
  const { costs, currency } = overview
  const money = (amount: number, digits = 2) => sayMoney(amount, currency, language, digits)
  const nameOf = (month: string) => sayMonth(Number(month.slice(5)), language)
  const last = costs.at(-1) ?? { month: '', automatic: 0, manual: 0 }
  const spent = last.automatic + last.manual
  const { smsBudget } = settings
  const finding =
    smsBudget === undefined
      ? texts.cost.noBudget(money(spent))
      : last.automatic >= smsBudget
        ? texts.cost.over(money(spent))
        : texts.cost.under(money(spent))
  return (
    <Figure
      id="cost"
      title={texts.cost.title}
      finding={finding}
      alt={{ title: texts.cost.alt(nameOf(costs[0]?.month ?? ''), nameOf(last.month)), desc: texts.cost.desc(money(spent)) }}
      legend={[
        { name: texts.names.automatic, look: 'k1' },
        { name: texts.names.manual, look: 'k2' },
      ]}
      table={{
        open: texts.figures,
        head: [texts.names.month, texts.names.automatic, texts.names.manual, texts.names.total],
        rows: costs.map(({ month, automatic, manual }) => [nameOf(month), money(automatic), money(manual), money(automatic + manual)]),
      }}
    >
      <Bars
        looks={['f1', 'f2']}
        say={(value) => money(value * 10_000, value > 0 && value < 4 ? 2 : 0)}
        bars={costs.map(({ month, automatic, manual }) => ({ label: nameOf(month), parts: [automatic / 10_000, manual / 10_000] }))}
        {...(smsBudget !== undefined && { limit: { value: smsBudget / 10_000, name: texts.cost.budget(money(smsBudget, 0)) } })}
      />
    </Figure>
  )
}

function Leads({ overview, language, texts }: Part) {
  const most = overview.leads.reduce((best, each) => (each.number > best.number ? each : best), {
    lead: 'more' as const,
    number: 0,
  } as Overview['leads'][number])
  const name = texts.lead.names[most.lead]
  return (
    <Figure
      id="lead"
      title={texts.lead.title}
      finding={most.number === 0 ? texts.lead.empty : texts.lead.finding(name)}
      isEmpty={most.number === 0}
      alt={{ title: texts.lead.alt, desc: most.number === 0 ? texts.lead.empty : texts.lead.desc(name) }}
      legend={[{ name: texts.names.patients, look: 'k1' }]}
      table={{
        open: texts.figures,
        head: [texts.lead.title, texts.names.patients],
        rows: overview.leads.map(({ lead, number }) => [texts.lead.names[lead], sayNumber(number, language)]),
      }}
    >
      <Bars
        looks={['f1']}
        say={(value) => sayNumber(value, language)}
        bars={[...overview.leads].map(({ lead, number }) => ({ label: texts.lead.names[lead], parts: [number] }))}
      />
    </Figure>
  )
}
