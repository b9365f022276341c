import { sayHour } from '../../../core/local-time.ts'
import type { Settings } from '../../../core/settings.ts'
import type { Language } from '../../../core/words/language.ts'
import type { BeforeAfter, GroupImpact, Impact } from '../../impact/impact.ts'
import { money, number } from '../../simulate/report-words.ts'
import { Panel } from '../parts/panel.tsx'
import type { Figure } from '../parts/stats.tsx'
import { Stats } from '../parts/stats.tsx'
import { Table } from '../parts/table.tsx'
import { impactTexts } from './texts.ts'

interface ImpactProps {
  readonly impact: Impact
  readonly settings: Settings
  readonly language: Language
  /** Of the to-call list. */
  readonly toCall: string
}

/** What the unsaved edits would change, before they are saved. */
export function ImpactPanel({ impact, settings, language, toCall }: ImpactProps) {
  const texts = impactTexts[language]
  const { total, seen } = impact.appointments
  const hour = sayHour(impact.computedAt, { zone: settings.clinic.zone, language })
  return (
    <Panel id="impact" title={texts.title} aside={seen < total ? texts.estimate(hour, seen, total) : texts.basis(hour, total)}>
      {total === 0 ? <p>{texts.nothing}</p> : <Stats figures={figuresOf(impact, language, toCall)} />}
      {impact.agendas.length > 0 && <ByAgenda impact={impact} settings={settings} language={language} />}
    </Panel>
  )
}

function figuresOf(impact: Impact, language: Language, toCall: string): readonly Figure[] {
  const texts = impactTexts[language]
  const { sms, email, cost, currency, losing, gaining, spared } = impact
  const count = (each: number) => number(each, language)
  const price = (each: number) => money(each, currency, language)
  const figure = (label: string, each: BeforeAfter, say: (value: number) => string): Figure => ({
    label,
    value: signed(each.after - each.before, say),
    context: texts.in30Days(say(each.before), say(each.after)),
  })
  return [
    figure(texts.sms, sms, count),
    figure(texts.cost, cost, price),
    ...(email.before === email.after ? [] : [figure(texts.email, email, count)]),
    {
      label: texts.losing,
      value: count(losing),
      context: <a href={toCall}>{texts.toCall}</a>,
    },
    ...(gaining > 0
      ? [{ label: texts.gaining, value: count(gaining), context: texts.toldAgain }]
      : [{ label: texts.spared, value: count(spared), context: texts.online }]),
  ]
}

const mostShown = 50

function ByAgenda({ impact, settings, language }: Omit<ImpactProps, 'toCall'>) {
  const texts = impactTexts[language]
  const more = impact.agendas.length - mostShown
  const count = (each: number) => signed(each, (value) => number(value, language))
  const nameOf = ({ key }: GroupImpact) =>
    key === '' ? texts.noAgenda : ((Object.hasOwn(settings.agendas, key) ? settings.agendas[key]?.label : undefined) ?? key)
  return (
    <details>
      <summary>{texts.byAgenda}</summary>
      <Table label={texts.byAgenda}>
        <thead>
          <tr>
            <th scope="col">{texts.agenda}</th>
            <th scope="col" class="num">
              {texts.sms}
            </th>
            <th scope="col" class="num">
              {texts.email}
            </th>
            <th scope="col" class="num">
              {texts.withoutChannel}
            </th>
          </tr>
        </thead>
        <tbody>
          {impact.agendas.slice(0, mostShown).map((group) => (
            <tr>
              <th scope="row">{nameOf(group)}</th>
              <td class="num">{count(group.sms)}</td>
              <td class="num">{count(group.email)}</td>
              <td class="num">{count(group.withoutChannel)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
      {more > 0 && <p class="hint">{texts.more(more)}</p>}
    </details>
  )
}

/** The impact in one line, beside the buttons. */
export function ImpactLine({ impact, language }: Pick<ImpactProps, 'impact' | 'language'>) {
  const texts = impactTexts[language]
  const change = impact.sms.after - impact.sms.before
  const sms = number(Math.abs(change), language)
  const dearer = impact.cost.after - impact.cost.before
  const price = money(Math.abs(dearer), impact.currency, language)
  const count = change === 0 ? texts.line.same : change < 0 ? texts.line.less(sms) : texts.line.more(sms)
  const line = [count, ...(dearer === 0 ? [] : [dearer < 0 ? texts.line.cheaper(price) : texts.line.dearer(price)])].join(', ')
  return (
    <>
      {line}
      {impact.losing > 0 && texts.lineLosing(number(impact.losing, language))}. <a href="#impact">{texts.see}</a>
    </>
  )
}

/** With its sign, the minus a proper one; nothing is `0`. */
function signed(value: number, say: (positive: number) => string): string {
  if (value === 0) return say(0)
  return `${value > 0 ? '+' : '−'}\u00a0${say(Math.abs(value))}`
}
