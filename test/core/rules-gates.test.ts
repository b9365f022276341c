import { describe, expect, it } from 'vitest'
import { decide } from '../../src/core/decide.ts'
import type { GateInput } from '../../src/core/gates.ts'
import type { NotificationKind } from '../../src/core/kind.ts'
import { isCapped } from '../../src/core/kind.ts'
import { quietAt } from '../../src/core/timing.ts'
import { agendaSettings, bookedChange, clinicSettings, email, landline, mobile, motifSettings, night, start } from '../support/clinic.ts'
import { anAppointment, aPatient } from '../support/screens.ts'
import { story } from '../support/story.ts'

const kinds = ['confirmation', 'reminder', 'previsit', 'change', 'cancellation', 'correction', 'manual'] as const
type Kind = (typeof kinds)[number]
type Sort = 'staff' | 'patient_online'

/** Everything that could be told of one appointment, each asked for at this hour: `change sms` → what becomes of it. */
function asked(given: Partial<GateInput>, origin: Sort): ReadonlyMap<string, string> {
  const outcomes = new Map<string, string>()
  for (const kind of kinds)
    for (const channel of ['email', 'sms'] as const) {
      const { outcome } = decide('send', {
        kind,
        channel,
        notAfter: start.subtract({ hours: 1 }),
        patient: { ...aPatient, contacts: [mobile, email] },
        settings: clinicSettings(),
        optedOut: false,
        twinOfTold: false,
        now: start.subtract({ hours: 36 }),
        ...given,
        appointment: { ...anAppointment({ origin }), ...given.appointment, origin },
      })
      outcomes.set(`${kind} ${channel}`, outcome.kind)
    }
  return outcomes
}

/** What does not leave now. */
function silenced(given: Partial<GateInput>, origin: Sort = 'staff'): readonly string[] {
  return [...asked(given, origin)].filter(([, outcome]) => outcome !== 'send').map(([name]) => name)
}

const all: readonly Kind[] = kinds
const automatic = kinds.filter((kind) => kind !== 'manual')
const only = (...some: readonly Kind[]) => some
const onEach = (some: readonly Kind[], ...channels: readonly ('email' | 'sms')[]) =>
  kinds.flatMap((kind) => (some.includes(kind) ? channels.map((channel) => `${kind} ${channel}`) : []))

const withAgenda = (switches: Parameters<typeof agendaSettings>[0]) => ({
  settings: clinicSettings({ agendas: { moreau: agendaSettings(switches) } }),
})
const withMotif = (motif: Parameters<typeof motifSettings>[0]) => ({
  settings: clinicSettings({ motifs: { CONSULT: motifSettings(motif) } }),
})
const notices = only('change', 'cancellation', 'correction')
const capped = kinds.filter(isCapped)

interface Row {
  readonly name: string
  readonly given: Partial<GateInput>
  readonly silences: readonly string[]
  /** What is silenced though the patient booked online; all of it where absent. */
  readonly online?: readonly string[]
}

