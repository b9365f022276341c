import { smsSegments, toGsm7 } from '../gsm7.ts'
import { priceOf } from '../metering.ts'
import type { Settings } from '../settings.ts'
import { carrierWordsIn } from '../template/carrier-words.ts'
import type { Finding } from '../template/finding.ts'
import { sayFinding } from '../template/finding-words.ts'
import { healthWordsIn } from '../template/health-words.ts'
import { foreignAddressesIn } from '../template/lint.ts'
import { oneLine } from '../words/typography.ts'

/** A text that somebody of the clinic wrote, as it would leave. */
export interface StaffText {
  readonly text: string
  readonly segments: number
  readonly price: number
  readonly currency: string
  /** Errors keep it from leaving: whoever holds the telephone would read why the patient comes, or be led elsewhere (R28). */
  readonly findings: readonly Finding[]
}

/** Three segments: more is a call. */
const most = 459

/** Signed with the clinic's name, in the alphabet that costs least. `day`: `YYYY-MM-DD`, the clinic's, of whose price it is. */
export function staffText(typed: string, settings: Settings, publicUrl: string, day: string): StaffText {
  const words = toGsm7(typed.replaceAll(/[{}]/g, ' ').replaceAll(/\s+/g, ' ').trim())
  const text = words === '' ? '' : `${toGsm7(oneLine(settings.clinic.name, 40))}: ${words}`
  const { segments } = smsSegments(text)
  const tooLong = text.length > most ? [sayFinding('too_long', 'body')] : []
  return { text, segments, ...priceOf(settings.smsPrices, day, segments), findings: [...lint(words, settings, publicUrl), ...tooLong] }
}

function lint(words: string, settings: Settings, publicUrl: string): readonly Finding[] {
  if (words === '') return [sayFinding('empty', 'body')]
  return [
    ...healthWordsIn([words], settings).map((word) => sayFinding('health_word', 'body', word)),
    ...(foreignAddressesIn(words, publicUrl).length > 0 ? [sayFinding('foreign_address', 'body', new URL(publicUrl).host)] : []),
    ...carrierWordsIn(words).flatMap(({ word, act, invited }) => (invited ? [sayFinding('carrier_word', 'body', word, act)] : [])),
  ]
}
