import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { MotifSettings, Settings } from '../../src/core/settings.ts'
import { motifOf } from '../../src/core/settings.ts'
import { agendaSettings, clinicSettings, motifSettings, start } from '../support/clinic.ts'
import type { Fact, RealEhr } from '../support/ehrs.ts'
import { fhirEhr, siuEhr } from '../support/ehrs.ts'
import { openRappel } from '../support/rappel.ts'

const booking = Temporal.Instant.from('2026-11-23T15:00:00Z')
const atTheReminder = start.subtract({ hours: 36 })

const anne: Fact = {
  id: 'A1',
  patient: { id: 'P1', given: 'Anne', mobile: '+14185550177', email: 'roy@example.org' },
  start,
  agenda: 'moreau',
  motif: 'CONSULT',
  origin: 'staff',
  status: 'booked',
}

interface Row {
  readonly origin?: Fact['origin']
  readonly motif?: Partial<MotifSettings>
  readonly sms?: boolean
  readonly email?: boolean
  readonly patient?: boolean
  readonly status?: Fact['status']
  readonly settings?: Partial<Settings>
  /** Of which channels the reminder left. */
  readonly reminders: readonly string[]
  readonly listed?: boolean
}

const online = 'patient_online'

const rows: readonly (readonly [name: string, row: Row])[] = [
  ['row 1: by staff, all on: SMS and e-mail', { reminders: ['email', 'sms'] }],
  ['row 2: by staff, agenda SMS off: e-mail only', { sms: false, reminders: ['email'] }],
  ['row 3: by staff, agenda SMS and e-mail off: nothing', { sms: false, email: false, reminders: [] }],
  ['row 4: online, agenda SMS and e-mail off: both', { origin: online, sms: false, email: false, reminders: ['email', 'sms'] }],
  ['row 5: by staff, patient off: nothing', { patient: false, reminders: [] }],
  ['row 6: online, patient off: both', { origin: online, patient: false, reminders: ['email', 'sms'] }],
  [
    'row 7: online, motif off: nothing, and not listed',
    { origin: online, motif: { notify: false, listed: false }, reminders: [], listed: false },
  ],
  ['row 8: by staff, Aucune: nothing, listed', { motif: { type: 'none', notify: false }, reminders: [], listed: true }],
  ['row 9: Salle d’attente at the send: nothing', { status: 'arrived', reminders: [] }],
  ['row 21: clinic without SMS: e-mail only', { settings: { smsActivated: false }, reminders: ['email'] }],
]

async function open(make: (now: () => Temporal.Instant) => RealEhr, row: Partial<Row> = {}) {
  const ehr = make(() => rappel.clock.now())
  const agenda = agendaSettings({ sms: row.sms ?? true, email: row.email ?? true, push: row.email ?? true })
  const settings = clinicSettings({
    agendas: { [ehr.agendaKey('moreau')]: agenda, [ehr.agendaKey('ouellet')]: agendaSettings() },
    motifs: { CONSULT: motifSettings(row.motif) },
    patients: row.patient === false ? { [`${ehr.connector.id}:P1`]: { notify: false } } : {},
    ...row.settings,
  })
  const rappel = await openRappel({ settings, now: booking.toString(), connectors: [ehr.connector] })
  const say = async (fact: Fact) => {
    const { disposition } = await rappel.ingest.receive(ehr.say(fact, rappel.clock.now()))
    expect(disposition).toBe('applied')
  }
  const id = (fact: Fact) => `${ehr.connector.id}:${fact.id}`
  return {
    ...rappel,
    say,
    id,
    /** `sms`, `email` of the messages of a kind that left, as the ledger has them. */
    async left(kind: string, fact: Fact = anne): Promise<readonly string[]> {
      return (await rappel.outcomes(id(fact)))
        .filter((line) => line.startsWith(`${kind} `) && line.endsWith(': sent'))
        .map((line) => line.split(/[ :]/)[1] ?? '')
    },
    /** What the providers were handed since then. */
    handed: () => [...rappel.email.sent.map(({ to }) => `email ${to}`), ...rappel.sms.sent.map(({ to }) => `sms ${to}`)],
  }
}

