import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { CadenceStep } from '../../core/cadence.ts'
import { doctolib, ofys, withPush } from '../../core/cadences.ts'
import type { AgendaSettings, MotifSettings, Settings } from '../../core/settings.ts'
import { incumbentLogSchema, rolloutSchema } from './clinic-rollout.ts'
import { questionnaireReference, questionnairesSchema } from './questionnaires.ts'
import { templatesSchema } from './templates.ts'
import { duration, name, plainTime, zone } from './values.ts'

/** `true`, `false`, or column by column (D6). */
const switches = z.union(
  [
    z.boolean().transform((on) => ({ confirmation: on, reminder: on, change: on })),
    z.strictObject({ confirmation: z.boolean(), reminder: z.boolean(), change: z.boolean() }),
  ],
  { error: 'true, false, or confirmation, reminder and change each' },
)

const agenda = z
  .strictObject({
    label: z.string().exactOptional(),
    site: name.exactOptional(),
    zone: zone.exactOptional(),
    professionalType: z.string().exactOptional(),
    live: z.boolean().default(true),
    email: switches.prefault(true),
    sms: switches.prefault(true),
    push: switches.prefault(true),
  })
  .transform(
    ({ label, site, zone, professionalType, live, email, sms, push }): AgendaSettings => ({
      ...(label !== undefined && { label }),
      ...(site !== undefined && { siteId: site }),
      ...(zone !== undefined && { zone }),
      ...(professionalType !== undefined && { professionalType }),
      live,
      switches: { email, sms, push },
    }),
  )

/** On patients' pages. */
const ownSentence = z.record(z.string().regex(/^(fr|en)$/, { error: 'fr or en' }), z.string().min(1).max(300))

/** O2: `none` is *Aucune communication automatisée*. */
const motif = z
  .strictObject({
    type: z.enum(['none', 'onsite', 'video', 'phone', 'home']),
    notify: z.boolean().default(true),
    listed: z.boolean().default(true),
    confirmation: z.boolean().default(true),
    changes: z.boolean().default(true),
    reminder: z.boolean().default(true),
    questionnaire: questionnaireReference.exactOptional(),
    label: z.string().exactOptional(),
    specialty: z.string().exactOptional(),
    category: z.string().exactOptional(),
    bring: ownSentence.exactOptional(),
  })
  .transform((row): MotifSettings => ({ ...row, notify: row.notify && row.type !== 'none' }))

const site = z.strictObject({
  name: z.string().min(1),
  address: z.array(z.string()).exactOptional(),
  zone: zone.exactOptional(),
  communications: z.boolean().exactOptional(),
  patientMayCancel: z.boolean().default(false),
  patientMayArrive: z.boolean().default(false),
  waitingRoom: z.string().exactOptional(),
  bring: ownSentence.exactOptional(),
})

const channels = z
  .array(z.enum(['email', 'sms']))
  .min(1)
  .default(['email', 'sms'])
const stepKind = z.enum(['reminder', 'previsit'])

/** The shorter notice would forbid the longer wait, and nothing would ever be sent. */
const neverDue = {
  path: ['notAfter'],
  error:
    'this step would never be sent: notAfter (PT1H unless given) is how long before the start it is still worth sending, so give less than before',
}

/** Written as `before: PT36H`, or as `daysBefore: 1` with `at: "13:00"`; its name in ids follows from that. */
const step = z
  .union([
    z
      .strictObject({ kind: stepKind.default('previsit'), before: duration, channels, notAfter: duration.prefault('PT1H') })
      .refine(({ before, notAfter }) => Temporal.Duration.compare(before, notAfter) >= 0, neverDue),
    z.strictObject({
      kind: stepKind.default('previsit'),
      daysBefore: z.int().min(0).max(60),
      at: plainTime,
      channels,
      notAfter: duration.prefault('PT1H'),
    }),
  ])
  .transform(
    (row): CadenceStep =>
      'before' in row
        ? {
            name: row.before.toString(),
            kind: row.kind,
            when: { before: row.before },
            channels: row.channels,
            notAfter: row.notAfter,
            quietHours: 'shift',
          }
        : {
            name: `D${row.daysBefore}T${row.at.toString().slice(0, 5).replace(':', '')}`,
            kind: row.kind,
            when: { daysBefore: row.daysBefore, at: row.at },
            channels: row.channels,
            notAfter: row.notAfter,
            quietHours: 'shift',
          },
  )

const ownCadence = z
  .array(step)
  .max(20)
  .refine((steps) => new Set(steps.map(({ name }) => name)).size === steps.length, { error: 'two steps at the same time: merge them' })

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'a day: "2027-01-01", in quotes' })

/** O21: 500 is 0.05 of the currency. */
const smsPrice = z.strictObject({
  from: day,
  perSegment: z.int().min(0),
  currency: z.string().regex(/^[A-Z]{3}$/, { error: 'three capital letters of ISO 4217: CAD, EUR' }),
})

