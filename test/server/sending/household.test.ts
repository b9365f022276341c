import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { doctolib } from '../../../src/core/cadences.ts'
import type { AppointmentChange } from '../../../src/core/change.ts'
import type { Settings } from '../../../src/core/settings.ts'
import { recoverAttempts } from '../../../src/server/sending/outcome.ts'
import { agendaSettings, bookedChange, clinicSettings, email, mobile, motifSettings, start } from '../../support/clinic.ts'
import type { RappelOptions } from '../../support/rappel.ts'
import { openRappel } from '../../support/rappel.ts'

/** 36 h before nine forty. */
const due = '2026-11-25T02:40:00Z'
/** 36 h before ten: Paul's own hour. */
const dueLater = '2026-11-25T03:00:00Z'
const reminder = /^previsit sms/

const annes = bookedChange()
const pauls: AppointmentChange = bookedChange({
  ehrId: 'A2',
  time: { start: start.add({ minutes: 20 }), end: start.add({ minutes: 40 }) },
  patient: {
    ehrId: 'P2',
    name: { given: 'Paul', family: 'Roy' },
    language: 'fr',
    contacts: [mobile, { ...email, value: 'paul@example.org' }],
  },
})
const zoes: AppointmentChange = bookedChange({
  ehrId: 'A3',
  time: { start: start.add({ minutes: 40 }) },
  patient: { ehrId: 'P3', name: { given: 'Zoé' }, language: 'fr', contacts: [mobile] },
})

function clinic(overrides: Partial<Settings> = {}): Settings {
  return clinicSettings({
    agendas: { moreau: agendaSettings(), petit: agendaSettings() },
    motifs: { CONSULT: motifSettings(), OFF: motifSettings({ notify: false, listed: false }) },
    ...overrides,
  })
}

/** Appointments of one phone, their confirmations sent, their reminders still to come. */
async function family(changes: readonly AppointmentChange[] = [annes, pauls], options: RappelOptions = {}) {
  const rappel = await openRappel({ now: '2026-11-20T12:00:00Z', settings: clinic(), ...options })
  for (const change of changes) await rappel.hear(change)
  await rappel.send()
  rappel.sms.sent.length = 0
  rappel.email.sent.length = 0
  return {
    ...rappel,
    /** At that hour. */
    async sendAt(instant: string) {
      rappel.clock.set(instant)
      await rappel.send()
    },
    texts: () => rappel.sms.sent.map(({ words }) => words.sms.replaceAll(/https:\S+/g, '…')),
    reminderOf: async (id: string) => (await rappel.outcomes(id)).filter((line) => reminder.test(line)),
  }
}

const together = 'Clinique des Tilleuls: RDV jeu. 26/11. Confirmer: 1) Anne 9h40 … 2) Paul 10h … Fin SMS: STOP'
const alone = (hour: string) => `Clinique des Tilleuls: RDV jeu. 26/11 ${hour} avec Dre Claire Moreau. Confirmer: … Fin SMS: STOP`
const silentFor = { 'tilleuls:P1': { notify: false } }

describe('truth table', () => {
  test.each<[string, readonly AppointmentChange[], Partial<Settings>, readonly string[], number]>([
    ['row 15: patient and relative, the same day and agenda: 1 SMS, 2 e-mails', [annes, pauls], {}, [together], 2],
    ['row 16: different agendas: 2 SMS', [annes, { ...pauls, agenda: { key: 'petit' } }], {}, [alone('9h40'), alone('10h')], 2],
    [
      'row 17: the relative’s motif off: 1 SMS that does not name the relative',
      [annes, { ...pauls, motif: { key: 'OFF' } }],
      {},
      [alone('9h40')],
      1,
    ],
    [
      'row 18: patient’s switch off, relative’s on, by staff: 1 SMS for the relative alone',
      [annes, pauls],
      { patients: silentFor },
      [alone('10h')],
      1,
    ],
    ['row 18, but booked online: spared (D25)', [{ ...annes, origin: 'patient_online' }, pauls], { patients: silentFor }, [together], 2],
  ])('%s', async (_, changes, settings, texts, mails) => {
    const { sendAt, texts: said, email: mail } = await family(changes, { settings: clinic(settings) })
    await sendAt(due)
    await sendAt(dueLater)
    expect(said()).toEqual(texts)
    expect(mail.sent).toHaveLength(mails)
  })
})

