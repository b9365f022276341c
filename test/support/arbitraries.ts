import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import type { Appointment, AppointmentStatus, Aspect } from '../../src/core/appointment.ts'
import type { Cadence, CadenceStep } from '../../src/core/cadence.ts'
import type { Decision, DecisionOutcome } from '../../src/core/decision.ts'
import type { DeliveryAttempt, SendOutcome } from '../../src/core/delivery.ts'
import type { Guesses } from '../../src/core/guesses.ts'
import type { NotificationKind } from '../../src/core/kind.ts'
import type { Notification } from '../../src/core/notification.ts'
import type { ChannelKind, ContactPoint, Patient, PatientAspect } from '../../src/core/patient.ts'
import type { Preferences } from '../../src/core/preferences.ts'
import type { Settings } from '../../src/core/settings.ts'
import type { Stamp } from '../../src/core/stamp.ts'
import type { ToDo } from '../../src/core/to-do.ts'
import type { Facts, Told } from '../../src/core/told.ts'
import type { WriteBack } from '../../src/core/write-back.ts'
import type { Consent } from '../../src/store/port/contacts.ts'
import type { MassHold } from '../../src/store/port/holds.ts'
import type { ToCall } from '../../src/store/port/staff-lists.ts'
import type { UsageRow } from '../../src/store/port/usage.ts'

/** Any text an EHR may send: NUL, lone surrogates, emoji, `__proto__`. */
export const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\0', 'a\0b', '\ud800', '__proto__', 'constructor', "l'été", '{"a":1}'),
)

const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 })

/** To the microsecond, which is as fine as HL7 v2 and FHIR sources go in practice. */
export const anyInstant = fc
  .bigInt({ min: 0n, max: 7_258_118_399_999_999n })
  .map((microseconds) => Temporal.Instant.fromEpochNanoseconds(microseconds * 1_000n))

const anyDuration = fc.oneof(
  fc.integer({ min: 0, max: 100_000 }).map((minutes) => Temporal.Duration.from({ minutes })),
  fc.record({ days: fc.nat(400), hours: fc.nat(48), milliseconds: fc.nat(999) }).map((value) => Temporal.Duration.from(value)),
)

const anyPlainTime = fc
  .record({ hour: fc.nat(23), minute: fc.nat(59), second: fc.nat(59), microsecond: fc.nat(999) })
  .map((value) => Temporal.PlainTime.from(value))

const zone = fc.constantFrom('Europe/Paris', 'America/Toronto', 'America/St_Johns', 'UTC')
const stamp: fc.Arbitrary<Stamp> = fc.record({ at: anyInstant, sequence: fc.nat() }, { requiredKeys: ['at'] })
const coded = fc.record({ key: anyText, text: anyText }, { requiredKeys: ['key'] })
const modality = fc.constantFrom<Appointment['modality']>('onsite', 'video', 'phone', 'home', 'unknown')
const channel = fc.constantFrom<ChannelKind>('email', 'sms', 'push')

const kind = fc.constantFrom<NotificationKind>(
  'confirmation',
  'reminder',
  'previsit',
  'change',
  'cancellation',
  'correction',
  'no_show',
  'manual',
)

const said = <A extends string>(...aspects: readonly A[]): fc.Arbitrary<Partial<Record<A, Stamp>>> =>
  fc.dictionary(fc.constantFrom(...aspects), stamp, { noNullPrototype: true }) as fc.Arbitrary<Partial<Record<A, Stamp>>>

