import { smsSegments } from '../../../core/gsm7.ts'
import { priceOf } from '../../../core/metering.ts'
import type { Settings } from '../../../core/settings.ts'
import type { Cell } from '../../../core/template/cell.ts'
import type { Preview } from '../../../core/template/preview.ts'
import { previewWords } from '../../../core/template/preview.ts'
import type { Template } from '../../../core/template/template.ts'
import type { Language } from '../../../core/words/language.ts'
import { money } from '../../simulate/report-words.ts'
import { parseTemplate } from '../../templates/render.ts'
import { messagesTexts } from './texts.ts'

/** With the words of the settings, or of a template that is being written. */
export function previewOf(cell: Cell, settings: Settings, template?: Template): Preview {
  return previewWords({ cell, settings, parse: parseTemplate, ...(template && { template }) })
}

interface ShownProps {
  readonly cell: Cell
  readonly preview: Preview
  readonly settings: Settings
  readonly language: Language
  readonly publicUrl: string
}

/** By the latest price the clinic has given. */
const lastDay = '9999-12-31'

export function priceFor(settings: Settings, segments: number, language: Language): string {
  const { price, currency } = priceOf(settings.smsPrices, lastDay, segments)
  return money(price, currency, language)
}

/** A message as its reader gets it. */
export function Shown({ cell, preview, settings, language, publicUrl }: ShownProps) {
  const texts = messagesTexts[language]
  const { words } = preview
  switch (cell.channel) {
    case 'sms': {
      const text = words.sms.replaceAll('{link}', `${publicUrl}/${'x'.repeat(22)}`)
      const { encoding, units, segments } = smsSegments(text)
      return (
        <>
          <pre class="sms" lang={cell.language}>
            <Marked text={text} />
          </pre>
          <p class="hint">{texts.size(units, encoding === 'gsm7' ? 'GSM-7' : 'UCS-2', segments, priceFor(settings, segments, language))}</p>
        </>
      )
    }
    case 'email':
      return (
        <div lang={cell.language} class="stack">
          <p>
            <b>{words.subject}</b>
            <br />
            <span class="hint">{words.preheader}</span>
          </p>
          <p>
            {words.title} · {words.day} · {words.time}
          </p>
          {[...words.lines, words.action.label, ...words.asides].map((line) => (
            <p>{line}</p>
          ))}
          {words.footer.map((line) => (
            <p class="hint">{line}</p>
          ))}
        </div>
      )
    case 'push':
      return (
        <p lang={cell.language}>
          <b>{words.subject}</b>
          <br />
          {words.preheader}
        </p>
      )
    default:
      return cell.channel satisfies never
  }
}

/** The characters that take a text out of GSM-7 stand out. */
function Marked({ text }: { readonly text: string }) {
  if (smsSegments(text).encoding === 'gsm7') return <>{text}</>
  const parts = text.split(/(.)/su).filter((part) => part !== '')
  const runs: { text: string; isOutside: boolean }[] = []
  for (const part of parts) {
    const isOutside = smsSegments(part).encoding === 'ucs2'
    const last = runs.at(-1)
    if (last?.isOutside === isOutside) last.text += part
    else runs.push({ text: part, isOutside })
  }
  return <>{runs.map((run) => (run.isOutside ? <mark>{run.text}</mark> : run.text))}</>
}
