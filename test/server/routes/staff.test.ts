import { describe, expect, test } from 'vitest'
import type { Settings } from '../../../src/core/settings.ts'
import { agendaSettings, bookedChange, clinicSettings, email, landline, mobile, motifSettings, start } from '../../support/clinic.ts'
import { openRappel } from '../../support/rappel.ts'

const messages = 'POST /api/v1/appointments/tilleuls:A1/messages'
const everythingOff: Partial<Settings> = {
  communications: false,
  smsActivated: false,
  channelPolicy: 'email_only',
  consent: 'explicit',
  smsBudget: 0,
  agendas: { moreau: { ...agendaSettings({ sms: false, email: false }), live: false } },
  motifs: { CONSULT: motifSettings({ type: 'none', notify: false, listed: false }) },
  patients: { 'tilleuls:P1': { notify: false } },
  senders: [{ sender: 'portail' }],
}

async function openBooked(
  overrides: Partial<Settings> = {},
  change: Parameters<typeof bookedChange>[0] = {},
  now = '2026-11-24T15:00:00Z',
) {
  const rappel = await openRappel({ settings: clinicSettings(overrides), now })
  await rappel.hear(bookedChange(change))
  const audit = async (subject: string) => (await rappel.read((tx) => tx.audit.of(subject, 5)))[0]
  return { ...rappel, audit }
}

