import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { CadenceStep } from '../../core/cadence.ts'
import type { AgendaSettings, MotifSettings, Settings } from '../../core/settings.ts'
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
    live: z.boolean().default(true),
    email: switches.prefault(true),
    sms: switches.prefault(true),
    push: switches.prefault(true),
  })
  .transform(
    ({ label, site, zone, live, email, sms, push }): AgendaSettings => ({
      ...(label !== undefined && { label }),
      ...(site !== undefined && { siteId: site }),
      ...(zone !== undefined && { zone }),
      live,
      switches: { email, sms, push },
    }),
  )

/** O2: `none` is *Aucune communication automatisée*. */
const motif = z
  .strictObject({
    type: z.enum(['none', 'onsite', 'video', 'phone', 'home']),
    notify: z.boolean().default(true),
    listed: z.boolean().default(true),
    confirmation: z.boolean().default(true),
    changes: z.boolean().default(true),
    reminder: z.boolean().default(true),
  })
  .transform((row): MotifSettings => ({ ...row, notify: row.notify && row.type !== 'none' }))

const site = z.strictObject({
  name: z.string().min(1),
  address: z.array(z.string()).exactOptional(),
  zone: zone.exactOptional(),
  patientMayCancel: z.boolean().default(false),
  patientMayArrive: z.boolean().default(false),
  waitingRoom: z.string().exactOptional(),
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
        ? { name: row.before.toString(), kind: row.kind, when: { before: row.before }, channels: row.channels, notAfter: row.notAfter }
        : {
            name: `D${row.daysBefore}T${row.at.toString().slice(0, 5).replace(':', '')}`,
            kind: row.kind,
            when: { daysBefore: row.daysBefore, at: row.at },
            channels: row.channels,
            notAfter: row.notAfter,
          },
  )

const ownCadence = z
  .array(step)
  .max(20)
  .refine((steps) => new Set(steps.map(({ name }) => name)).size === steps.length, { error: 'two steps at the same time: merge them' })

/** O15, companion facts of the rulebook. */
const cadences: Readonly<Record<'ofys', readonly CadenceStep[]>> = {
  ofys: [
    {
      name: 'PT36H',
      kind: 'previsit',
      when: { before: Temporal.Duration.from('PT36H') },
      channels: ['email', 'sms'],
      notAfter: Temporal.Duration.from('PT1H'),
    },
  ],
}

const quietHours = z.strictObject({ from: plainTime, until: plainTime }).prefault({ from: '21:00', until: '08:00' })

export const clinicSchema = z
  .strictObject({
    id: name,
    name: z.string().min(1),
    phone: z.string().exactOptional(),
    address: z.array(z.string()).exactOptional(),
    zone,
    language: z.enum(['fr', 'en']).default('fr'),
    communications: z.boolean().default(false),
    smsActivated: z.boolean().default(false),
    channelPolicy: z.enum(['email_only', 'email_and_sms', 'sms_if_no_email', 'patient_preference']).default('email_and_sms'),
    smsToUnknown: z.boolean().default(false),
    cadence: z
      .union([z.literal('ofys').transform((key) => cadences[key]), ownCadence], { error: 'ofys, or a list of steps' })
      .prefault('ofys'),
    quietHours: z.union([z.literal('none'), quietHours], { error: 'none, or from and until' }).prefault({ from: '21:00', until: '08:00' }),
    grace: duration.prefault('PT0S'),
    cancelUndo: duration.prefault('PT5M'),
    sites: z.record(name, site).default({}),
    agendas: z.record(z.string().min(1), agenda).default({}),
    motifs: z.record(z.string().min(1), motif).default({}),
    patients: z.record(z.string().min(1), z.strictObject({ notify: z.boolean() })).default({}),
  })
  .transform(
    ({ id, name, phone, address, zone, language, quietHours, sites, ...rest }): Omit<Settings, 'version'> => ({
      clinic: { id, name, ...(phone !== undefined && { phone }), ...(address && { address }), zone, language },
      ...(quietHours !== 'none' && { quietHours }),
      sites: Object.fromEntries(
        Object.entries(sites).map(([key, { address, zone, waitingRoom, ...site }]) => [
          key,
          { ...site, ...(address && { address }), ...(zone !== undefined && { zone }), ...(waitingRoom !== undefined && { waitingRoom }) },
        ]),
      ),
      ...rest,
    }),
  )
