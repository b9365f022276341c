import type { SmsSize } from '../gsm7.ts'
import { smsSegments, toGsm7 } from '../gsm7.ts'
import { priceOf } from '../metering.ts'
import type { Settings } from '../settings.ts'
import { storyOf } from '../words/story.ts'
import { carrierWordsIn } from './carrier-words.ts'
import type { Cell } from './cell.ts'
import { cellKey } from './cell.ts'
import type { Finding } from './finding.ts'
import { sayFinding } from './finding-words.ts'
import { healthWordsIn } from './health-words.ts'
import { literalsOf } from './literals.ts'
import type { TemplateFailure } from './own-words.ts'
import { ownWords } from './own-words.ts'
import type { ParsedTemplate, ParseTemplate } from './parsed.ts'
import { samplesFor } from './samples.ts'
import type { Template } from './template.ts'
import { LINK, valuesOf } from './values.ts'
import type { Spot } from './variables.ts'
import { templateVariables, variablesIn } from './variables.ts'

export interface LintInput {
  readonly cell: Cell
  readonly template: Template
  readonly settings: Settings
  readonly parse: ParseTemplate
  /** What patients' links begin with, without a slash at its end. */
  readonly publicUrl: string
}

export interface LintReport {
  readonly findings: readonly Finding[]
  /** Of a text message whose names are as long as this clinic's get. */
  readonly worst?: SmsSize & { readonly price: number; readonly currency: string }
}

/** By the latest price the clinic has given. */
const lastDay = '9999-12-31'

/** Everything that is wrong with a template, and what it costs, before anybody is sent it. */
export function lintTemplate(input: LintInput): LintReport {
  const { cell, template } = input
  const body = lintText(input, template.body, cell.channel, 'body')
  const subject =
    template.subject === undefined ? [] : lintText(input, template.subject, cell.channel === 'push' ? 'push' : 'subject', 'subject')
  const findings = [...subject, ...body]
  if (findings.some(({ severity, code }) => severity === 'error' && code !== 'health_word')) return { findings }
  const tried = tryOut(input)
  if (typeof tried === 'string') return { findings: [...findings, sayFinding(tried, 'body')] }
  if (cell.channel !== 'sms') return { findings }
  const price = priceOf(input.settings.smsPrices, lastDay, tried.worst.segments)
  return { findings: [...findings, ...costsOf(tried, template.body), ...missingFrom(tried)], worst: { ...tried.worst, ...price } }
}

/** It is not to be saved. */
export function isRefused({ findings }: LintReport): boolean {
  return findings.some(({ severity }) => severity === 'error')
}

function lintText(input: LintInput, source: string, spot: Spot, field: Finding['field']): readonly Finding[] {
  const parsed = input.parse(source)
  if (!parsed.ok) {
    const { said, line, column } = parsed
    return [{ ...sayFinding('unreadable', field, said), ...(line !== undefined && { line }), ...(column !== undefined && { column }) }]
  }
  const isGuarded = spot !== 'email'
  return [
    ...lintVariables(parsed, spot, field),
    ...(isGuarded ? lintLiterals(input, source, spot, field) : []),
    ...lengthOf(spot, source, field),
  ]
}

function lintVariables({ variables }: ParsedTemplate, spot: Spot, field: Finding['field']): readonly Finding[] {
  const here = variablesIn(spot).map(({ name }) => name)
  return variables.flatMap((name) => {
    if (here.includes(name)) return []
    const isKnown = templateVariables.some((variable) => variable.name === name)
    return [sayFinding(isKnown ? 'misplaced_variable' : 'unknown_variable', field, name, here.join(', '))]
  })
}