export const anyAppointment: fc.Arbitrary<Appointment> = fc.record(
  {
    id,
    clinicId: anyText,
    connectorId: anyText,
    ehrId: anyText,
    status: fc.constantFrom<Appointment['status']>(
      'proposed',
      'pending',
      'waitlist',
      'booked',
      'arrived',
      'checked-in',
      'fulfilled',
      'noshow',
      'cancelled',
      'entered-in-error',
      'unknown',
    ),
    statusRaw: anyText,
    cancelKind: fc.constantFrom('cancelled', 'discontinued', 'deleted', 'excused'),
    start: anyInstant,
    end: anyInstant,
    zone,
    timeReading: anyText,
    agenda: coded,
    agendas: fc.array(coded, { maxLength: 3 }),
    motif: coded,
    modality,
    joinUrl: anyText,
    practitioner: fc.record({ key: anyText, name: anyText }, { requiredKeys: ['name'] }),
    location: fc.record({ key: anyText, name: anyText, address: fc.array(anyText, { maxLength: 4 }) }, { requiredKeys: ['key'] }),
    origin: fc.constantFrom('staff', 'patient_online', 'partner', 'kiosk', 'unknown'),
    patientId: id,
    rivals: fc.array(id, { maxLength: 2 }),
    patientSettled: fc.record({ at: anyInstant }),
    visit: anyText,
    arrival: fc.record({ here: fc.boolean(), stamp: fc.record({ at: anyInstant }) }),
    scheduled: fc.constantFrom<AppointmentStatus>('booked', 'pending'),
    replaces: anyText,
    replacedBy: id,
    tombstone: fc.constant(true as const),
    confirmation: fc.record({
      state: fc.constantFrom('confirmed', 'declined'),
      by: fc.constantFrom('patient', 'ehr'),
      at: anyInstant,
      basis: anyText,
    }),
    holds: fc.subarray(['H-TIME-CONFLICT', 'H-NO-TIME', 'H-PATIENT-CHANGED', 'H-NO-PATIENT', 'H-MERGE-AMBIGUOUS']),
    warnings: fc.array(anyText, { maxLength: 3 }),
    said: said<Aspect>(
      'status',
      'time',
      'agenda',
      'motif',
      'modality',
      'practitioner',
      'location',
      'origin',
      'patient',
      'visit',
      'confirmation',
    ),
    etag: anyText,
    envelopeId: id,
    revision: fc.nat(),
    firstSeenAt: anyInstant,
    changedAt: anyInstant,
  },
  {
    requiredKeys: [
      'id',
      'clinicId',
      'connectorId',
      'ehrId',
      'status',
      'zone',
      'modality',
      'origin',
      'holds',
      'warnings',
      'said',
      'revision',
      'firstSeenAt',
      'changedAt',
    ],
  },
)

const contact: fc.Arbitrary<ContactPoint> = fc.record(
  {
    kind: fc.constantFrom('phone', 'email'),
    value: anyText,
    mobile: fc.constantFrom('yes', 'no', 'unknown'),
    use: fc.constantFrom('home', 'work', 'mobile', 'temp', 'old'),
    rank: fc.nat(10),
  },
  { requiredKeys: ['kind'] },
)

export const anyPatient: fc.Arbitrary<Patient> = fc.record(
  {
    id,
    clinicId: anyText,
    connectorId: anyText,
    ehrId: anyText,
    givenName: anyText,
    familyName: anyText,
    birthDate: fc.constantFrom('1948-02-29', '2026-04-10'),
    language: fc.constantFrom('fr', 'en-CA'),
    contacts: fc.array(contact, { maxLength: 3 }),
    deceased: fc.boolean(),
    relatives: fc.array(
      fc.record(
        { ehrId: anyText, guardian: fc.boolean(), contacts: fc.array(contact, { maxLength: 2 }) },
        { requiredKeys: ['guardian', 'contacts'] },
      ),
      { maxLength: 2 },
    ),
    otherIds: fc.array(anyText, { maxLength: 2 }),
    said: said<PatientAspect>('name', 'birthDate', 'language', 'contacts', 'deceased', 'relatives', 'otherIds'),
    inherited: fc.subarray<PatientAspect>(['name', 'contacts', 'relatives']),
  },
  { requiredKeys: ['id', 'clinicId', 'connectorId', 'ehrId', 'contacts', 'deceased', 'said'] },
)

const outcome: fc.Arbitrary<DecisionOutcome> = fc.oneof(
  fc.constant({ kind: 'send' } as const),
  fc.record({ kind: fc.constantFrom('suppressed', 'parked', 'held', 'expired', 'withdrawn'), reason: anyText }),
  fc.record({ kind: fc.constant('delayed' as const), until: anyInstant, reason: anyText }),
  fc.record({ kind: fc.constant('merged' as const), into: anyText, reason: anyText }),
)

