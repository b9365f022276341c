import type { Temporal } from 'temporal-polyfill'
import { aboutNothing } from '../../core/explain/about-nothing.ts'
import { nameNotification } from '../../core/explain/names.ts'
import { causeOf } from '../../core/explain/reason-words.ts'
import { sayDay } from '../../core/local-time.ts'
import type { Settings } from '../../core/settings.ts'
import type { Comparison, GroupChange, OutcomeChange } from '../../core/simulate/compare.ts'
import type { Language } from '../../core/words/language.ts'
import type { ReportWords } from './report-words.ts'
import { money, number, reportWords } from './report-words.ts'

export interface ReportOptions {
  /** The new ones: their labels name agendas and motifs. */
  readonly settings: Settings
  readonly language: Language
  /** What the columns are called. */
  readonly names: { readonly before: string; readonly after: string }
  readonly now: Temporal.Instant
}

interface Sheet extends ReportOptions {
  readonly words: ReportWords
  readonly currency: string
}

/** A text of a few dozen lines at most, however large the clinic. */
const mostRows = 12

/** The difference two settings make, as a table a secretary could read; the last line says it in one sentence. */
export function reportOf(comparison: Comparison, options: ReportOptions): string {
  const sheet: Sheet = { ...options, words: reportWords[options.language], currency: comparison.after.currency }
  const parts = [
    headOf(comparison, sheet),
    totalsOf(comparison, sheet),
    outcomesOf(comparison.outcomes, sheet),
    groupsOf(sheet.words.agenda, comparison.agendas, (key) => options.settings.agendas[key]?.label, sheet),
    groupsOf(sheet.words.motif, comparison.motifs, (key) => options.settings.motifs[key]?.label, sheet),
    [sentenceOf(comparison, sheet)],
  ]
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function headOf({ after }: Comparison, { settings, words, language, now }: Sheet): readonly string[] {
  const face = { zone: settings.clinic.zone, language, now }
  const period = after.from ? `, ${words.period(sayDay(after.from, face), sayDay(after.until, face))}` : ''
  return [`${settings.clinic.name}${period}${words.colon} ${words.heard(after.heard, after.total.appointments)}`]
}

function totalsOf({ before, after }: Comparison, { words, language, currency, names }: Sheet): readonly string[] {
  const count = (label: string, a: number, b: number) => [
    label,
    number(a, language),
    number(b, language),
    signed(b - a, (n) => number(n, language)),
  ]
  const price = (each: number) => money(each, currency, language)
  const rows = [
    ['', names.before, names.after, words.difference],
    count(words.sms, before.total.sent.sms, after.total.sent.sms),
    count(words.email, before.total.sent.email, after.total.sent.email),
    count(words.segments, before.total.segments, after.total.segments),
    [words.cost, price(before.total.price), price(after.total.price), signed(after.total.price - before.total.price, price)],
    count(words.patients, before.total.patients, after.total.patients),
    count(words.withoutChannel, before.total.withoutChannel, after.total.withoutChannel),
    count(words.toCall, before.total.toCall, after.total.toCall),
    ...(before.massHolds + after.massHolds > 0 ? [count(words.holds, before.massHolds, after.massHolds)] : []),
  ]
  return table(rows)
}

function outcomesOf(outcomes: readonly OutcomeChange[], sheet: Sheet): readonly string[] {
  if (outcomes.length === 0) return []
  const { words, language, names } = sheet
  const rows = outcomes
    .slice(0, mostRows)
    .map((row) => [
      number(row.before, language),
      number(row.after, language),
      signed(row.after - row.before, (n) => number(n, language)),
      sayOutcome(row, sheet),
    ])
  const lines = table([[names.before, names.after, words.difference, words.outcomes], ...rows], 'end')
  return [...lines, ...more(outcomes.length, words)]
}

/** `SMS de rappel, non envoyés : …` in the words of the decision itself. */
function sayOutcome({ channel, kind, state, reason }: OutcomeChange, { words, language, settings, now }: Sheet): string {
  const name = `${nameNotification(kind, channel)[language]}, ${words.states[state]}`
  if (reason === undefined) return name
  const about = { kind, channel, appointment: aboutNothing(settings, now), settings }
  return `${name}${words.colon} ${words.reasons[reason] ?? causeOf(reason, [], about).because[language]}`
}

function groupsOf(
  title: string,
  groups: readonly GroupChange[],
  labelOf: (key: string) => string | undefined,
  sheet: Sheet,
): readonly string[] {
  if (groups.length === 0) return []
  const { words, language, currency } = sheet
  const plain = (count: number) => signed(count, (n) => number(n, language))
  const name = (key: string) => labelOf(key) ?? (key === '' ? words.noAgenda : key)
  const byWeight = [...groups].sort((a, b) => Math.abs(b.price) - Math.abs(a.price) || Math.abs(b.sent.email) - Math.abs(a.sent.email))
  const rows = byWeight
    .slice(0, mostRows)
    .map(({ key, sent, price, withoutChannel }) => [
      name(key),
      plain(sent.sms),
      plain(sent.email),
      signed(price, (n) => money(n, currency, language)),
      plain(withoutChannel),
    ])
  return [...table([[title, words.sms, words.email, words.cost, words.withoutChannel], ...rows]), ...more(groups.length, words)]
}

function more(count: number, words: ReportWords): readonly string[] {
  return count > mostRows ? [words.others(count - mostRows)] : []
}

/** `412 SMS et 20,60 $ de moins ; 63 patients sans canal.` */
export function sentenceOf(
  { change, losing, gaining }: Comparison,
  { words, language, currency }: Pick<Sheet, 'words' | 'language' | 'currency'>,
): string {
  const { sms, email } = change.sent
  const texts = sms === 0 && change.price === 0 ? [] : [words.texts(Math.abs(sms)), money(Math.abs(change.price), currency, language)]
  const parts = [
    ...(texts.length > 0 ? [words.lessOrMore(texts, sms > 0 || (sms === 0 && change.price > 0))] : []),
    ...(email !== 0 ? [words.lessOrMore([words.emails(Math.abs(email))], email > 0)] : []),
    ...(sms === 0 && email === 0 && change.price === 0 ? [words.same] : []),
    ...(losing > 0 ? [words.losing(losing)] : []),
    ...(gaining > 0 ? [words.gaining(gaining)] : []),
  ]
  return `${parts.join(words.and)}.`
}

/** With its sign, the minus a proper one; nothing is `0`. */
function signed(count: number, say: (positive: number) => string): string {
  if (count === 0) return '0'
  return `${count > 0 ? '+' : '−'}${say(Math.abs(count))}`
}

/** Counts to the right, and the column of words, which comes first or last, to the left. */
function table(rows: readonly (readonly string[])[], words: 'start' | 'end' = 'start'): readonly string[] {
  const columns = rows[0]?.length ?? 0
  const widths = Array.from({ length: columns }, (_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const isWords = (column: number) => column === (words === 'start' ? 0 : columns - 1)
  const fit = (cell: string, column: number) => (isWords(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))
  return rows.map((row) => row.map(fit).join('   ').trimEnd())
}