function lintLiterals({ settings, publicUrl }: LintInput, source: string, spot: Spot, field: Finding['field']): readonly Finding[] {
  const literals = literalsOf(source)
  const health = healthWordsIn(literals, settings).map((word) => sayFinding('health_word', field, word))
  const foreign = literals.some((text) => foreignAddressesIn(text, publicUrl).length > 0)
  const replies = spot === 'sms' ? carrierWordsIn(literals[0] ?? '') : []
  return [
    ...health,
    ...(foreign ? [sayFinding('foreign_address', field, new URL(publicUrl).host)] : []),
    ...replies.map(({ word, act, invited }) => ({
      ...sayFinding('carrier_word', field, word, act),
      ...(!invited && { severity: 'warning' as const }),
    })),
  ]
}

/** A subject is cut after so much on most telephones. */
const longSubject = 78

function lengthOf(spot: Spot, source: string, field: Finding['field']): readonly Finding[] {
  const written = (literalsOf(source)[1] ?? '').length
  return spot === 'subject' && written > longSubject ? [sayFinding('long_subject', field, String(longSubject))] : []
}

/** With a scheme, `www.`, or an ending that makes a telephone draw a link. */
const address =
  /(?:https?:\/\/|www\.)[^\s]+|\b(?:[\p{L}\p{N}-]+\.)+(?:com|ca|fr|org|net|io|ly|me|be|ch|eu|info|co|app|gl|to|us|uk|link|health|quebec)\b(?:\/[^\s]*)?/giu

/** What a telephone would draw a link of, and is not ours. */
export function foreignAddressesIn(text: string, publicUrl: string): readonly string[] {
  return [...text.matchAll(address)].map(([found]) => found).filter((found) => !isOurs(found, publicUrl))
}

function isOurs(found: string, publicUrl: string): boolean {
  const host = found
    .replace(/^https?:\/\//i, '')
    .split(/[/?#:]/)[0]
    ?.toLowerCase()
  return host === new URL(publicUrl).hostname.toLowerCase()
}

interface Tried {
  readonly usual: string
  /** Of every sample. */
  readonly texts: readonly string[]
  /** The one that costs most. */
  readonly worst: SmsSize
  readonly time: string
}

/** By the same way as when it leaves; a failure of any sample is one that a patient could meet. */
function tryOut({ cell, template, settings, parse, publicUrl }: LintInput): Tried | TemplateFailure {
  const alone = { ...settings, templates: { [cellKey(cell)]: template } }
  const texts: string[] = []
  let time = ''
  for (const { input } of samplesFor(cell, alone)) {
    const story = storyOf(input)
    const own = ownWords(input, story, cell.channel, parse)
    if (!own || 'failed' in own) return own?.failed ?? 'unwritable'
    if (texts.length === 0) time = String(valuesOf(input, story, 'sms').time ?? '')
    texts.push((own.words.sms ?? '').replaceAll(LINK, `${publicUrl}/${'x'.repeat(22)}`))
  }
  return { usual: texts[0] ?? '', texts, worst: texts.map(smsSegments).reduce(costlier), time }
}

function costlier(a: SmsSize, b: SmsSize): SmsSize {
  return b.segments > a.segments || (b.segments === a.segments && b.units > a.units) ? b : a
}

function costsOf({ texts, worst }: Tried, source: string): readonly Finding[] {
  const outside = [...new Set(texts.join(''))].filter((character) => smsSegments(character).encoding === 'ucs2')
  if (outside.length > 0) {
    const spelt = outside.map((character) => `${character} → ${toGsm7(character) || '∅'}`).join(', ')
    const { segments } = texts.map((text) => smsSegments(toGsm7(text))).reduce(costlier)
    return [{ ...sayFinding('outside_gsm7', 'body', spelt, `${worst.segments}`, `${segments}`), instead: toGsm7(source) }]
  }
  return worst.segments > 1 ? [sayFinding('segments', 'body', String(worst.segments), String(worst.units))] : []
}

function missingFrom({ usual, time }: Tried): readonly Finding[] {
  const missing: Finding[] = []
  if (!/\b(STOP|ARRET|ARRÊT)\b/i.test(usual)) missing.push(sayFinding('no_opt_out', 'body'))
  if (time !== '' && !usual.includes(time)) missing.push(sayFinding('no_time', 'body'))
  return missing
}