const decision: fc.Arbitrary<Decision> = fc.record({
  kind,
  channel,
  at: anyInstant,
  settingsVersion: fc.nat(),
  gates: fc.array(
    fc.record(
      {
        gate: fc.nat(20),
        name: anyText,
        verdict: fc.constantFrom('yes', 'no', 'na', 'spared'),
        saw: anyText,
        reason: anyText,
        others: fc.array(anyText, { maxLength: 3 }),
      },
      { requiredKeys: ['gate', 'name', 'verdict', 'saw'] },
    ),
    { maxLength: 5 },
  ),
  outcome,
})

export const anyNotification: fc.Arbitrary<Notification> = fc.record(
  {
    id,
    clinicId: anyText,
    appointmentId: id,
    patientId: id,
    kind,
    step: anyText,
    basis: anyText,
    channel,
    agendaKey: anyText,
    state: fc.constantFrom<Notification['state']>(
      'planned',
      'parked',
      'held',
      'sending',
      'sent',
      'delivered',
      'failed',
      'suppressed',
      'merged_into',
      'expired',
      'withdrawn',
      'in_doubt',
    ),
    reason: anyText,
    dueAt: anyInstant,
    notAfter: anyInstant,
    attempts: fc.nat(9),
    decision,
    plannedAt: anyInstant,
    changedAt: anyInstant,
  },
  {
    requiredKeys: [
      'id',
      'clinicId',
      'appointmentId',
      'patientId',
      'kind',
      'step',
      'basis',
      'channel',
      'state',
      'dueAt',
      'notAfter',
      'attempts',
      'plannedAt',
      'changedAt',
    ],
  },
)

const facts: fc.Arbitrary<Facts> = fc.record(
  { stands: fc.boolean(), start: anyInstant, zone, place: anyText, practitioner: anyText, modality, joinUrl: anyText },
  { requiredKeys: ['stands', 'zone', 'modality'] },
)

export const anyTold: fc.Arbitrary<Told> = fc.record(
  { facts, version: fc.nat(), by: anyText, at: anyInstant, assumed: anyText },
  { requiredKeys: ['facts', 'version', 'by', 'at'] },
)

export const anySendOutcome: fc.Arbitrary<SendOutcome> = fc.oneof(
  fc.record({ kind: fc.constant('accepted' as const), providerId: anyText }),
  fc.record({ kind: fc.constant('rejected' as const), reason: anyText, optedOut: fc.boolean() }, { requiredKeys: ['kind', 'reason'] }),
  fc.record(
    { kind: fc.constant('deferred' as const), reason: anyText, retryAfter: anyDuration, account: fc.constant(true as const) },
    { requiredKeys: ['kind', 'reason'] },
  ),
  fc.record({ kind: fc.constant('unknown' as const), reason: anyText }),
)

export const anyAttempt: fc.Arbitrary<DeliveryAttempt> = fc.record(
  {
    id,
    notificationId: id,
    number: fc.nat(9),
    channel,
    to: anyText,
    startedAt: anyInstant,
    says: facts,
    text: anyText,
    also: fc.array(id, { maxLength: 3 }),
    alsoSays: fc.array(facts, { maxLength: 3 }),
    outcome: anySendOutcome,
    finishedAt: anyInstant,
  },
  { requiredKeys: ['id', 'notificationId', 'number', 'channel', 'startedAt', 'says', 'text'] },
)

export const anyWriteBack: fc.Arbitrary<WriteBack> = fc.record(
  {
    id,
    appointmentId: id,
    connectorId: anyText,
    ehrId: anyText,
    patientEhrId: anyText,
    kind: fc.constantFrom('confirm', 'cancel', 'arrive', 'answers'),
    start: anyInstant,
    basis: anyText,
    answeredAt: anyInstant,
    dueAt: anyInstant,
    state: fc.constantFrom<WriteBack['state']>('queued', 'sending', 'acknowledged', 'verified', 'withdrawn', 'stale', 'failed'),
    reason: anyText,
    attempts: fc.nat(9),
    acknowledgedAt: anyInstant,
    verifiedAt: anyInstant,
    nextTryAt: anyInstant,
  },
  {
    requiredKeys: [
      'id',
      'appointmentId',
      'connectorId',
      'ehrId',
      'patientEhrId',
      'kind',
      'start',
      'answeredAt',
      'dueAt',
      'state',
      'attempts',
      'nextTryAt',
    ],
  },
)

