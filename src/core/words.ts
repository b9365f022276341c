import { toGsm7 } from './gsm7.ts'
import { sayDay, sayDayAndHour, sayHour, sayPlace, saySmsDay, saySmsHour } from './local-time.ts'
import type { Words } from './message.ts'
import type { ChannelKind } from './patient.ts'
import { confirmState, confirmWindow } from './window.ts'
import { pushWords } from './words/push.ts'
import type { Story, WordsInput } from './words/story.ts'
import { storyOf } from './words/story.ts'
import { capitalise, oneLine } from './words/typography.ts'

/** Replaced by the server when the message leaves: the address itself is kept nowhere (R26). */
const LINK = '{link}'

/** What one message says, by e-mail and by SMS. Never a motif, a specialty or the patient's name (R28). */
export function wordsFor(input: WordsInput): Words {
  return wordsOf(storyOf(input))
}

/** The same, of a story that has been read already, by the way the message takes. */
export function wordsBy(channel: ChannelKind, story: Story): Words {
  const words = wordsOf(story)
  return channel === 'push' ? { ...words, ...pushWords(story) } : words
}

function wordsOf(story: Story): Words {
  const { phrases, face, start, off } = story
  const when = start ? sayDayAndHour(start, face) : ''
  return {
    language: face.language,
    subject: phrases.subject(story.news, story.asks, when).trim(),
    preheader: preheaderOf(story),
    title: phrases.title(story.news, story.modality, story.moved),
    day: start ? capitalise(sayDay(start, face)) : '',
    time: start ? sayHour(start, face) : '',
    off,
    lines: linesOf(story),
    action: { label: story.asks ? phrases.seeAndConfirm : phrases.see, url: LINK, copy: phrases.copyAddress },
    asides: [asideOf(story)],
    footer: footerOf(story),
    elsewhere: phrases.otherLanguage,
    sms: smsOf(story),
  }
}

function linesOf(story: Story): readonly string[] {
  const { phrases, modality, news, start, face } = story
  const company = withWhom(story)
  if (news === 'missed') return [company, phrases.isOff(news)].filter(filled)
  if (news === 'cancelled') return [company, `${phrases.isOff(news)} ${phrases.notComing(modality)}`].filter(filled)
  const coming = start && phrases.coming(modality, sayHour(start, face), story)
  const fillIn = story.asksToFillIn ? phrases.pleaseFillIn : ''
  return [company, ...changesOf(story), coming ?? '', answerLine(story), fillIn].filter(filled)
}

/** `avec Dre Claire Moreau, à la clinique · heure de Toronto`; a mark is left out where nothing stands before it. */
function withWhom({ phrases, practitioner, modality, clock }: Story): string {
  const company = practitioner === undefined ? '' : phrases.company(practitioner)
  const where = `${company}${phrases.manner(modality)}`.replace(/^, /, '')
  return [where, clock ?? ''].filter(filled).join(' · ')
}

function changesOf({ phrases, before, changed, modality, sameManner, face, news }: Story): readonly string[] {
  if (news !== 'changed' || !before) return []
  const lines = changed.includes('start') && before.start ? [phrases.before(sayDayAndHour(before.start, face))] : []
  for (const fact of changed) {
    if (fact === 'start' || (fact === 'modality' && sameManner)) continue
    lines.push(phrases.changedTo(fact, modality))
  }
  return lines
}

/** What is asked of the patient, or why nothing is (O14, O15). */
function answerLine({ phrases, news, modality, asks, asksToFillIn, confirmed, changed, start, face }: Story): string {
  const again = changed.some((fact) => fact !== 'practitioner') ? `${phrases.answerAgain} ` : ''
  if (asks) return `${again}${phrases.pleaseConfirm(modality)}`
  if (confirmed) return asksToFillIn ? '' : phrases.allConfirmed
  if (!start || news === 'manual' || confirmState(start, face.now) !== 'before') return again.trim()
  return `${again}${phrases.confirmFrom(sayDayAndHour(confirmWindow(start).opensAt, face))}`
}

function preheaderOf(story: Story): string {
  const { phrases, off, asks, modality } = story
  const company = withWhom(story)
  const sentence = company && `${capitalise(company)}.`
  return [sentence, off ? '' : asks ? phrases.pleaseConfirm(modality) : ''].filter(filled).join(' ')
}

function asideOf({ phrases, off, phone, mayCancelUntil, face }: Story): string {
  if (off) return phrases.callForAnother(phone)
  return mayCancelUntil ? phrases.cancelUntil(sayDayAndHour(mayCancelUntil, face), phone) : phrases.callInstead(phone)
}

function footerOf({ phrases, clinic, clinicAddress, phone }: Story): readonly string[] {
  const sender = clinicAddress === undefined ? `${clinic}.` : `${clinic}, ${clinicAddress}.`
  return [`${sender} ${phrases.automatic(phone)}`, phrases.stopHint]
}

/** The text message alone. Clinic, day, hour, professional, link, STOP: one segment for names of usual length. */
export function smsOf(story: Story): string {
  const { phrases, news, modality, moved, start, face, clock, off } = story
  const { sms } = phrases
  const clinic = toGsm7(oneLine(story.clinic, 60))
  const practitioner = toGsm7(oneLine(story.practitioner ?? '', 60))
  const said = [
    sms.head(news, modality, moved),
    start ? `${saySmsDay(start, face)} ${saySmsHour(start, face)}` : '',
    clock && !off ? `(${sayPlace(face.zone, face.language)})` : '',
    practitioner && news !== 'missed' ? sms.company(practitioner) : '',
  ].filter(filled)
  const text = `${clinic && `${clinic}: `}${said.join(' ').replace(/\.$/, '')}.`
  const another = news === 'missed' ? sms.another(story.phone) : ''
  return [toGsm7([text, another, sms.link(news, story.asks, story.asksToFillIn)].filter(filled).join(' ')), LINK, sms.stop].join(' ')
}

const filled = (text: string): boolean => text !== ''