describe('D29: one text', () => {
  test('whose each address opens the page of whom it stands beside, and is kept nowhere', async () => {
    const { sendAt, sms, get, reminderOf, read, dump } = await family()
    await sendAt(due)
    const [text = ''] = sms.sent.map(({ words }) => words.sms)
    const tokens = [...text.matchAll(/(Anne|Paul) \S+ https:\/\/rdv\.example\/(\S{22})/g)].map(([, name, token]) => [name, token])
    expect(tokens.map(([name]) => name)).toEqual(['Anne', 'Paul'])
    for (const [name, token] of tokens) {
      const page = await (await get(`/${token}`)).text()
      expect(page.replaceAll(/[\u00a0\u202f]/g, ' ')).toContain(name === 'Anne' ? '9 h 40' : '10 h<')
    }
    const stored = await dump()
    for (const [, token] of tokens) expect(stored).not.toContain(token)
    const [attempt] = (await read((tx) => tx.attempts.ofAppointment('tilleuls:A1'))).filter(({ also }) => also)
    expect(attempt?.text).toContain('1) Anne 9h40 {link} 2) Paul 10h {link2}')
    expect(await reminderOf('tilleuls:A1')).toEqual(['previsit sms: sent'])
    expect(await reminderOf('tilleuls:A2')).toEqual([`previsit sms: merged_into ${attempt?.notificationId}`])
  })

  test.each([
    ['first', [{ ...pauls, time: { start: start.subtract({ minutes: 30 }) } }, annes]],
    ['last', [annes, { ...pauls, time: { start: start.subtract({ minutes: 30 }) } }]],
  ])('in the order of the hours, though all fall due at once: the early one booked %s', async (_, changes) => {
    const { sendAt, texts } = await family(changes, { settings: clinic({ cadence: doctolib }) })
    await sendAt('2026-11-25T18:00:00Z')
    expect(texts()).toEqual([together.replace('Anne 9h40 … 2) Paul 10h', 'Paul 9h10 … 2) Anne 9h40')])
  })

  test('asks whoever has not confirmed, and names the other', async () => {
    const { sendAt, hear, texts } = await family()
    await hear(bookedChange({ confirmation: 'confirmed' }, 1))
    await sendAt(due)
    expect(texts()).toEqual(['Clinique des Tilleuls: RDV jeu. 26/11: Anne 9h40. Confirmer: Paul 10h … Fin SMS: STOP'])
  })

  test('asks nobody once all have confirmed (O15)', async () => {
    const { sendAt, hear, texts } = await family()
    await hear(bookedChange({ confirmation: 'confirmed' }, 1))
    await hear({ ...pauls, confirmation: 'confirmed', stamp: bookedChange({}, 1).stamp })
    await sendAt(due)
    expect(texts()).toEqual(['Clinique des Tilleuls: RDV jeu. 26/11: Anne 9h40, Paul 10h. Détails: … Fin SMS: STOP'])
  })

  test('of one patient on two agendas, in the doctolib cadence alone; without a name', async () => {
    const second = bookedChange({
      ehrId: 'A2',
      time: { start: start.add({ minutes: 20 }) },
      agenda: { key: 'petit' },
      practitioner: { name: 'Dr Paul Petit' },
    })
    const { sendAt, texts } = await family([annes, second], { settings: clinic({ cadence: doctolib }) })
    await sendAt('2026-11-25T18:00:00Z')
    expect(texts()).toEqual([
      'Clinique des Tilleuls: RDV jeu. 26/11. Confirmer: 1) 9h40 Dre Claire Moreau … 2) 10h Dr Paul Petit … Fin SMS: STOP',
    ])
    const ofys = await family([annes, second])
    await ofys.sendAt(dueLater)
    expect(ofys.texts()).toHaveLength(2)
  })

  test('and one of the two cancelled before the send: an SMS for the other', async () => {
    const { sendAt, hear, texts, sms } = await family()
    await hear({ ...pauls, status: { value: 'cancelled' }, stamp: bookedChange({}, 1).stamp })
    await sendAt('2026-11-24T12:00:00Z')
    sms.sent.length = 0
    await sendAt(due)
    expect(texts()).toEqual([alone('9h40')])
  })

  test('and the second booked after it left: an SMS of its own', async () => {
    const { sendAt, hear, texts, reminderOf } = await family([annes, pauls], { settings: clinic({ cadence: doctolib }) })
    await sendAt('2026-11-25T18:00:00Z')
    await hear({ ...zoes, stamp: { at: Temporal.Instant.from('2026-11-25T18:30:00Z') } })
    await sendAt('2026-11-25T18:45:00Z')
    expect(texts()).toEqual([together, expect.stringContaining('RDV jeu. 26/11 10h20 avec')])
    expect(await reminderOf('tilleuls:A3')).toEqual([])
  })

  test('of six; a seventh has their own', async () => {
    const seven = [1, 2, 3, 4, 5, 6, 7].map((index) =>
      bookedChange({
        ehrId: `A${index}`,
        time: { start: start.add({ minutes: index }) },
        patient: { ehrId: `P${index}`, name: { given: `Enfant ${'ABCDEFG'[index - 1]}` }, language: 'fr', contacts: [mobile] },
      }),
    )
    const { sendAt, texts } = await family(seven, { settings: clinic({ dailyCap: 20 }) })
    await sendAt('2026-11-25T04:00:00Z')
    expect(texts()).toHaveLength(2)
    const named = texts().join(' ')
    expect(named.match(/Enfant [A-G]/g)).toHaveLength(6)
  })

  test('tells the other’s too: what was only taken to be known is now', async () => {
    const { sendAt, read, store, clock } = await family()
    const told = await read((tx) => tx.told.find('tilleuls:A2'))
    if (!told) throw new Error('nothing was told')
    await store.transact((tx) => tx.told.save('tilleuls:A2', { ...told, assumed: 'import' }))
    await sendAt(due)
    expect(await read((tx) => tx.told.find('tilleuls:A2'))).toMatchObject({ at: clock.now(), facts: { stands: true } })
    expect(await read((tx) => tx.told.find('tilleuls:A2'))).not.toHaveProperty('assumed')
  })
})