describe('a message by hand (O6)', () => {
  test('leaves whatever is switched off, at any hour, and is written down with who asked (truth table 19)', async () => {
    const night = '2026-11-25T03:00:00Z'
    const { call, send, sms, outcomes, audit, woken } = await openBooked(everythingOff, {}, night)
    const response = await call('appointments', messages, { channel: 'sms' })
    expect(response.status).toBe(202)
    const { id, state } = (await response.json()) as { id: string; state: string }
    expect(state).toBe('planned')
    expect(woken).toContain('planned')
    expect(await audit(id)).toMatchObject({ actor: 'token:appointments-tilleuls', action: 'message.requested', detail: { channel: 'sms' } })
    await send()
    expect(sms.sent.map(({ to }) => to)).toEqual([mobile.value])
    expect(await outcomes()).toContain('manual sms: sent')
  })

  test.each(['arrived', 'fulfilled', 'noshow', 'cancelled'] as const)('leaves though the status is %s', async (status) => {
    const { call, send, email, hear } = await openBooked()
    await send()
    await hear(bookedChange({ status: { value: status } }, 5))
    await send()
    const before = email.sent.length
    expect((await call('appointments', messages, { channel: 'email' })).status).toBe(202)
    await send()
    expect(email.sent.length).toBe(before + 1)
  })

  test.each<[string, Parameters<typeof bookedChange>[0], string]>([
    ['no mobile', { patient: { ehrId: 'P1', contacts: [landline, email] } }, 'landline_only'],
    ['no number', { patient: { ehrId: 'P1', contacts: [email] } }, 'no_mobile'],
    ['a dead patient', { patient: { ehrId: 'P1', contacts: [mobile], deceased: true } }, 'patient_inactive'],
  ])('is refused with the reason: %s', async (_, change, reason) => {
    const { call, outcomes, audit } = await openBooked({}, change)
    const before = await outcomes()
    const response = await call('appointments', messages, { channel: 'sms' })
    expect([response.status, await response.json()]).toMatchObject([409, { code: 'not_sent', reason, detail: `not sent: ${reason}` }])
    expect(await outcomes()).toEqual(before)
    expect(await audit('tilleuls:A1')).toMatchObject({ action: 'message.refused', detail: { channel: 'sms', reason } })
  })

  test('is refused after a STOP, at the request and at the send (R27)', async () => {
    const { call, send, sms, outcomes, store, clock } = await openBooked(everythingOff)
    await call('appointments', messages, { channel: 'sms' })
    await store.transact((tx) => tx.optOuts.add('tilleuls', 'sms', mobile.value ?? '', clock.now()))
    await send()
    expect(sms.sent).toEqual([])
    expect(await outcomes()).toContain('manual sms: suppressed stop')
    const response = await call('appointments', messages, { channel: 'sms' })
    expect([response.status, await response.json()]).toMatchObject([409, { code: 'not_sent', reason: 'stop' }])
  })

  test('is refused where no provider carries it', async () => {
    const { call, channels } = await openBooked()
    channels.delete('sms')
    const response = await call('appointments', messages, { channel: 'sms' })
    expect([response.status, await response.json()]).toMatchObject([409, { code: 'not_sent', reason: 'no_channel' }])
  })

  test('neither takes the place of an automatic one nor withdraws it', async () => {
    const { call, send, outcomes, clock, sms } = await openBooked()
    const automatic = async () => (await outcomes()).filter((line) => !line.startsWith('manual'))
    const before = await automatic()
    await call('appointments', messages, { channel: 'sms' })
    expect(await automatic()).toEqual(before)
    await send()
    expect(await automatic()).toEqual([
      'confirmation email: sent',
      'confirmation sms: sent',
      'previsit email: planned',
      'previsit sms: planned',
    ])
    expect(sms.sent).toHaveLength(2)
    clock.set('2026-11-25T03:00:00Z')
    await send()
    expect(sms.sent).toHaveLength(3)
  })

  test('that leaves before the confirmation does not stand in for it', async () => {
    const { call, send, outcomes, sms, clock } = await openBooked({ grace: clinicSettings().cancelUndo })
    await call('appointments', messages, { channel: 'sms' })
    await send()
    expect(sms.sent).toHaveLength(1)
    clock.advance({ minutes: 5 })
    await send()
    expect((await outcomes()).slice(0, 3)).toEqual(['confirmation email: sent', 'confirmation sms: sent', 'manual sms: sent'])
  })

  test('asked for twice is two, unless the request says that it is the same', async () => {
    const { call, send, sms } = await openBooked(everythingOff)
    const once = { 'idempotency-key': 'click 1' }
    const [first, again] = [
      await call('appointments', messages, { channel: 'sms' }, once),
      await call('appointments', messages, { channel: 'sms' }, once),
    ]
    expect([first.status, again.status]).toEqual([202, 202])
    expect(await first.json()).toEqual(await again.json())
    await call('appointments', messages, { channel: 'sms' })
    await send()
    expect(sms.sent).toHaveLength(2)
  })

  test.each([{}, { channel: 'push' }, { channel: 'sms', text: 'hello' }, '{'])('%j is not understood', async (body) => {
    const { call } = await openBooked()
    expect((await call('appointments', messages, body)).status).toBe(422)
  })
})

describe('the list of whom to call (D12)', () => {
  const list = 'GET /api/v1/clinics/tilleuls/to-call'

  async function openUnreached() {
    const rappel = await openBooked({}, { patient: { ehrId: 'P1', contacts: [] } })
    await rappel.send()
    await rappel.hear(bookedChange({ status: { value: 'cancelled' }, patient: { ehrId: 'P1', contacts: [] } }, 5))
    await rappel.send()
    return rappel
  }

  test('names who could not be reached and why; a call made is taken off it, once', async () => {
    const { call, audit } = await openUnreached()
    const { items } = (await (await call('reader', list)).json()) as { items: readonly { id: string }[] }
    expect(items).toMatchObject([{ appointmentId: 'tilleuls:A1', patientId: 'tilleuls:P1', kind: 'cancellation' }])
    const done = `POST /api/v1/clinics/tilleuls/to-call/${encodeURIComponent(items[0]?.id ?? '')}/done`
    const first = await (await call('appointments', done)).json()
    expect(first).toMatchObject({ doneBy: 'token:appointments-tilleuls', doneAt: '2026-11-24T15:00:00Z' })
    expect(await (await call('admin', done)).json()).toEqual(first)
    expect(await (await call('reader', list)).json()).toEqual({ items: [] })
    expect(await audit('tilleuls:A1')).toMatchObject({ action: 'to-call.done', actor: 'token:appointments-tilleuls' })
  })

  test('another clinic’s call is not there', async () => {
    const { call, store, clock } = await openUnreached()
    const entry = {
      id: 'x:1',
      clinicId: 'erables',
      appointmentId: 'x',
      patientId: 'x',
      kind: 'change',
      reason: 'stop',
      createdAt: clock.now(),
    } as const
    await store.transact((tx) => tx.toCall.save(entry))
    expect((await call('operator', 'POST /api/v1/clinics/tilleuls/to-call/x:1/done')).status).toBe(404)
  })

  test('is not longer than asked', async () => {
    const { call } = await openBooked()
    expect((await call('reader', `${list}?limit=0`)).status).toBe(400)
  })
})

