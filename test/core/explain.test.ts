import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { AppointmentStatus, Origin } from '../../src/core/appointment.ts'
import type { ExplainContext } from '../../src/core/explain/account.ts'
import type { Explanation } from '../../src/core/explain.ts'
import { explain } from '../../src/core/explain.ts'
import type { NotificationKind } from '../../src/core/kind.ts'
import type { Notification, NotificationState } from '../../src/core/notification.ts'
import type { ChannelKind, ContactPoint } from '../../src/core/patient.ts'
import type { MotifSettings, Settings } from '../../src/core/settings.ts'
import { factsOf } from '../../src/core/told.ts'
import { agendaSettings, bookedChange, clinicSettings, email, landline, mobile, motifSettings, start } from '../support/clinic.ts'
import { anAppointment, aPatient, at } from '../support/screens.ts'
import { story } from '../support/story.ts'

/** Typed with plain spaces. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ')

const prelevements = (switches: Parameters<typeof agendaSettings>[0] = {}) => ({ ...agendaSettings(switches), label: 'Prélèvements' })
const off = motifSettings({ notify: false, listed: false })
const none = motifSettings({ type: 'none', notify: false })
const smsOff = clinicSettings({ agendas: { moreau: prelevements({ sms: false }) } })
const night = { from: Temporal.PlainTime.from('21:00'), until: Temporal.PlainTime.from('08:00') }

function context(overrides: Partial<ExplainContext> = {}): ExplainContext {
  return {
    appointment: anAppointment(),
    patient: { ...aPatient, contacts: [mobile, email] },
    settings: clinicSettings({ agendas: { moreau: prelevements() } }),
    optedOut: new Set(),
    channels: new Set<ChannelKind>(['email', 'sms']),
    now: at('2026-11-22T15:00:00Z'),
    ...overrides,
  }
}

function told(teller: ReturnType<typeof story>, settings: Settings): readonly Explanation[] {
  const appointment = teller.appointment()
  if (!appointment) throw new Error('no appointment')
  return teller.notifications().map((each) => explain(each, context({ appointment, settings, now: start })))
}

interface Row {
  readonly row: number
  readonly name: string
  readonly origin?: Origin
  readonly motif?: MotifSettings
  readonly sms?: boolean
  readonly email?: boolean
  readonly patient?: boolean
  readonly status?: AppointmentStatus
  readonly contacts?: readonly ContactPoint[]
  readonly settings?: Partial<Settings>
  /** What staff read of the reminder by SMS, after its date. */
  readonly text: string
  readonly mail: string
}

const rows: readonly Row[] = [
  { row: 1, name: 'booked by staff, all on', text: 'envoyé.', mail: 'envoyé.' },
  {
    row: 2,
    name: 'agenda SMS off',
    sms: false,
    text: 'non envoyé, parce que « SMS de rappel » est coupé pour l’agenda « Prélèvements » (D10).',
    mail: 'envoyé.',
  },
  {
    row: 3,
    name: 'agenda SMS and e-mail off',
    sms: false,
    email: false,
    text: 'non envoyé, parce que « SMS de rappel » est coupé pour l’agenda « Prélèvements » (D10).',
    mail: 'non envoyé, parce que « E-mail de rappel » est coupé pour l’agenda « Prélèvements » (D10).',
  },
  { row: 4, name: 'the same, booked online', origin: 'patient_online', sms: false, email: false, text: 'envoyé.', mail: 'envoyé.' },
  {
    row: 5,
    name: 'patient switch off',
    patient: false,
    text: 'non envoyé, parce que « Envoi de SMS et emails » est coupé au dossier du patient (D25).',
    mail: 'non envoyé, parce que « Envoi de SMS et emails » est coupé au dossier du patient (D25).',
  },
  { row: 6, name: 'the same, booked online', origin: 'patient_online', patient: false, text: 'envoyé.', mail: 'envoyé.' },
  {
    row: 7,
    name: 'motif off, booked online',
    origin: 'patient_online',
    motif: off,
    text: 'non envoyé, parce que le motif « CONSULT » est désactivé (D20).',
    mail: 'non envoyé, parce que le motif « CONSULT » est désactivé (D20).',
  },
  {
    row: 8,
    name: 'type Aucune',
    motif: none,
    text: 'non envoyé, parce que le motif « CONSULT » est réglé sur « Aucune communication automatisée » (O4).',
    mail: 'non envoyé, parce que le motif « CONSULT » est réglé sur « Aucune communication automatisée » (O4).',
  },
  {
    row: 9,
    name: 'in the waiting room',
    status: 'arrived',
    text: 'non envoyé, parce que le rendez-vous n’est pas à venir : salle d’attente (D27).',
    mail: 'non envoyé, parce que le rendez-vous n’est pas à venir : salle d’attente (D27).',
  },
  {
    row: 20,
    name: 'no primary e-mail',
    contacts: [mobile],
    text: 'envoyé.',
    mail: 'non envoyé, parce qu’aucune adresse e-mail principale n’est au dossier (O1).',
  },
  {
    row: 21,
    name: 'clinic without SMS',
    settings: { smsActivated: false },
    text: 'non envoyé, parce que les SMS de la clinique ne sont pas activés (O22).',
    mail: 'envoyé.',
  },
  {
    row: 25,
    name: 'type Aucune, booked online',
    origin: 'patient_online',
    motif: none,
    text: 'non envoyé, parce que le motif « CONSULT » est réglé sur « Aucune communication automatisée » (O4).',
    mail: 'non envoyé, parce que le motif « CONSULT » est réglé sur « Aucune communication automatisée » (O4).',
  },
]