describe('a text for several that', () => {
  test('was refused releases the others: each has its own, at its own hour', async () => {
    const { sendAt, sms, texts, reminderOf } = await family()
    sms.outcomes.push({ kind: 'rejected', reason: 'twilio_30007' })
    await sendAt(due)
    expect(texts()).toEqual([together])
    await sendAt(dueLater)
    expect(texts()).toEqual([together, alone('10h')])
    expect(await reminderOf('tilleuls:A1')).toEqual(['previsit sms: failed twilio_30007'])
    expect(await reminderOf('tilleuls:A2')).toEqual(['previsit sms: sent'])
  })

  test('was refused for a STOP silences them all (R27)', async () => {
    const { sendAt, sms, reminderOf } = await family()
    sms.outcomes.push({ kind: 'rejected', reason: 'twilio_21610', optedOut: true })
    await sendAt(due)
    await sendAt(dueLater)
    expect(sms.sent).toHaveLength(1)
    expect(await reminderOf('tilleuls:A2')).toEqual(['previsit sms: suppressed stop'])
  })

  test('did not leave is tried again together, and no sooner than its provider asked', async () => {
    const { sendAt, sms, texts, reminderOf, clock, send } = await family([annes, { ...pauls, time: { start } }])
    const wait = { kind: 'deferred', reason: 'twilio_503', retryAfter: Temporal.Duration.from('PT5M') } as const
    sms.outcomes.push(wait, wait)
    await sendAt(due)
    for (let minute = 0; minute < 4; minute += 1) {
      clock.advance({ minutes: 1 })
      await send()
    }
    expect(sms.sent, 'nobody asks before the five minutes are over').toHaveLength(1)
    clock.advance({ minutes: 1 })
    await send()
    clock.advance({ minutes: 5 })
    await send()
    expect(texts()).toHaveLength(3)
    expect(texts().every((text) => /Anne 9h40/.test(text) && /Paul 9h40/.test(text))).toBe(true)
    const outcomes = [...(await reminderOf('tilleuls:A1')), ...(await reminderOf('tilleuls:A2'))]
    expect(outcomes.filter((line) => line === 'previsit sms: sent')).toHaveLength(1)
    expect(outcomes.filter((line) => line.startsWith('previsit sms: merged_into'))).toHaveLength(1)
  })

  test('is in doubt keeps them: nobody is told twice', async () => {
    const { sendAt, sms, reminderOf } = await family()
    sms.outcomes.push({ kind: 'unknown', reason: 'twilio_timeout' })
    await sendAt(due)
    await sendAt(dueLater)
    await sendAt('2026-11-26T12:00:00Z')
    expect(sms.sent).toHaveLength(1)
    expect(await reminderOf('tilleuls:A1')).toEqual(['previsit sms: in_doubt twilio_timeout'])
    expect(await reminderOf('tilleuls:A2')).toEqual([expect.stringContaining('merged_into')])
  })

  test('was cut off by a crash, between the claim and the send, is in doubt, and keeps them (R6)', async () => {
    const { clock, send, store, sms, failCommits, log, reminderOf, sendAt } = await family()
    const stopping = new AbortController()
    sms.outcomes.push(() => {
      stopping.abort()
      failCommits(9)
      return { kind: 'accepted', providerId: 'SM1' }
    })
    clock.set(due)
    await expect(send(stopping.signal)).rejects.toThrow('disk full')
    failCommits(0)
    expect(await reminderOf('tilleuls:A1')).toEqual(['previsit sms: sending'])
    await recoverAttempts({ store, clock, log, publicUrl: 'https://rdv.example' })
    await sendAt(dueLater)
    expect(sms.sent).toHaveLength(1)
    expect(await reminderOf('tilleuls:A1')).toEqual(['previsit sms: in_doubt crashed'])
    expect(await reminderOf('tilleuls:A2')).toEqual([expect.stringContaining('merged_into')])
  })

  test('was refused, where what follows fails: the others are released all the same', async () => {
    const { sendAt, sms, spoil, reminderOf, texts } = await family()
    sms.outcomes.push(() => {
      spoil((tx) => ({ ...tx, settings: { ...tx.settings, current: bug } }))
      return { kind: 'rejected', reason: 'twilio_30007' }
    })
    await sendAt(due)
    spoil(undefined)
    expect(await reminderOf('tilleuls:A2')).toEqual(['previsit sms: planned'])
    await sendAt(dueLater)
    expect(texts()).toEqual([together, alone('10h')])
  })

  test('was refused, while one was moved: the old hour is never said again', async () => {
    const { sendAt, sms, hear, texts, reminderOf } = await family()
    sms.outcomes.push(async () => {
      const time = { start: start.add({ hours: 48 }) }
      await hear({ ...pauls, time, stamp: bookedChange({}, 1).stamp })
      return { kind: 'rejected', reason: 'twilio_30007' }
    })
    await sendAt(due)
    await sendAt(dueLater)
    expect(texts()).toEqual([together, expect.stringContaining('RDV déplacé sam. 28/11 9h40')])
    expect(await reminderOf('tilleuls:A2')).toEqual(['previsit sms: planned', 'previsit sms: withdrawn superseded'])
  })

  test('counts as one towards the day’s limit, and is paid once', async () => {
    const { sendAt, read } = await family()
    const before = await read((tx) => tx.usage.sums('tilleuls', start.subtract({ hours: 999 }), start))
    await sendAt(due)
    const sums = await read((tx) => tx.usage.sums('tilleuls', start.subtract({ hours: 999 }), start))
    const textsOf = (all: typeof sums) => all.find(({ channel }) => channel === 'sms')?.messages ?? 0
    expect(textsOf(sums) - textsOf(before)).toBe(1)
  })
})

function bug(): never {
  throw new Error('a bug')
}
