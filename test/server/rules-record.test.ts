import { describe, expect, test } from 'vitest'
import type { AppointmentChange } from '../../src/core/change.ts'
import type { SendOutcome } from '../../src/core/delivery.ts'
import { agendaSettings, bookedChange, clinicSettings, email, landline, mobile, motifSettings, start } from '../support/clinic.ts'
import type { Rappel, RappelOptions } from '../support/rappel.ts'
import { openRappel, PUBLIC_URL } from '../support/rappel.ts'

/** 36 h before: the reminder is due. */
const due = '2026-11-25T02:40:00Z'
const cancelled: Partial<AppointmentChange> = { status: { value: 'cancelled', cancelKind: 'cancelled' } }
const smsOff = clinicSettings({ agendas: { moreau: { ...agendaSettings({ sms: false }), label: 'Prélèvements' } } })

interface Line {
  readonly notificationId: string
  readonly kind: string
  readonly channel: string
  readonly state: string
  readonly reason?: string
  readonly settingsVersion?: number
  readonly dueAt: string
  readonly gates: readonly { readonly gate: number; readonly name: string; readonly verdict: string; readonly saw: string }[]
  readonly sentence: { readonly fr: string; readonly en: string }
  readonly wouldNeed: readonly { readonly fr: string; readonly en: string }[]
}

async function booked(options: RappelOptions = {}, change: Partial<AppointmentChange> = {}) {
  const rappel = await openRappel({ now: '2026-11-20T12:00:00Z', ...options })
  await rappel.hear(bookedChange(change))
  await rappel.send()
  return rappel
}

/** As a member of staff asks it: every line of the record. */
async function recordOf(rappel: Pick<Rappel, 'call'>, id = 'tilleuls:A1'): Promise<readonly Line[]> {
  const response = await rappel.call('reader', `GET /api/v1/appointments/${id}/decisions`)
  expect(response.status).toBe(200)
  return ((await response.json()) as { readonly lines: readonly Line[] }).lines
}

/** Of the reminder by SMS. */
async function reminderOf(rappel: Rappel, id?: string): Promise<Line> {
  const line = (await recordOf(rappel, id)).find((each) => each.kind === 'previsit' && each.channel === 'sms')
  if (!line) throw new Error('no reminder')
  return line
}

async function sendAt(rappel: Rappel, instant: string, ...outcomes: readonly SendOutcome[]): Promise<Rappel> {
  rappel.sms.outcomes.push(...outcomes)
  rappel.clock.set(instant)
  await rappel.send()
  return rappel
}

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ')
/** State and reason, and what staff read after the hour. */
function said({ state, reason, sentence }: Line) {
  return [
    [state, reason].filter(Boolean).join(' '),
    plain(sentence.fr).replace(/^.*? : /, ''),
    plain(sentence.en).replace(/^.*?\d [ap]m: /, ''),
  ]
}