describe('D30: the truth table, as staff read it', () => {
  it.each(rows.map((row) => [`row ${row.row}: ${row.name}`, row] as const))('%s', (_, row) => {
    const settings = clinicSettings({
      agendas: { moreau: prelevements({ sms: row.sms ?? true, email: row.email ?? true }) },
      motifs: { CONSULT: row.motif ?? motifSettings() },
      patients: row.patient === false ? { 'ehr:P1': { notify: false } } : {},
      ...row.settings,
    })
    const contacts = row.contacts ?? [mobile, email]
    const teller = story({ settings }).hear(bookedChange({ origin: row.origin ?? 'staff', patient: { ehrId: 'P1', contacts } }))
    if (row.status) teller.hear(bookedChange({ status: { value: row.status } }, 60))
    const lines = told(teller.until('2026-11-26T14:00:00Z'), settings).map(({ sentence }) => plain(sentence.fr))
    expect(lines).toContain(`SMS de rappel du mardi 24 novembre à 21 h 40 : ${row.text}`)
    expect(lines).toContain(`E-mail de rappel du mardi 24 novembre à 21 h 40 : ${row.mail}`)
  })

  it.each([
    [12, 'staff'],
    [13, 'patient_online'],
  ] as const)('row %i: SMS de rappel off, an absence cancels it, booked by %s', (_row, origin) => {
    const lines = told(
      story({ settings: smsOff })
        .hear(bookedChange({ origin }))
        .until('2026-11-21T00:00:00Z')
        .hear(bookedChange({ origin, status: { value: 'cancelled', cancelKind: 'cancelled' } }, 60 * 12))
        .until('2026-11-26T15:00:00Z'),
      smsOff,
    ).map(({ sentence }) => plain(sentence.fr))
    expect(lines).toContain('E-mail d’annulation du vendredi 20 novembre à 19 h : envoyé.')
    expect(lines).toContain(
      'SMS d’annulation du vendredi 20 novembre à 19 h : non envoyé, parce que « SMS de rappel » est coupé pour l’agenda « Prélèvements », ce qui arrête aussi ses SMS d’annulation et de changement (D12).',
    )
  })

  it('the record of a no: every gate with what it saw, the one that decided, and the version of the settings', () => {
    const settings = { ...smsOff, version: 41 }
    const lines = told(story({ settings }).hear(bookedChange()).until('2026-11-26T14:00:00Z'), settings)
    const text = lines.find(({ step, channel }) => step !== 'notice' && channel === 'sms')
    expect(text).toMatchObject({
      state: 'suppressed',
      reason: 'agenda_off',
      forecast: false,
      settingsVersion: 41,
      decidedAt: at('2026-11-25T02:40:00Z'),
    })
    expect(text?.gates.filter(({ decided }) => decided).map(({ gate, rule, title }) => [gate, rule, plain(title.fr)])).toEqual([
      [5, 'D10', 'Agenda : « SMS de rappel »'],
    ])
    expect(text?.wouldNeed.map(({ fr, en }) => [plain(fr), en])).toEqual([
      ['Activer « SMS de rappel » pour l’agenda « Prélèvements »', 'Turn on “Reminder text” for the agenda “Prélèvements”'],
    ])
    expect(plain(text?.sentence.en ?? '')).toBe(
      'Reminder text of Tuesday 24 November at 9:40 pm: not sent, because “Reminder text” is off for the agenda “Prélèvements” (D10).',
    )
  })

  it('D11: what an appointment booked online is spared is said as such', () => {
    const teller = story({ settings: smsOff })
      .hear(bookedChange({ origin: 'patient_online' }))
      .until('2026-11-26T14:00:00Z')
    const text = told(teller, smsOff).find(({ step, channel }) => step !== 'notice' && channel === 'sms')
    const gate = text?.gates.find(({ name }) => name === 'agenda')
    expect([gate?.verdict, plain(gate?.said.fr ?? '')]).toEqual([
      'spared',
      '« SMS de rappel » est coupé pour l’agenda « Prélèvements », mais le rendez-vous a été pris en ligne',
    ])
  })
})