const rows: readonly Row[] = [
  {
    name: 'gate 0: communications off: all, booked online or not',
    given: { settings: clinicSettings({ communications: false }) },
    silences: onEach(automatic, 'email', 'sms'),
  },
  {
    name: 'gate 0: an agenda in shadow: all',
    given: { settings: clinicSettings({ agendas: { moreau: { ...agendaSettings(), live: false } } }) },
    silences: onEach(automatic, 'email', 'sms'),
  },
  {
    name: 'gate 0, section 4, sender of record: another portal notifies: all',
    given: { settings: clinicSettings({ senders: [{ sender: 'portail' }] }) },
    silences: onEach(automatic, 'email', 'sms'),
  },
  {
    name: 'gate 1: by hand, communications, agenda, motif, patient, SMS and the night say nothing',
    given: {
      settings: clinicSettings({
        communications: false,
        smsActivated: false,
        agendas: { moreau: { ...agendaSettings({ sms: false, email: false }), live: false } },
        motifs: { CONSULT: motifSettings({ notify: false, listed: false }) },
        patients: { 'tilleuls:P1': { notify: false } },
        quietHours: night,
      }),
      around: { budgetSpent: true, sentToday: 9, kindSentToday: true, massHold: true, mergedInto: 'x' },
    },
    silences: onEach(automatic, 'email', 'sms'),
  },
  { name: 'gate 2: an appointment that has begun: all', given: { now: start }, silences: onEach(automatic, 'email', 'sms') },
  {
    name: 'gate 2: a message past its notAfter: all',
    given: { notAfter: start.subtract({ hours: 37 }) },
    silences: onEach(automatic, 'email', 'sms'),
  },
  {
    name: 'gate 3: a status that is not À venir: all but changes, cancellations and corrections',
    given: { appointment: anAppointment({ status: 'arrived' }) },
    silences: onEach(capped, 'email', 'sms'),
  },
  {
    name: 'gate 4: type Aucune: all, booked online or not',
    given: withMotif({ type: 'none', notify: false }),
    silences: onEach(automatic, 'email', 'sms'),
  },
  {
    name: 'gate 4: motif off: all, booked online or not',
    given: withMotif({ notify: false, listed: false }),
    silences: onEach(automatic, 'email', 'sms'),
  },
  {
    name: 'gate 5: SMS of the agenda off: SMS, spared where booked online, but for those of a cancellation or a move',
    given: withAgenda({ sms: false }),
    silences: onEach(automatic, 'sms'),
    online: onEach(notices, 'sms'),
  },
  {
    name: 'gate 5: e-mail of the agenda off: e-mail, spared where booked online',
    given: withAgenda({ email: false }),
    silences: onEach(automatic, 'email'),
    online: [],
  },
  {
    name: 'gate 6: patient switch off: all, spared where booked online',
    given: { settings: clinicSettings({ patients: { 'tilleuls:P1': { notify: false } } }) },
    silences: onEach(automatic, 'email', 'sms'),
    online: [],
  },
  {
    name: 'gate 7: no consent where it must be explicit: that channel',
    given: { settings: clinicSettings({ consent: 'explicit' }) },
    silences: onEach(automatic, 'email', 'sms'),
  },
  {
    name: 'gate 7, section 4, opt-out: STOP, and out of the e-mails: every SMS; of the e-mails, confirmations and reminders',
    given: { optedOut: true },
    silences: kinds.flatMap((kind) => onEach([kind], ...(isCapped(kind) ? (['email', 'sms'] as const) : (['sms'] as const)))),
  },
  {
    name: 'gate 7: the dead: all, by hand too',
    given: { patient: { ...aPatient, contacts: [mobile, email], deceased: true } },
    silences: onEach(all, 'email', 'sms'),
  },
  {
    name: 'gate 8: no mobile: SMS, by hand too',
    given: { patient: { ...aPatient, contacts: [landline, email] } },
    silences: onEach(all, 'sms'),
  },
  {
    name: 'gate 8: no e-mail address: e-mail, by hand too',
    given: { patient: { ...aPatient, contacts: [mobile] } },
    silences: onEach(all, 'email'),
  },
  {
    name: 'gate 9: SMS not activated: SMS',
    given: { settings: clinicSettings({ smsActivated: false }) },
    silences: onEach(automatic, 'sms'),
  },
  {
    name: 'gate 9, O19: the budget is used up: SMS, and no e-mail',
    given: { around: { budgetSpent: true } },
    silences: onEach(automatic, 'sms'),
  },
  {
    name: 'gate 10: another text of the household’s day says it: the reminder by SMS',
    given: { around: { mergedInto: 'tilleuls:A2:x' } },
    silences: onEach(only('reminder', 'previsit'), 'sms'),
  },
  {
    name: 'gate 11: at night: SMS, but for what the patient just caused; not e-mail',
    given: { settings: clinicSettings({ quietHours: night }) },
    silences: onEach(automatic, 'sms'),
    online: onEach(
      automatic.filter((kind) => kind !== 'confirmation'),
      'sms',
    ),
  },
  {
    name: 'gate 11, section 4, caps: six today: confirmations and reminders; notices are never capped',
    given: { around: { sentToday: 6 } },
    silences: onEach(capped, 'email', 'sms'),
  },
  {
    name: 'gate 11, section 4, caps: one of this kind today: the same',
    given: { around: { kindSentToday: true } },
    silences: onEach(capped, 'email', 'sms'),
  },
  {
    name: 'gate 11, section 4, fuse: a mass change: notices alone',
    given: { around: { massHold: true } },
    silences: onEach(notices, 'email', 'sms'),
  },
  {
    name: 'gate 11, section 4, time doctor: a feed whose times have moved together: all but what is off',
    given: { around: { timeShift: true } },
    silences: onEach(
      automatic.filter((kind) => kind !== 'cancellation'),
      'email',
      'sms',
    ),
  },
]

/** The table of section 4, column by column: which of fourteen messages each gate silences, and whom it spares. */
describe('section 4: what each gate silences, and for whom', () => {
  it('nothing in the way: all of it leaves', () => {
    expect(silenced({})).toEqual([])
    expect(silenced({}, 'patient_online')).toEqual([])
  })

  it.each(rows.map((row) => [row.name, row] as const))('%s', (_, { given, silences, online = silences }) => {
    expect(silenced(given)).toEqual(silences)
    expect(silenced(given, 'patient_online')).toEqual(online)
  })
})

describe('section 4: delayed, held, or over', () => {
  it('section 4, at the send: what was planned is asked again', () => {
    const teller = story().hear(bookedChange())
    const reminder = () => teller.outcomes()['previsit sms']
    expect(reminder()).toBe('planned')
    teller.stop('sms').until(start.subtract({ hours: 36 }).toString())
    expect(reminder()).toBe('suppressed: stop')
  })

  const becomes = (given: Partial<GateInput>, kind: NotificationKind = 'previsit') => asked(given, 'staff').get(`${kind} sms`)

  it('section 4, caps: what is too much is held, never dropped', () => {
    expect([becomes({ around: { sentToday: 6 } }), becomes({ around: { sentToday: 5 } })]).toEqual(['held', 'send'])
    expect(becomes({ around: { kindSentToday: true } })).toBe('held')
  })

  it('section 4, fuse: what a mass change brings is held for a person', () => {
    expect(becomes({ around: { massHold: true } }, 'cancellation')).toBe('held')
  })

  it('section 4, time doctor: what a shifted feed has planned is held for a person', () => {
    expect(becomes({ around: { timeShift: true } })).toBe('held')
    expect(becomes({ around: { timeShift: true } }, 'cancellation')).toBe('send')
  })

  it('gate 11: at night a text waits for the morning, or expires where that is too late', () => {
    const settings = clinicSettings({ quietHours: night })
    expect(quietAt(start.subtract({ hours: 36 }), 'America/Toronto', night)).toBeDefined()
    expect(becomes({ settings })).toBe('delayed')
    expect(becomes({ settings, notAfter: start.subtract({ hours: 35 }) })).toBe('expired')
  })
})