export const anyToCall: fc.Arbitrary<ToCall> = fc.record(
  {
    id,
    clinicId: anyText,
    appointmentId: id,
    patientId: id,
    kind,
    reason: anyText,
    start: anyInstant,
    createdAt: anyInstant,
    doneAt: anyInstant,
    doneBy: anyText,
  },
  { requiredKeys: ['id', 'clinicId', 'appointmentId', 'patientId', 'kind', 'reason', 'createdAt'] },
)

export const anyToDo: fc.Arbitrary<ToDo> = fc.record(
  {
    id,
    clinicId: anyText,
    kind: fc.constantFrom('reply', 'ambiguous', 'cancel_asked', 'wrong_number', 'modality_conflict', 'write_back', 'webhook'),
    appointmentId: id,
    patientId: id,
    contact: anyText,
    text: anyText,
    reason: anyText,
    createdAt: anyInstant,
    forgetAt: anyInstant,
    doneAt: anyInstant,
    doneBy: anyText,
  },
  { requiredKeys: ['id', 'clinicId', 'kind', 'createdAt', 'forgetAt'] },
)

export const anyUsageRow: fc.Arbitrary<UsageRow> = fc.record({
  attemptId: id,
  clinicId: anyText,
  channel,
  kind,
  automatic: fc.boolean(),
  capped: fc.boolean(),
  contactHash: anyText,
  sentAt: anyInstant,
  segments: fc.nat(10),
  price: fc.nat(100_000),
  currency: fc.constantFrom('CAD', 'EUR'),
  refused: fc.boolean(),
})

export const anyMassHold: fc.Arbitrary<MassHold> = fc.record(
  {
    clinicId: anyText,
    since: anyInstant,
    seen: fc.nat(),
    usual: fc.nat(),
    agendas: fc.nat(),
    state: fc.constantFrom('held', 'released', 'dropped'),
    settledAt: anyInstant,
    settledBy: anyText,
  },
  { requiredKeys: ['clinicId', 'since', 'seen', 'usual', 'agendas', 'state'] },
)

export const anyPreferences: fc.Arbitrary<Preferences> = fc.record(
  {
    language: fc.constantFrom('fr', 'en-CA'),
    channels: fc.constantFrom('email', 'sms', 'both'),
    devices: fc.array(fc.record({ endpoint: anyText, p256dh: anyText, auth: anyText, registeredAt: anyInstant }), { maxLength: 3 }),
  },
  { requiredKeys: [] },
)

export const anyGuesses: fc.Arbitrary<Guesses> = fc.record(
  { failures: fc.nat(9), failedAt: anyInstant, passes: fc.array(fc.record({ hash: anyText, until: anyInstant }), { maxLength: 3 }) },
  { requiredKeys: ['failures', 'passes'] },
)

export const anyConsent: fc.Arbitrary<Consent> = fc.record({ state: fc.constantFrom('given', 'withdrawn'), at: anyInstant, by: anyText })

const columns = fc.record({ confirmation: fc.boolean(), reminder: fc.boolean(), change: fc.boolean() })

const wallTime = fc.record({ daysBefore: fc.nat(30), at: anyPlainTime })
const someChannels = fc.subarray<ChannelKind>(['email', 'sms', 'push'])

const step: fc.Arbitrary<CadenceStep> = fc.record(
  {
    name: anyText,
    kind: fc.constantFrom('reminder' as const, 'previsit' as const),
    when: fc.oneof(fc.record({ before: anyDuration }), fc.record({ afterBooking: anyDuration }), wallTime),
    channels: someChannels,
    booked: fc.record({ atLeast: anyDuration, lessThan: anyDuration, after: wallTime }, { requiredKeys: [] }),
    quietHours: fc.constantFrom('shift' as const, 'ignore' as const),
    notAfter: anyDuration,
  },
  { requiredKeys: ['name', 'kind', 'when', 'channels', 'quietHours', 'notAfter'] },
)

const cadence: fc.Arbitrary<Cadence> = fc.record({
  name: anyText,
  confirmation: someChannels,
  change: someChannels,
  cancellation: someChannels,
  absenceSms: fc.constantFrom('always', 'if_no_email'),
  mergesOwnAcrossAgendas: fc.boolean(),
  steps: fc.array(step, { maxLength: 4 }),
})

