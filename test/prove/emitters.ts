import { cleanLine, cleanText } from '../../src/channels/clean-text.ts'
import { emailHtml } from '../../src/channels/email-html.ts'
import { emailText } from '../../src/channels/email-text.ts'
import { toTwiml } from '../../src/channels/twilio-inbound.ts'
import { calendarEntry, writeCalendar } from '../../src/core/calendar.ts'
import { csvLine, parseCsv, plainCell } from '../../src/core/csv.ts'
import { patientPage } from '../../src/core/patient-page.ts'
import { createLog, type LogFields } from '../../src/server/log.ts'
import { renderPatientPage } from '../../src/server/pages/patient-page.tsx'
import { sampleMessage } from '../channels/sample-message.ts'
import { start } from '../support/clinic.ts'
import { anAppointment, pageInput } from '../support/screens.ts'

/** One of the places where text that somebody else chose leaves us. */
export interface Emitter {
  readonly name: string
  readonly emit: (said: string) => string
  /** The same place, written by somebody who thought of nothing. */
  readonly careless: (said: string) => string
  /** Whether what was emitted is still what it would be, had the text been harmless. */
  readonly isWhole: (emitted: string, said: string) => boolean
}

/** Controls but the line's end, lone surrogates, and what turns the reading direction. */
const acting = /(?!\n)[\p{Cc}\p{Surrogate}\u202A-\u202E\u2066-\u2069\uFEFF]/u
const formula = /^(?:[\t\r\n]|\s*[=+\-@|%＝＋－＠])/

/** Every tag and comment with its attributes' names, in order; the values go, since whatever stands in quotes is a value. */
const tagsOf = (html: string) => (html.replace(/"[^"]*"/g, '').match(/<[^>]*>/g) ?? []).join('')

const mailOf = (said: string) =>
  sampleMessage({
    channel: 'email',
    to: 'camille@example.org',
    clinic: { name: `x${said}` },
    words: { lines: [`x${said}`], asides: [`x${said}`] },
  })
const mailTags = tagsOf(emailHtml(mailOf('')))
const mailLines = emailText(mailOf('')).split('\n').length

const pageOf = (said: string) => {
  const appointment = anAppointment({ practitioner: { key: 'm', name: `x${said}` } })
  return renderPatientPage(patientPage(pageInput({ appointment })), { token: 'k7Qm2xV9bT4nR8wYc3Lp6Z', language: 'fr', basis: 'b1' })
}
const pageTags = tagsOf(pageOf(''))

const calendarOf = (said: string) => {
  const appointment = { revision: 3, end: start.add({ minutes: 30 }), changedAt: start }
  const clinic = { name: `x${said}`, phone: '1' }
  const about = { uid: 'x', appointment, start, off: false, modality: 'onsite' as const, clinic, language: 'fr' as const, now: start }
  const entry = calendarEntry({ ...about, practitioner: `x${said}`, place: [`x${said}`] })
  return writeCalendar(entry, 'PUBLISH', { name: `x${said}`, address: 'rdv@tilleuls.example' })
}
const propertiesOf = (calendar: string) =>
  calendar
    .replace(/\r\n /g, '')
    .split(/\r\n|[\r\n]/)
    .map((line) => /^[A-Z-]*/.exec(line)?.[0])
    .join(' ')
const calendarProperties = propertiesOf(calendarOf(''))

const logged = (fields: LogFields) => {
  const lines: string[] = []
  createLog('info', (line) => void lines.push(line)).info('x', fields)
  return lines.join('')
}

export const emitters: readonly Emitter[] = [
  {
    name: 'e-mail HTML',
    emit: (said) => emailHtml(mailOf(said)),
    careless: (said) => emailHtml(mailOf('')).replace('>x<', `>x${said}<`),
    isWhole: (html) => tagsOf(html) === mailTags && !acting.test(html.replaceAll('\n', '')),
  },
  {
    name: 'e-mail text',
    emit: (said) => emailText(mailOf(said)),
    careless: (said) => emailText(mailOf('')).replace('x\n', `x${said}\n`),
    isWhole: (text) => text.split(/[\r\n\u2028\u2029\u0085]/).length === mailLines && !acting.test(text),
  },
  {
    name: 'patient page',
    emit: pageOf,
    careless: (said) => pageOf('').replace(/x</, `x${said}<`),
    isWhole: (html) => tagsOf(html) === pageTags,
  },
  { name: 'SMS', emit: cleanText, careless: (said) => said, isWhole: (text) => !acting.test(text) && !text.includes('\r') },
  {
    name: 'one line',
    emit: cleanLine,
    careless: (said) => said,
    isWhole: (text) => !acting.test(text) && !/[\r\n\u2028\u2029]/.test(text),
  },
  {
    name: 'TwiML',
    emit: toTwiml,
    careless: (said) => `<?xml version="1.0" encoding="UTF-8"?><Response><Message>${said}</Message></Response>`,
    isWhole: (xml) =>
      tagsOf(xml.replace(/^<\?xml[^>]*>/, '')) === '<Response><Message></Message></Response>' &&
      !/&(?!(?:amp|lt|gt|quot|apos);)/.test(xml) &&
      !acting.test(xml) &&
      !/[\uFFFE\uFFFF]/.test(xml),
  },
  {
    name: 'CSV cell',
    emit: (said) => csvLine(['a', plainCell(said), 'b']),
    careless: (said) => `a,${said},b\n`,
    isWhole: (text, said) => {
      const rows = parseCsv(`h,i,j\n${text}`)
      const [, row] = rows
      return rows.length === 2 && row?.cells.length === 3 && !formula.test(row.cells[1] ?? '') && row.cells[1] === plainCell(said)
    },
  },
  {
    name: 'calendar',
    emit: calendarOf,
    careless: (said) => calendarOf('').replace('SUMMARY:', `SUMMARY:${said}`),
    isWhole: (text) => propertiesOf(text) === calendarProperties && text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75),
  },
  {
    name: 'log line',
    emit: (said) => logged({ reason: said, connector: said }),
    careless: (said) => `{"level":"info","reason":"${said}","msg":"x"}\n`,
    isWhole: (text, said) => text.trimEnd().split(/[\r\n]/).length === 1 && isJsonSaying(text, said),
  },
]

function isJsonSaying(text: string, said: string): boolean {
  try {
    return (JSON.parse(text) as { reason: string }).reason === said
  } catch {
    return false
  }
}