/** A reminder by SMS that is planned for Tuesday 24 November at 21:40. */
function aNotification(overrides: Partial<Notification> = {}): Notification {
  return {
    id: 'n1',
    clinicId: 'tilleuls',
    appointmentId: 'tilleuls:A1',
    patientId: 'tilleuls:P1',
    kind: 'previsit',
    step: 'PT36H',
    basis: start.toString(),
    channel: 'sms',
    state: 'planned',
    dueAt: start.subtract({ hours: 36 }),
    notAfter: start.subtract({ hours: 1 }),
    attempts: 0,
    plannedAt: at('2026-11-20T12:00:00Z'),
    changedAt: at('2026-11-20T12:00:00Z'),
    ...overrides,
  }
}

type Ahead = readonly [
  name: string,
  around: Partial<ExplainContext>,
  notification: Partial<Notification>,
  state: NotificationState,
  line: string,
  needs: readonly string[],
]

const when = 'SMS de rappel du mardi 24 novembre à 21 h 40'

const ahead: readonly Ahead[] = [
  ['nothing in the way', {}, {}, 'planned', `${when} : planifié, partira si rien ne change.`, []],
  [
    'D9 a switch',
    { settings: smsOff },
    {},
    'parked',
    `${when} : en l’état, ne partira pas, parce que « SMS de rappel » est coupé pour l’agenda « Prélèvements » (D10).`,
    ['Activer « SMS de rappel » pour l’agenda « Prélèvements »'],
  ],
  [
    'D28 a status',
    { appointment: anAppointment({ status: 'fulfilled' }) },
    {},
    'parked',
    `${when} : en l’état, ne partira pas, parce que le rendez-vous n’est pas à venir : vu (D27).`,
    ['Remettre le rendez-vous à venir dans le DSE avant l’heure d’envoi'],
  ],
  [
    'reasons behind reasons',
    { settings: clinicSettings({ communications: false, smsActivated: false, channelPolicy: 'email_only', agendas: {}, motifs: {} }) },
    {},
    'parked',
    `${when} : en l’état, ne partira pas, parce que les communications automatisées de la clinique sont coupées (O7).`,
    [
      'Activer les communications automatisées de la clinique',
      'Mettre l’agenda de ce rendez-vous en service',
      'Donner au motif de ce rendez-vous un type qui communique (sur place, télémédecine, téléphone ou domicile)',
      'Activer les rappels du motif de ce rendez-vous',
      'Activer « SMS de rappel » pour l’agenda de ce rendez-vous',
      'Faire activer les SMS de la clinique par un opérateur',
      'Choisir pour la clinique la politique « e-mail et SMS »',
    ],
  ],
  [
    'D26 a landline',
    { patient: { ...aPatient, contacts: [landline] } },
    {},
    'parked',
    `${when} : en l’état, ne partira pas, parce que le dossier n’a que des numéros qui ne reçoivent pas de SMS (D26).`,
    ['Enregistrer un numéro de mobile au dossier'],
  ],
  [
    'R27 STOP',
    { optedOut: new Set<ChannelKind>(['sms']) },
    {},
    'parked',
    `${when} : en l’état, ne partira pas, parce que ce numéro a répondu STOP (R27).`,
    ['Enregistrer un autre numéro de mobile, ou lever le STOP, si le patient le demande'],
  ],
  [
    'V2-PID-5 the dead: nothing can be done',
    { patient: { ...aPatient, deceased: true }, settings: smsOff },
    {},
    'parked',
    `${when} : en l’état, ne partira pas, parce que « SMS de rappel » est coupé pour l’agenda « Prélèvements » (D10).`,
    ['Rien : le dossier du patient est inactif'],
  ],
  [
    'MOD-3 a doubt',
    { appointment: anAppointment({ holds: ['H-TIME-CONFLICT'] }) },
    { state: 'held', reason: 'H-TIME-CONFLICT' },
    'held',
    'SMS de rappel : retenu, parce que le DSE donne deux heures qui se contredisent (MOD-3).',
    ['Corriger l’heure du rendez-vous dans le DSE'],
  ],
  [
    'R10 too late: nothing can be done',
    { now: start.subtract({ minutes: 30 }) },
    {},
    'planned',
    `${when} : en l’état, ne partira pas, parce qu’il est trop tard pour que ce message serve (R10).`,
    ['Rien : il est trop tard pour que ce message serve'],
  ],
  [
    'section 7 at night',
    { settings: clinicSettings({ quietHours: night }) },
    {},
    'planned',
    `${when} : attendra, parce que ce sont les heures calmes (§ 7).`,
    [],
  ],
  [
    'section 7 asked at night of what is due by day',
    { settings: clinicSettings({ quietHours: night }), now: at('2026-11-23T04:00:00Z') },
    { dueAt: at('2026-11-24T18:00:00Z') },
    'planned',
    'SMS de rappel du mardi 24 novembre à 13 h : planifié, partira si rien ne change.',
    [],
  ],
  [
    'put off until the morning',
    { settings: clinicSettings({ quietHours: night }) },
    { dueAt: at('2026-11-25T13:00:00Z'), reason: 'quiet_hours' },
    'planned',
    'SMS de rappel du mercredi 25 novembre à 8 h : repoussé à cette heure, parce que ce sont les heures calmes (§ 7).',
    [],
  ],
  [
    'put off to the next try',
    {},
    { attempts: 1, reason: 'twilio_20429' },
    'planned',
    `${when} : repoussé à cette heure, parce que le fournisseur de SMS l’a refusé, code 20429.`,
    [],
  ],
  [
    'no provider',
    { channels: new Set<ChannelKind>(['email']) },
    {},
    'planned',
    `${when} : en l’état, ne partira pas, parce qu’aucun fournisseur n’est configuré pour ce canal.`,
    ['Configurer un fournisseur pour ce canal'],
  ],
  [
    'a bug keeps it',
    {},
    { state: 'held', reason: 'internal_error' },
    'held',
    'SMS de rappel : retenu, parce qu’une erreur de Rappel a empêché de décider.',
    [],
  ],
  [
    'D29 another text of the day says it',
    { around: new Map([['n1', { mergedInto: 'tilleuls:A2:previsit:PT36H:x:sms:tilleuls:P2' }]]) },
    {},
    'planned',
    `${when} : en l’état, ne partira pas, parce qu’un autre SMS du même jour le dit aussi (D29).`,
    ['Rien : un autre SMS du même jour le dit aussi'],
  ],
  [
    'O13 nothing new',
    { told: { facts: factsOf(anAppointment()), version: 1, by: 'confirmation:notice:0', at: at('2026-11-20T12:00:00Z') } },
    { kind: 'change', step: 'notice', basis: '1' },
    'planned',
    'SMS de changement du mardi 24 novembre à 21 h 40 : en l’état, ne partira pas, parce que le patient le sait déjà (§ 4).',
    ['Rien : le patient le sait déjà'],
  ],
]