describe.each([
  ['SIU', siuEhr],
  ['FHIR', fhirEhr],
] as const)('section 5, end to end: %s in, messages out', (_, make) => {
  test.each(rows)('%s', async (_, row) => {
    const rappel = await open(make, row)
    const fact: Fact = { ...anne, ...(row.origin && { origin: row.origin }) }
    await rappel.say(fact)
    await rappel.send()
    const before = rappel.handed().length
    rappel.clock.advance({ hours: 1 })
    if (row.status) await rappel.say({ ...fact, status: row.status })
    rappel.clock.set(atTheReminder.toString())
    await rappel.send()
    expect(await rappel.left('previsit')).toEqual(row.reminders)
    expect(rappel.handed().length - before).toBe(row.reminders.length)
    if (row.listed === undefined) return
    const [appointment, settings] = [await rappel.appointment(rappel.id(fact)), rappel.settings]
    expect(appointment && motifOf(settings, appointment).listed).toBe(row.listed)
  })

  test.each([
    ['row 12', 'staff'],
    ['row 13', 'patient_online'],
  ] as const)('%s: SMS de rappel off, booked by %s, an absence cancels it: e-mail, no SMS', async (_, origin) => {
    const rappel = await open(make, { sms: false })
    const facts = Array.from({ length: 6 }, (_, index): Fact => {
      const patient = { id: `P${index}`, given: 'Anne', mobile: `+1418555010${index}`, email: `p${index}@example.org` }
      return { ...anne, id: `A${index}`, patient, origin }
    })
    for (const fact of facts) await rappel.say(fact)
    await rappel.send()
    rappel.clock.advance({ hours: 2 })
    for (const fact of facts) await rappel.say({ ...fact, status: 'cancelled' })
    await rappel.send()
    for (const fact of facts) {
      expect(await rappel.left('cancellation', fact)).toEqual(['email'])
      expect(await rappel.outcomes(rappel.id(fact))).toContain('cancellation sms: suppressed agenda_sms_reminder_off')
    }
  })

  test('row 15: patient and relative, same day, same agenda: 1 SMS that names both, 2 e-mails', async () => {
    const rappel = await open(make)
    const paul: Fact = {
      ...anne,
      id: 'A2',
      patient: { id: 'P2', given: 'Paul', mobile: '+14185550177', email: 'paul@example.org' },
      start: start.add({ hours: 1 }),
    }
    await rappel.say(anne)
    await rappel.say(paul)
    await rappel.send()
    const texts = rappel.sms.sent.length
    rappel.clock.set(atTheReminder.toString())
    await rappel.send()
    rappel.clock.advance({ hours: 1 })
    await rappel.send()
    const reminders = rappel.sms.sent.slice(texts)
    expect(reminders).toHaveLength(1)
    for (const name of ['Anne', 'Paul']) expect(reminders[0]?.words.sms).toContain(name)
    expect([await rappel.left('previsit', anne), await rappel.left('previsit', paul)].flat().sort()).toEqual(['email', 'email', 'sms'])
  })

  test('row 19: manual SMS, type Aucune, everything off, whatever the status: sent, unless STOP or no mobile', async () => {
    const rappel = await open(make, {
      sms: false,
      email: false,
      patient: false,
      motif: { type: 'none', notify: false },
      settings: { communications: false },
    })
    await rappel.say({ ...anne, status: 'arrived' })
    const { mobile: _, ...without } = anne.patient
    await rappel.say({ ...anne, id: 'A3', patient: { ...without, id: 'P3' } })
    const byHand = async (fact: Fact) => {
      const asked = `POST /api/v1/appointments/${encodeURIComponent(rappel.id(fact))}/messages`
      return (await rappel.call('appointments', asked, { channel: 'sms' })).status
    }
    expect(await byHand(anne)).toBe(202)
    await rappel.send()
    expect(rappel.handed()).toEqual(['sms +14185550177'])
    expect(await byHand({ ...anne, id: 'A3' })).toBe(409)
    await rappel.store.transact((tx) => tx.optOuts.add('tilleuls', 'sms', '+14185550177', rappel.clock.now()))
    expect(await byHand(anne)).toBe(409)
    await rappel.send()
    expect(rappel.sms.sent).toHaveLength(1)
  })
})
