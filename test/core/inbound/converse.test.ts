import type { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { confirmationBasis } from '../../../src/core/appointment.ts'
import type { Asked } from '../../../src/core/inbound/asked.ts'
import { converse } from '../../../src/core/inbound/converse.ts'
import type { Question } from '../../../src/core/inbound/question.ts'
import { readReply } from '../../../src/core/inbound/reply-text.ts'
import type { Turn } from '../../../src/core/inbound/turn.ts'
import { factsOf } from '../../../src/core/told.ts'
import { clinicSettings, start } from '../../support/clinic.ts'
import { anAsked } from './asked.ts'

const contact = '+14185550177'
const inWindow = start.subtract({ hours: 30 })

/** A number that texts, one text after the other; what it is asked is kept, what it answers is written down. */
function phone(first: readonly Asked[], now: Temporal.Instant = inWindow) {
  let asked = first
  let question: Question | undefined
  const recent: string[] = []
  const self = {
    says(text: string): Turn {
      const turn = converse({ text: readReply(text), contact, asked, ...(question && { question }), recent, now })
      if (turn.question) question = turn.question === 'none' ? undefined : turn.question
      if (turn.says) recent.push(turn.says.kind)
      asked = asked.map((each) => {
        const saved = turn.replies
          .filter(({ asked: of }) => of === each)
          .flatMap(({ decision }) => (decision.kind === 'accepted' ? decision.save : []))
        const kept = each.writeBacks.filter(({ id }) => !saved.some((other) => other.id === id))
        return { ...each, writeBacks: [...kept, ...saved] }
      })
      return turn
    },
    later(duration: Temporal.DurationLike) {
      now = now.add(duration)
      return self
    },
    texted(change: (asked: Asked) => Asked) {
      asked = asked.map(change)
      return self
    },
    question: () => question,
  }
  return self
}

/** `confirm A1, cancel A2 → really_cancel · ambiguous`: what is written down, what is said, what a person sees. */
function sum({ replies, says, toDo, optOut, wrongNumber }: Turn): string {
  const done = replies.filter(({ decision }) => decision.kind === 'accepted').map(({ kind, asked }) => `${kind} ${asked.appointment.ehrId}`)
  const marks = [toDo?.kind, optOut, wrongNumber && 'wrong'].filter(Boolean)
  return [done.join(', ') || '-', says?.kind ?? 'silence', ...marks].join(' · ')
}

const one = () => [anAsked({ now: inWindow })]
const two = () => [anAsked({ now: inWindow }), anAsked({ now: inWindow, ehrId: 'A2', start: start.add({ hours: 1 }) })]
const mayNot = clinicSettings({ sites: { main: { name: 'Site', patientMayCancel: false, patientMayArrive: false } } })

describe('one appointment waits for an answer', () => {
  test.each([
    ['oui', 'confirm A1 · confirmed'],
    ['1', 'confirm A1 · confirmed'],
    ['OUI 1', 'confirm A1 · confirmed'],
    ['non', '- · really_cancel'],
    ['2', '- · really_cancel'],
    ['annuler', '- · really_cancel'],
    ['ANNULER 1', '- · really_cancel'],
    ['OUI 2', '- · which · ambiguous'],
    ['7', '- · which · ambiguous'],
    ['ok', '- · say_yes'],
    ['Puis-je venir à 15 h ?', '- · passed_on · reply'],
    ['stop', '- · stopped · stop'],
    ['cancel', '- · stopped · reply · stop'],
    ['start', '- · resumed · start'],
    ['aide', '- · help'],
    ['mauvais numéro', '- · wrong_number · wrong_number · wrong'],
  ])('“%s”: %s', (text, expected) => {
    expect(sum(phone(one()).says(text))).toBe(expected)
  })

  test('O14: yes twice is one answer', () => {
    const patient = phone(one())
    patient.says('oui')
    expect(sum(patient.says('oui'))).toBe('- · confirmed')
  })

  test('O14: an early yes is answered with from when, and not written back', () => {
    const turn = phone(one(), start.subtract({ hours: 72 })).says('oui')
    expect(sum(turn)).toBe('- · too_early')
    expect(turn.says).toMatchObject({ from: start.subtract({ hours: 48 }) })
  })

  test('MOD-5: a yes to what is no longer so is stale', () => {
    const [asked] = one()
    if (!asked) return
    const moved = { ...asked, appointment: { ...asked.appointment, start: start.add({ hours: 1 }) } }
    expect(sum(phone([moved]).says('oui'))).toBe('- · changed')
    expect(sum(phone([moved]).says('non'))).toBe('- · changed')
  })

  test('the clinic has cancelled it since: they are told so', () => {
    const cancelled = one().map((asked) => ({ ...asked, appointment: { ...asked.appointment, status: 'cancelled' as const } }))
    expect(sum(phone(cancelled).says('oui'))).toBe('- · off')
    expect(sum(phone(cancelled).says('non'))).toBe('- · off')
  })

  test('WB-6: an EHR that takes no yes is not promised one', () => {
    const deaf = one().map((asked) => ({ ...asked, writes: new Set([]) }))
    expect(sum(phone(deaf).says('oui'))).toBe('- · not_asked')
  })

  test('a held appointment is neither named nor answered', () => {
    const held = one().map((asked) => ({ ...asked, appointment: { ...asked.appointment, holds: ['H-TIME-CONFLICT' as const] } }))
    expect(sum(phone(held).says('oui'))).toBe('- · not_asked')
  })
})

describe('R26: one text never cancels', () => {
  test('no, then ANNULER 1: cancelled, and GARDER takes it back', () => {
    const patient = phone(one())
    expect(sum(patient.says('non'))).toBe('- · really_cancel')
    expect(sum(patient.says('Annuler 1'))).toBe('cancel A1 · cancelled')
    expect(sum(patient.says('garder'))).toBe('restore A1 · kept')
    expect(sum(patient.says('oui'))).toBe('confirm A1 · confirmed')
  })

  test('the undo waits as it does on the page', () => {
    const turn = (() => {
      const patient = phone(one())
      patient.says('non')
      return patient.says('annuler')
    })()
    const [reply] = turn.replies
    expect(reply?.decision).toMatchObject({
      kind: 'accepted',
      save: [{ kind: 'cancel', state: 'queued', dueAt: inWindow.add({ minutes: 5 }) }],
    })
    expect(turn.says).toMatchObject({ kind: 'cancelled', undoUntil: inWindow.add({ minutes: 5 }) })
  })

  test.each([
    ['no, no, no', ['non', 'NON', 'non 1'], '- · really_cancel · ambiguous'],
    ['no, and a yes that may mean either', ['non', 'oui'], '- · really_cancel · ambiguous'],
    ['no, and a bare number', ['non', '1'], '- · really_cancel · ambiguous'],
    ['no, and another number', ['non', 'ANNULER 2'], '- · really_cancel · ambiguous'],
    ['no, and GARDER', ['non', 'garder'], '- · kept'],
    ['cancelled, and a yes that may mean either', ['non', 'annuler 1', 'oui'], '- · cancelled'],
    ['cancelled, and no mistake', ['non', 'annuler 1', 'non'], '- · silence'],
    ['cancelled, and thanks', ['non', 'annuler 1', 'merci'], '- · silence'],
    ['cancelled twice', ['non', 'annuler 1', 'annuler 1'], '- · off'],
  ])('%s', (_name, texts, last) => {
    const patient = phone(one())
    const turns = texts.map((text) => patient.says(text))
    expect(turns.at(-1) && sum(turns.at(-1) as Turn)).toBe(last)
  })

  test.each<[string, Temporal.Instant, readonly Asked[]]>([
    ['O12: no less than 24 h before', start.subtract({ hours: 20 }), one()],
    ['O5: no where the site has it by phone', inWindow, one().map((asked) => ({ ...asked, settings: mayNot }))],
  ])('%s: the phone, and a person knows', (_name, now, asked) => {
    expect(sum(phone(asked, now).says('non'))).toBe('- · cancel_by_phone · cancel_asked')
  })

  test('the window closes between the two: nothing is cancelled', () => {
    const patient = phone(one(), start.subtract({ hours: 24, seconds: 30 }))
    patient.says('non')
    expect(sum(patient.later({ minutes: 1 }).says('annuler 1'))).toBe('- · cancel_by_phone · cancel_asked')
  })

  test('it moves between the two: nothing is cancelled', () => {
    const patient = phone(one())
    patient.says('non')
    patient.texted((asked) => ({ ...asked, appointment: { ...asked.appointment, start: start.add({ hours: 2 }) } }))
    expect(sum(patient.says('annuler 1'))).toBe('- · changed')
  })

  test('a text of ours between the two: the second is a first', () => {
    const patient = phone(one())
    patient.says('non')
    patient.later({ hours: 1 }).texted((asked) => ({ ...asked, textedAt: inWindow.add({ minutes: 50 }) }))
    expect(sum(patient.says('annuler 1'))).toBe('- · which · ambiguous')
  })
})

describe('MOD-13: several appointments of one number', () => {
  test.each([
    ['oui', '- · which · ambiguous'],
    ['non', '- · which · ambiguous'],
    ['1', '- · which · ambiguous'],
    ['2', '- · which · ambiguous'],
    ['OUI 1', '- · which · ambiguous'],
    ['annuler', '- · which · ambiguous'],
    ['ok', '- · silence'],
  ])('“%s” is never a guess: %s', (text, expected) => {
    expect(sum(phone(two()).says(text))).toBe(expected)
  })

  test.each([
    ['by its number', ['oui', '2'], 'confirm A2 · confirmed'],
    ['by yes and its number', ['oui', 'oui 1'], 'confirm A1 · confirmed'],
    ['both', ['oui', '1 et 2'], 'confirm A1, confirm A2 · confirmed'],
    ['one that is not there', ['oui', '3'], '- · which · ambiguous'],
    ['yes again', ['oui', 'oui'], '- · which · ambiguous'],
    ['the other one is no', ['oui', '1', 'non 2'], '- · really_cancel'],
    ['the other one is the only one left', ['oui', '1', 'oui'], 'confirm A2 · confirmed'],
    ['no, and its number', ['non', '2'], '- · really_cancel'],
    ['no, its number, and really', ['non', 'non 2', 'annuler 1'], 'cancel A2 · cancelled'],
    ['two at once are not cancelled', ['non', '1 et 2'], '- · which · ambiguous'],
  ])('%s', (_name, texts, last) => {
    const patient = phone(two())
    const turns = texts.map((text) => patient.says(text))
    expect(turns.at(-1) && sum(turns.at(-1) as Turn)).toBe(last)
  })

  test('the soonest is 1, and what is numbered is what was shown, though it moved since the text', () => {
    const late = two()
      .toReversed()
      .map((asked) => ({ ...asked, says: { ...factsOf(asked.appointment), place: 'elsewhere' } }))
    const patient = phone(late)
    const turn = patient.says('oui')
    expect(turn.says).toMatchObject({ kind: 'which', asked: [{ appointment: { ehrId: 'A1' } }, { appointment: { ehrId: 'A2' } }] })
    expect(patient.question()?.options.map(({ basis }) => basis)).toEqual(two().map(({ appointment }) => confirmationBasis(appointment)))
    expect(sum(patient.says('1'))).toBe('confirm A1 · confirmed')
  })

  test('one waits, the other is months away: yes is to the one that waits', () => {
    const far = anAsked({ now: inWindow, ehrId: 'A2', start: start.add({ hours: 2000 }) })
    expect(sum(phone([far, ...one()]).says('oui'))).toBe('confirm A1 · confirmed')
    expect(sum(phone([far, ...one()]).says('non'))).toBe('- · really_cancel')
  })

  test('more than fit into a text: by their links, or the phone', () => {
    const many = ['A1', 'A2', 'A3', 'A4'].map((ehrId) => anAsked({ now: inWindow, ehrId }))
    expect(sum(phone(many).says('oui'))).toBe('- · too_many · ambiguous')
  })

  test('one of two moved after it was numbered: the other stands, and a person sees it', () => {
    const patient = phone(two())
    patient.says('oui')
    patient.texted((asked) =>
      asked.appointment.ehrId === 'A2' ? { ...asked, appointment: { ...asked.appointment, start: start.add({ hours: 5 }) } } : asked,
    )
    expect(sum(patient.says('1 2'))).toBe('confirm A1 · partly · ambiguous')
  })

  test('after a text of ours a number may be anything', () => {
    const patient = phone(two())
    patient.says('oui')
    patient.later({ minutes: 10 }).texted((asked) => ({ ...asked, textedAt: inWindow.add({ minutes: 5 }) }))
    expect(sum(patient.says('1'))).toBe('- · which · ambiguous')
  })
})

describe('nothing waits for an answer', () => {
  test.each([
    ['oui', '- · nothing'],
    ['non', '- · nothing'],
    ['1', '- · nothing'],
    ['merci', '- · silence'],
    ['Bonjour, je voudrais un rendez-vous', '- · passed_on · reply'],
    ['cancel', '- · stopped · stop'],
  ])('“%s”: %s', (text, expected) => {
    expect(sum(phone([]).says(text))).toBe(expected)
  })

  test('who writes several texts is told once that they are passed on, and each is', () => {
    const patient = phone([])
    patient.says('Bonjour')
    expect(sum(patient.says('Je suis en retard'))).toBe('- · passed_on · reply')
    expect(sum(patient.says('De dix minutes'))).toBe('- · silence · reply')
  })
})