describe('D30: what is still to come', () => {
  it.each(ahead)('%s', (_name, around, notification, state, line, needs) => {
    const explanation = explain(aNotification(notification), context(around))
    expect(plain(explanation.sentence.fr)).toBe(line)
    expect(explanation.wouldNeed.map(({ fr }) => plain(fr))).toEqual(needs)
    expect([explanation.state, explanation.forecast]).toEqual([state, true])
  })
})

describe('D30: what came of it', () => {
  it.each([
    ['delivered', 'delivered', undefined, 'remis.', []],
    ['being sent', 'sending', undefined, 'envoi en cours.', []],
    [
      'D26 a landline, says the provider',
      'failed',
      'twilio_30006',
      'échec, parce que ce numéro ne reçoit pas de SMS (D26).',
      ['Corriger le numéro de mobile du dossier'],
    ],
    [
      'unreachable, says its report',
      'failed',
      'undelivered_30003',
      'échec, parce que ce téléphone est injoignable.',
      ['Corriger le numéro de mobile du dossier'],
    ],
    ['a code nobody explained', 'failed', 'failed_30999', 'échec, parce que le fournisseur de SMS l’a refusé, code 30999.', []],
    ['R6 a crash', 'in_doubt', 'crashed', 'en doute, parce que le service s’est arrêté pendant l’envoi (R6).', []],
    [
      'no answer',
      'in_doubt',
      'twilio_econnreset',
      'en doute, parce que le fournisseur de SMS n’a pas bien répondu, code twilio_econnreset.',
      [],
    ],
    [
      'overtaken',
      'withdrawn',
      'superseded',
      'retiré, parce que ce qu’il aurait dit n’est plus vrai, ou a été dit autrement.',
      ['Rien : ce qu’il aurait dit n’est plus vrai, ou a été dit autrement'],
    ],
    [
      'R10 nobody sent it in time',
      'expired',
      'not_after',
      'expiré, parce qu’il est trop tard pour que ce message serve (R10).',
      ['Rien : il est trop tard pour que ce message serve'],
    ],
    ['D29 merged', 'merged_into', 'tilleuls:A2:x', 'regroupé, parce qu’un autre SMS du même jour le dit aussi (D29).', []],
    [
      'a reason of a newer program',
      'suppressed',
      'brand_new',
      'non envoyé, parce que sa raison est « brand_new ».',
      ['Rien : sa raison est « brand_new »'],
    ],
  ] as const satisfies readonly (readonly [string, NotificationState, string | undefined, string, readonly string[]])[])(
    '%s',
    (_name, state, reason, line, needs) => {
      const explanation = explain(aNotification({ state, ...(reason !== undefined && { reason }) }), context())
      expect(plain(explanation.sentence.fr)).toBe(`${when} : ${line}`)
      expect(explanation.wouldNeed.map(({ fr }) => plain(fr))).toEqual(needs)
      expect(explanation.forecast).toBe(false)
    },
  )

  it.each([
    ['confirmation', 'E-mail de confirmation', 'Confirmation e-mail'],
    ['reminder', 'E-mail de rappel', 'Reminder e-mail'],
    ['previsit', 'E-mail de rappel', 'Reminder e-mail'],
    ['change', 'E-mail de changement', 'Change e-mail'],
    ['cancellation', 'E-mail d’annulation', 'Cancellation e-mail'],
    ['correction', 'E-mail de correction', 'Correction e-mail'],
    ['no_show', 'E-mail d’absence', 'Missed-appointment e-mail'],
    ['manual', 'E-mail manuel', 'Manual e-mail'],
  ] as const satisfies readonly (readonly [NotificationKind, string, string])[])('a %s is called %s, %s', (kind, french, english) => {
    const { sentence } = explain(aNotification({ kind, channel: 'email', state: 'sent' }), context())
    expect([plain(sentence.fr), plain(sentence.en)]).toEqual([
      `${french} du mardi 24 novembre à 21 h 40 : envoyé.`,
      `${english} of Tuesday 24 November at 9:40 pm: sent.`,
    ])
  })

  it('the hour is the agenda’s, whatever the connector’s zone', () => {
    const settings = clinicSettings({ agendas: { moreau: { ...prelevements(), zone: 'Europe/Paris' } } })
    expect(plain(explain(aNotification({ state: 'sent' }), context({ settings })).sentence.fr)).toContain('mercredi 25 novembre à 3 h 40')
  })
})