describe('consent (gate 7)', () => {
  const place = 'PUT /api/v1/patients/tilleuls:P1/consent'

  test('that is withdrawn silences that channel, and given again opens it', async () => {
    const { call, send, clock, outcomes, audit } = await openBooked({ grace: clinicSettings().cancelUndo })
    for (const channel of ['sms', 'email']) await call('appointments', place, { channel, state: 'withdrawn' })
    const given = await call('appointments', place, { channel: 'email', state: 'given' })
    expect(await given.json()).toEqual({ channel: 'email', state: 'given', at: '2026-11-24T15:00:00Z', by: 'token:appointments-tilleuls' })
    expect(await audit('tilleuls:P1')).toMatchObject({ action: 'consent.given', detail: { channel: 'email' } })
    expect(JSON.stringify(await audit('tilleuls:P1'))).not.toContain(email.value)
    clock.advance({ minutes: 5 })
    await send()
    expect((await outcomes()).slice(0, 2)).toEqual(['confirmation email: sent', 'confirmation sms: suppressed no_consent'])
  })

  test('where it must be explicit, opens what was closed', async () => {
    const { call, send, clock, outcomes } = await openBooked({ consent: 'explicit', grace: clinicSettings().cancelUndo })
    await call('appointments', place, { channel: 'sms', state: 'given' })
    clock.advance({ minutes: 5 })
    await send()
    expect((await outcomes()).slice(0, 2)).toEqual(['confirmation email: suppressed no_consent', 'confirmation sms: sent'])
  })

  test.each([
    ['nobody to record it for', { patient: { ehrId: 'P1', contacts: [email] } }, { channel: 'sms', state: 'given' }, 409],
    ['another word', {}, { channel: 'sms', state: 'perhaps' }, 422],
    ['no channel', {}, { state: 'given' }, 422],
  ])('%s', async (_, change, body, status) => {
    const { call } = await openBooked({}, change)
    expect((await call('appointments', place, body)).status).toBe(status)
  })
})