const sender = z.strictObject({
  motif: z.string().exactOptional(),
  professionalType: z.string().exactOptional(),
  origin: z.enum(['staff', 'patient_online', 'partner', 'kiosk', 'unknown']).exactOptional(),
  sender: name,
})

/** Never by push: nobody knows that it arrived. */
const fallback = z.strictObject({
  sms: z.literal('email', { error: 'email' }).exactOptional(),
  email: z.literal('sms', { error: 'sms' }).exactOptional(),
  push: z.enum(['email', 'sms']).exactOptional(),
})

const quietHours = z.strictObject({ from: plainTime, until: plainTime }).prefault({ from: '21:00', until: '08:00' })

const nextMorning = Temporal.PlainTime.from('09:00')

/** `true`: the next working morning at nine. */
const noShow = z
  .union([z.boolean(), z.strictObject({ at: plainTime })], { error: 'true, false, or at' })
  .transform((given) => (typeof given === 'boolean' ? given && { at: nextMorning } : given))

export const clinicSchema = z
  .strictObject({
    id: name,
    name: z.string().min(1),
    phone: z.string().exactOptional(),
    address: z.array(z.string()).exactOptional(),
    zone,
    language: z.enum(['fr', 'en']).default('fr'),
    privacyContact: z.string().min(1).max(200).exactOptional(),
    communications: z.boolean().default(false),
    rollout: rolloutSchema.exactOptional(),
    incumbentLog: incumbentLogSchema.exactOptional(),
    smsActivated: z.boolean().default(false),
    channelPolicy: z.enum(['email_only', 'email_and_sms', 'sms_if_no_email', 'patient_preference']).default('email_and_sms'),
    smsToUnknown: z.boolean().default(false),
    cadence: z
      .union(
        [
          z.enum(['ofys', 'doctolib']).transform((key) => ({ ofys, doctolib })[key]),
          ownCadence.transform((steps) => ({ ...ofys, name: 'own', steps })),
        ],
        { error: 'ofys, doctolib, or a list of steps' },
      )
      .prefault('ofys'),
    push: z.boolean().default(false),
    quietHours: z.union([z.literal('none'), quietHours], { error: 'none, or from and until' }).prefault({ from: '21:00', until: '08:00' }),
    grace: duration.exactOptional(),
    noShow: noShow.prefault(false),
    cancelUndo: duration.prefault('PT5M'),
    settingsEnabled: z.boolean().default(true),
    dailyCap: z.int().min(1).max(1000).default(6),
    fuse: z
      .strictObject({ least: z.int().min(1).default(50), factor: z.number().min(1).default(5), agendas: z.int().min(0).default(3) })
      .prefault({}),
    absence: z.strictObject({ least: z.int().min(2).default(5), within: duration.prefault('PT10M') }).prefault({}),
    smsPrices: z.array(smsPrice).default([{ from: '2000-01-01', perSegment: 500, currency: 'CAD' }]),
    smsBudget: z.int().min(0).exactOptional(),
    senders: z.array(sender).default([]),
    fallback: fallback.exactOptional(),
    consent: z.enum(['implied', 'explicit']).default('implied'),
    // no default of their own: settings stored before these keys are put back as they were, without a change nobody made
    minors: z.enum(['record', 'guardian']).exactOptional(),
    majority: z.int().min(1).max(30).exactOptional(),
    privacyAge: z.int().min(0).max(30).exactOptional(),
    sites: z.record(name, site).default({}),
    agendas: z.record(z.string().min(1), agenda).default({}),
    motifs: z.record(z.string().min(1), motif).default({}),
    patients: z.record(z.string().min(1), z.strictObject({ notify: z.boolean() })).default({}),
    templates: templatesSchema.exactOptional(),
    questionnaires: questionnairesSchema.exactOptional(),
  })
  .transform(
    ({
      id,
      name,
      phone,
      address,
      zone,
      language,
      privacyContact,
      cadence,
      push,
      quietHours,
      sites,
      grace,
      noShow,
      ...rest
    }): Omit<Settings, 'version'> => ({
      clinic: {
        id,
        name,
        ...(phone !== undefined && { phone }),
        ...(address && { address }),
        zone,
        language,
        ...(privacyContact !== undefined && { privacyContact }),
      },
      cadence: push ? withPush(cadence) : cadence,
      ...(quietHours !== 'none' && { quietHours }),
      grace: grace ?? Temporal.Duration.from({ minutes: cadence.name === 'doctolib' ? 10 : 0 }),
      ...(noShow && { noShow }),
      sites: Object.fromEntries(
        Object.entries(sites).map(([key, { address, zone, communications, waitingRoom, bring, ...site }]) => [
          key,
          {
            ...site,
            ...(address && { address }),
            ...(zone !== undefined && { zone }),
            ...(communications !== undefined && { communications }),
            ...(waitingRoom !== undefined && { waitingRoom }),
            ...(bring && { bring }),
          },
        ]),
      ),
      ...rest,
    }),
  )