const catalogue = <T>(row: fc.Arbitrary<T>) => fc.dictionary(anyText, row, { maxKeys: 4, noNullPrototype: true })

export const anySettings: fc.Arbitrary<Settings> = fc.record(
  {
    version: fc.nat(),
    clinic: fc.record(
      {
        id: anyText,
        name: anyText,
        phone: anyText,
        address: fc.array(anyText, { maxLength: 3 }),
        zone,
        language: fc.constantFrom('fr', 'en'),
        privacyContact: anyText,
      },
      { requiredKeys: ['id', 'name', 'zone', 'language'] },
    ),
    communications: fc.boolean(),
    smsActivated: fc.boolean(),
    channelPolicy: fc.constantFrom('email_only', 'email_and_sms', 'sms_if_no_email', 'patient_preference'),
    smsToUnknown: fc.boolean(),
    cadence,
    settingsEnabled: fc.boolean(),
    dailyCap: fc.nat(),
    fuse: fc.record({ least: fc.nat(), factor: fc.nat(), agendas: fc.nat() }),
    absence: fc.record({ least: fc.nat(), within: anyDuration }),
    smsPrices: fc.array(fc.record({ from: anyText, perSegment: fc.nat(), currency: anyText }), { maxLength: 3 }),
    smsBudget: fc.nat(),
    senders: fc.array(
      fc.record(
        {
          motif: anyText,
          professionalType: anyText,
          origin: fc.constantFrom('staff' as const, 'patient_online' as const),
          sender: anyText,
        },
        { requiredKeys: ['sender'] },
      ),
      { maxLength: 3 },
    ),
    consent: fc.constantFrom('implied', 'explicit'),
    minors: fc.constantFrom('record', 'guardian'),
    majority: fc.nat(30),
    privacyAge: fc.nat(30),
    quietHours: fc.record({ from: anyPlainTime, until: anyPlainTime }),
    grace: anyDuration,
    noShow: fc.record({ at: anyPlainTime }),
    fallback: fc.record({ sms: fc.constant('email' as const), email: fc.constant('sms' as const) }, { requiredKeys: [] }),
    cancelUndo: anyDuration,
    sites: catalogue(
      fc.record(
        {
          name: anyText,
          address: fc.array(anyText, { maxLength: 3 }),
          zone,
          communications: fc.boolean(),
          patientMayCancel: fc.boolean(),
          patientMayArrive: fc.boolean(),
          waitingRoom: anyText,
          bring: fc.dictionary(anyText, anyText, { maxKeys: 2 }),
        },
        { requiredKeys: ['name', 'patientMayCancel', 'patientMayArrive'] },
      ),
    ),
    agendas: catalogue(
      fc.record(
        {
          label: anyText,
          siteId: anyText,
          zone,
          professionalType: anyText,
          live: fc.boolean(),
          switches: fc.record({ email: columns, sms: columns, push: columns }),
        },
        { requiredKeys: ['live', 'switches'] },
      ),
    ),
    motifs: catalogue(
      fc.record(
        {
          type: fc.constantFrom('none' as const, 'onsite' as const, 'video' as const, 'phone' as const, 'home' as const),
          notify: fc.boolean(),
          listed: fc.boolean(),
          confirmation: fc.boolean(),
          changes: fc.boolean(),
          reminder: fc.boolean(),
          questionnaire: anyText,
          label: anyText,
          specialty: anyText,
          category: anyText,
          bring: fc.dictionary(anyText, anyText, { maxKeys: 2 }),
        },
        { requiredKeys: ['type', 'notify', 'listed', 'confirmation', 'changes', 'reminder'] },
      ),
    ),
    patients: catalogue(fc.record({ notify: fc.boolean() })),
    templates: catalogue(fc.record({ subject: anyText, body: anyText }, { requiredKeys: ['body'] })),
  },
  {
    requiredKeys: [
      'version',
      'clinic',
      'communications',
      'smsActivated',
      'channelPolicy',
      'smsToUnknown',
      'cadence',
      'settingsEnabled',
      'dailyCap',
      'fuse',
      'absence',
      'smsPrices',
      'senders',
      'consent',
      'grace',
      'cancelUndo',
      'sites',
      'agendas',
      'motifs',
      'patients',
    ],
  },
)