/** Each outcome as the service comes to it, and as the API and the screens say it. */
describe('section 6: the outcomes', () => {
  test('section 6, planned: with its hour', async () => {
    const reminder = await reminderOf(await booked())
    expect(reminder).toMatchObject({ state: 'planned', dueAt: due })
    expect(said(reminder).slice(1)).toEqual(['planifié, partira si rien ne change.', 'planned, will be sent unless something changes.'])
  })

  test('section 6, sent', async () => {
    expect(said(await reminderOf(await sendAt(await booked(), due)))).toEqual(['sent', 'envoyé.', 'sent.'])
  })

  test('section 6, delivered: the provider’s report', async () => {
    const rappel = await sendAt(await booked(), due)
    const report = { status: 'delivered', attempt: rappel.sms.sent.at(-1)?.attemptId ?? '' }
    await rappel.post('/callbacks/sms', report, { 'x-signature': `for ${PUBLIC_URL}/callbacks/sms` })
    expect(said(await reminderOf(rappel))).toEqual(['delivered', 'remis.', 'delivered.'])
  })

  test('section 6, failed: the provider will never take it', async () => {
    const rappel = await sendAt(await booked(), due, { kind: 'rejected', reason: 'twilio_30006' })
    expect(said(await reminderOf(rappel))).toEqual([
      'failed twilio_30006',
      'échec, parce que ce numéro ne reçoit pas de SMS (D26).',
      'failed, because this number takes no texts (D26).',
    ])
  })

  test('section 6, in doubt: nobody knows whether it left, and it is not sent again', async () => {
    const rappel = await sendAt(await booked(), due, { kind: 'unknown', reason: 'timeout' })
    const attempts = rappel.sms.sent.length
    expect(await reminderOf(await sendAt(rappel, '2026-11-25T04:00:00Z'))).toMatchObject({ state: 'in_doubt', reason: 'timeout' })
    expect(rappel.sms.sent).toHaveLength(attempts)
  })

  test('section 6, parked: as things stand it will not go, and nothing is lost', async () => {
    const rappel = await booked({ settings: smsOff })
    expect(said(await reminderOf(rappel)).slice(0, 2)).toEqual([
      'parked agenda_off',
      'en l’état, ne partira pas, parce que « SMS de rappel » est coupé pour l’agenda « Prélèvements » (D10).',
    ])
  })

  test('section 6, suppressed: at its hour a rule said no', async () => {
    const rappel = await sendAt(await booked({ settings: smsOff }), due)
    expect(said(await reminderOf(rappel)).slice(0, 2)).toEqual([
      'suppressed agenda_off',
      'non envoyé, parce que « SMS de rappel » est coupé pour l’agenda « Prélèvements » (D10).',
    ])
  })

  test('section 6, held: a doubt that somebody must look at', async () => {
    const rappel = await booked()
    await rappel.hear(bookedChange({ time: { start: start.add({ hours: 1 }), conflict: true } }, 60))
    const held = (await recordOf(rappel)).filter(({ state }) => state === 'held')
    expect(held.map(({ kind, channel, reason }) => `${kind} ${channel} ${reason}`)).toEqual(
      expect.arrayContaining(['change sms H-TIME-CONFLICT', 'previsit sms H-TIME-CONFLICT']),
    )
  })

  test('section 6, merged: the household’s other text says it, and which', async () => {
    const rappel = await booked()
    const pauls = { ehrId: 'A2', time: { start: start.add({ minutes: 20 }) }, patient: { ehrId: 'P2', contacts: [mobile] } }
    await rappel.hear(bookedChange(pauls))
    await rappel.send()
    await sendAt(rappel, due)
    const leader = await reminderOf(rappel)
    const text = await reminderOf(rappel, 'tilleuls:A2')
    expect([leader.state, text.state, text.reason]).toEqual(['sent', 'merged_into', leader.notificationId])
  })

  test('section 6, expired: nobody sent it in time', async () => {
    const rappel = await sendAt(await booked(), '2026-11-26T14:00:00Z')
    expect(said(await reminderOf(rappel)).slice(0, 2)).toEqual([
      'expired not_after',
      'expiré, parce qu’il est trop tard pour que ce message serve (R10).',
    ])
  })

  test('section 6, withdrawn: the appointment is off', async () => {
    const rappel = await booked()
    await rappel.hear(bookedChange(cancelled, 60))
    expect(await reminderOf(rappel)).toMatchObject({ state: 'withdrawn', reason: 'appointment_off' })
  })
})

describe('section 6: the record', () => {
  test('section 6, record: for each kind and channel, every gate with what it saw, and the version of the settings', async () => {
    const rappel = await booked({ settings: { ...smsOff, version: 7 } })
    const lines = await recordOf(rappel)
    expect(lines.map(({ kind, channel }) => `${kind} ${channel}`).sort()).toEqual([
      'confirmation email',
      'confirmation sms',
      'previsit email',
      'previsit sms',
    ])
    for (const { gates, settingsVersion } of lines) {
      expect(settingsVersion).toBe(7)
      expect([...new Set(gates.map(({ gate }) => gate))]).toEqual(expect.arrayContaining([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]))
      for (const { saw } of gates) expect(saw).not.toBe('')
    }
  })

  test('section 6, what would have to change: it is said, done, and the message goes', async () => {
    const rappel = await booked({ settings: smsOff })
    const { wouldNeed } = await reminderOf(rappel)
    expect(wouldNeed.map(({ fr }) => plain(fr))).toEqual(['Activer « SMS de rappel » pour l’agenda « Prélèvements »'])
    await rappel.store.transact((tx) => tx.settings.save({ ...clinicSettings(), version: 2 }, rappel.clock.now()))
    expect(await reminderOf(await sendAt(rappel, due))).toMatchObject({ state: 'sent', wouldNeed: [] })
  })

  test('section 6, before and after: the same gates decide what is foretold and what comes', async () => {
    const rappel = await booked({}, { patient: { ehrId: 'P1', contacts: [landline, email] } })
    const before = await reminderOf(rappel)
    const after = await reminderOf(await sendAt(rappel, due))
    expect([before.state, after.state]).toEqual(['parked', 'suppressed'])
    expect(after.gates).toEqual(before.gates)
    expect([before.reason, after.reason]).toEqual(['landline_only', 'landline_only'])
  })

  test('section 6, sentences and JSON: one sentence in French and English, and neither a name nor a contact', async () => {
    const rappel = await booked({ settings: clinicSettings({ motifs: { CONSULT: motifSettings({ reminder: false }) } }) })
    for (const { sentence } of await recordOf(rappel)) for (const text of [sentence.fr, sentence.en]) expect(text).toMatch(/^[^\n]+\.$/)
    const text = JSON.stringify(await recordOf(rappel))
    for (const secret of ['Anne', 'Roy', mobile.value, email.value]) expect(text).not.toContain(secret)
  })
})