describe('section 4: a STOP that is recorded and taken back', () => {
  const place = (method: 'POST' | 'DELETE', channel: string) => `${method} /api/v1/patients/tilleuls:P1/opt-outs/${channel}`

  test('said to staff, it is a STOP; lifted before the send, what waited for it leaves (D28)', async () => {
    const { call, send, clock, outcomes, audit, hear } = await openBooked({ grace: clinicSettings().cancelUndo })
    const stopped = await call('appointments', place('POST', 'sms'))
    expect([stopped.status, await stopped.json()]).toEqual([200, { channel: 'sms', state: 'stopped' }])
    expect(await audit('tilleuls:P1')).toMatchObject({
      actor: 'token:appointments-tilleuls',
      action: 'opt-out.stopped',
      detail: { channel: 'sms' },
    })
    await hear(bookedChange({ practitioner: { name: 'Dr Lefort' } }, 5))
    expect(await outcomes()).toContain('confirmation sms: parked stop')
    const lifted = await call('appointments', place('DELETE', 'sms'))
    expect([lifted.status, await lifted.json()]).toEqual([200, { channel: 'sms', state: 'lifted' }])
    expect(await audit('tilleuls:P1')).toMatchObject({ action: 'opt-out.lifted' })
    expect(JSON.stringify(await audit('tilleuls:P1'))).not.toContain(mobile.value)
    clock.advance({ minutes: 5 })
    await send()
    expect((await outcomes()).slice(0, 2)).toEqual(['confirmation email: sent', 'confirmation sms: sent'])
  })

  test('of one channel leaves the other alone', async () => {
    const { call, send, outcomes } = await openBooked()
    await call('appointments', place('POST', 'email'))
    await send()
    expect((await outcomes()).slice(0, 2)).toEqual(['confirmation email: suppressed opted_out', 'confirmation sms: sent'])
  })

  test.each<[string, 'appointments' | 'reader', string, Parameters<typeof bookedChange>[0], number]>([
    ['a reader records none', 'reader', place('POST', 'sms'), {}, 403],
    ['nobody to record it for', 'appointments', place('DELETE', 'sms'), { patient: { ehrId: 'P1', contacts: [email] } }, 409],
    ['no such patient', 'appointments', 'DELETE /api/v1/patients/tilleuls:P9/opt-outs/sms', {}, 404],
    ['no such channel', 'appointments', place('POST', 'pigeon'), {}, 404],
  ])('%s', async (_, role, request, change, status) => {
    const { call } = await openBooked({}, change)
    expect((await call(role, request)).status).toBe(status)
  })
})

describe('what a month cost (O21)', () => {
  const usage = (month = '') => `GET /api/v1/clinics/tilleuls/usage${month && `?month=${month}`}`

  test('counts messages and segments, automatic and by hand apart, e-mail free, and what was refused apart and unbilled (O19)', async () => {
    const { call, send, sms } = await openBooked()
    sms.outcomes.push({ kind: 'accepted', providerId: 'SM1' }, { kind: 'rejected', reason: 'landline' })
    await call('appointments', messages, { channel: 'email' })
    await send()
    await call('appointments', messages, { channel: 'sms' })
    await send()
    await call('appointments', messages, { channel: 'sms' })
    await send()
    const body = (await (await call('reader', usage())).json()) as { items: readonly { segments: number; price: number }[] }
    expect(body).toMatchObject({
      month: '2026-11',
      zone: 'America/Toronto',
      items: [
        { channel: 'email', automatic: true, refused: false, messages: 1, price: 0 },
        { channel: 'email', automatic: false, refused: false, messages: 1, price: 0 },
        { channel: 'sms', automatic: true, refused: false, messages: 1, currency: 'CAD' },
        { channel: 'sms', automatic: false, refused: false, messages: 1 },
        { channel: 'sms', automatic: false, refused: true, messages: 1, price: 0 },
      ],
    })
    for (const { segments, price } of body.items.slice(2, 4)) expect(price).toBe(segments * 500)
    expect(body.items[2]?.segments).toBeGreaterThan(0)
  })

  test('a month begins and ends at the clinic’s midnight', async () => {
    const { call, send } = await openBooked({}, { time: { start: start.add({ hours: 24 * 30 }) } }, '2026-12-01T04:59:59Z')
    await send()
    const messagesOf = async (month: string) =>
      ((await (await call('reader', usage(month))).json()) as { items: readonly object[] }).items.length
    expect(await messagesOf('2026-11')).toBeGreaterThan(0)
    expect(await messagesOf('2026-12')).toBe(0)
  })

  test.each(['2026-13', '2026', 'november', '2026-11-01'])('%s is no month', async (month) => {
    const { call } = await openBooked()
    expect((await call('reader', usage(month))).status).toBe(400)
  })
})
