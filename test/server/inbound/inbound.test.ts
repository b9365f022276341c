import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { AppointmentChange } from '../../../src/core/change.ts'
import { bookedChange, clinicSettings, mobile, start } from '../../support/clinic.ts'
import type { Rappel, RappelOptions } from '../../support/rappel.ts'
import { openRappel } from '../../support/rappel.ts'

const number = '+14185550177'
const url = 'https://rdv.example/callbacks/sms/inbound'
const signed = { 'x-signature': `for ${url}` }
const anne = { ehrId: 'P1', name: { given: 'Anne' }, language: 'fr', contacts: [mobile] }
let texts = 0

/** The patient's phone: what is texted back, or nothing. */
async function text({ post }: Rappel, words: string, more: Record<string, string> = {}): Promise<string> {
  texts += 1
  const response = await post('/callbacks/sms/inbound', { id: `SM${texts}`, from: number, text: words, ...more }, signed)
  expect(response.status).toBe(200)
  return response.text()
}

const toDo = async ({ call }: Rappel) => ((await (await call('appointments', 'GET /api/v1/inbox')).json()) as { items: object[] }).items

/** Told of the booking by text, thirty hours before. */
async function texted(change: Partial<AppointmentChange> = {}, options: RappelOptions = {}): Promise<Rappel> {
  const rappel = await openRappel({ now: '2026-11-25T08:40:00Z', ...options })
  await rappel.hear(bookedChange({ patient: anne, ...change }))
  await rappel.send()
  expect(rappel.sms.sent).toHaveLength(1)
  return rappel
}

describe('a patient answers by text', () => {
  test('yes: confirmed, brought to the EHR, and told so in one text', async () => {
    const rappel = await texted()
    expect(await text(rappel, 'Oui, merci !')).toBe('Clinique des Tilleuls: RDV jeu. 26/11 9h40 confirmé. Un empechement? Répondez NON.')
    expect(rappel.woken).toContain('answered')
    await rappel.bring()
    expect(rappel.ehr.written).toMatchObject([{ writeBack: { kind: 'confirm', ehrId: 'A1', patientEhrId: 'P1' } }])
    expect((await rappel.appointment())?.confirmation).toMatchObject({ state: 'confirmed', by: 'patient' })
    expect(await toDo(rappel)).toEqual([])
  })

  test('O14: too early: from when, and nothing is brought', async () => {
    const rappel = await texted({}, { now: '2026-11-20T15:00:00Z' })
    expect(await text(rappel, 'oui')).toContain('vous pourrez répondre OUI à partir du mar. 24/11 9h40')
    expect(await rappel.answers()).toEqual([])
  })

  test('R26: no asks; ANNULER 1 cancels once the time to take it back is over', async () => {
    const rappel = await texted()
    expect(await text(rappel, 'NON')).toContain('répondez ANNULER 1')
    await rappel.bring()
    expect(rappel.ehr.written).toEqual([])
    expect(await text(rappel, 'annuler 1')).toContain('annulé. Une erreur? Répondez GARDER avant 3h45.')
    await rappel.bring()
    expect(rappel.ehr.written).toEqual([])
    rappel.clock.advance({ minutes: 5 })
    await rappel.bring()
    expect(rappel.ehr.written).toMatchObject([{ writeBack: { kind: 'cancel' } }])
    await rappel.send()
    expect(rappel.sms.sent).toHaveLength(1)
  })

  test('taken back in time, nothing is brought', async () => {
    const rappel = await texted()
    for (const words of ['non', 'annuler 1']) await text(rappel, words)
    expect(await text(rappel, 'GARDER')).toContain('maintenu')
    rappel.clock.advance({ minutes: 6 })
    await rappel.bring()
    expect(rappel.ehr.written).toEqual([])
  })

  test('O12: no less than a day before: the phone, and the clinic knows', async () => {
    const rappel = await texted({}, { now: '2026-11-25T20:00:00Z' })
    expect(await text(rappel, 'Non')).toContain('appelez le 418 555-0140')
    expect(await toDo(rappel)).toMatchObject([
      { kind: 'cancel_asked', appointmentId: 'tilleuls:A1', contact: number, text: 'Non', reason: 'too_late' },
    ])
  })

  test('MOD-5: a yes to the hour of before is no yes to the new one', async () => {
    const rappel = await texted()
    await rappel.hear(bookedChange({ patient: anne, time: { start: start.add({ hours: 2 }) } }, 10))
    expect(await text(rappel, 'oui')).toContain('a changé depuis notre SMS')
    expect(await rappel.answers()).toEqual([])
    await rappel.send()
    expect(await text(rappel, 'oui')).toContain('RDV jeu. 26/11 11h40 confirmé')
  })

  test('V2-ID-4: what was texted of somebody else is no question to this one', async () => {
    const rappel = await texted()
    await rappel.hear(bookedChange({ patient: { ...anne, ehrId: 'P2' } }, 10))
    expect(await text(rappel, 'oui')).toContain("n'attend de réponse")
    expect(await rappel.answers()).toEqual([])
  })

  test('in English where they read it', async () => {
    const rappel = await texted({ patient: { ...anne, language: 'en' } })
    expect(await text(rappel, 'YES')).toBe('Clinique des Tilleuls: appointment Thu 26 Nov 9:40am confirmed. Cannot come? Reply N.')
  })
})

describe('MOD-13: one number, several people', () => {
  const leo = { ehrId: 'P2', name: { given: 'Léo' }, language: 'fr', contacts: [mobile] }

  async function household(): Promise<Rappel> {
    const rappel = await texted()
    await rappel.hear(bookedChange({ ehrId: 'A2', patient: leo, time: { start: start.add({ hours: 1 }) } }))
    await rappel.send()
    return rappel
  }

  test('is asked which, by number and first name, until it says so', async () => {
    const rappel = await household()
    expect(await text(rappel, 'oui')).toBe(
      'Clinique des Tilleuls: quel RDV? 1: Anne jeu. 26/11 9h40, 2: Léo jeu. 26/11 10h40. Répondez OUI 1, OUI 2...',
    )
    expect(await rappel.answers('tilleuls:A2')).toEqual([])
    expect(await toDo(rappel)).toMatchObject([{ kind: 'ambiguous', text: 'oui', contact: number }])
    expect(await text(rappel, 'Oui 2')).toContain('RDV jeu. 26/11 10h40 confirmé')
    expect(await rappel.answers()).toEqual([])
    expect(await rappel.answers('tilleuls:A2')).toMatchObject([{ kind: 'confirm' }])
    expect(await toDo(rappel)).toEqual([])
    expect(await text(rappel, 'oui')).toContain('RDV jeu. 26/11 9h40 confirmé')
  })

  test('D29: a text that said both is answered for both', async () => {
    const rappel = await openRappel({ now: '2026-11-20T15:00:00Z' })
    await rappel.hear(bookedChange({ patient: anne }))
    await rappel.hear(bookedChange({ ehrId: 'A2', patient: leo, time: { start: start.add({ hours: 1 }) } }))
    await rappel.send()
    rappel.clock.set('2026-11-25T02:40:00Z')
    await rappel.send()
    expect(await rappel.outcomes('tilleuls:A2')).toContainEqual(expect.stringMatching(/^previsit sms: merged_into/))
    expect(await text(rappel, 'oui')).toContain('1: Anne jeu. 26/11 9h40, 2: Léo jeu. 26/11 10h40')
    expect(await text(rappel, '1 et 2')).toContain('RDV confirmés: jeu. 26/11 9h40, jeu. 26/11 10h40.')
  })
})

describe('R27: STOP', () => {
  test('nothing is claimed after its commit, whatever is due', async () => {
    const rappel = await openRappel({ now: '2026-11-20T15:00:00Z', settings: clinicSettings({ dailyCap: 1000 }) })
    const count = 60
    for (let each = 0; each < count; each += 1)
      await rappel.hear(bookedChange({ ehrId: `A${each}`, patient: anne, time: { start: start.add({ hours: each }) } }))
    const [, answer] = await Promise.all([rappel.send(), text(rappel, 'STOP')])
    expect(answer).toContain('vous ne recevrez plus de SMS')
    const claimed = rappel.sms.sent.length
    for (let look = 0; look < 3; look += 1) await rappel.send()
    expect(rappel.sms.sent.length).toBe(claimed)
  })

  test('is heard whoever the number is of, lifted by START, and each is in the audit', async () => {
    const rappel = await texted()
    await text(rappel, 'Arrêt')
    expect(await rappel.read((tx) => tx.optOuts.has('tilleuls', 'sms', number))).toBe(true)
    expect(await text(rappel, 'oui')).toBe('')
    expect((await rappel.answers())[0]).toMatchObject({ kind: 'confirm' })
    expect(await text(rappel, 'START')).toContain('vous recevrez de nouveau nos SMS')
    expect(await rappel.read((tx) => tx.optOuts.has('tilleuls', 'sms', number))).toBe(false)
    const acts = (await rappel.read((tx) => tx.audit.of('tilleuls:P1', 9))).map(({ action }) => action)
    expect(acts).toEqual(['opt-out.lifted', 'opt-out.stopped'])
  })

  test('an urgent notice then goes by e-mail; without one, somebody calls', async () => {
    const rappel = await texted()
    await text(rappel, 'STOP')
    await rappel.hear(bookedChange({ patient: anne, status: { value: 'cancelled', cancelKind: 'cancelled' } }, 10))
    await rappel.send()
    expect(rappel.sms.sent).toHaveLength(1)
    expect(await rappel.read((tx) => tx.toCall.open('tilleuls', 9))).toMatchObject([{ kind: 'cancellation', reason: 'stop' }])
  })

  test('what the provider has answered by itself is not answered twice', async () => {
    expect(await text(await texted(), 'STOP', { answered: '1' })).toBe('')
  })

  test('CANCEL stops, as carriers have it, and a person sees that it may have meant the appointment', async () => {
    const rappel = await texted()
    await text(rappel, 'Cancel')
    expect(await toDo(rappel)).toMatchObject([{ kind: 'reply', text: 'Cancel' }])
    expect(await rappel.answers()).toEqual([])
  })
})

describe('section 4: a wrong number', () => {
  test('is texted no more, makes a line for the staff, who may say that it is right', async () => {
    const rappel = await texted()
    expect(await text(rappel, 'Mauvais numéro')).toContain("nous n'écrirons plus à ce numéro")
    await rappel.hear(bookedChange({ patient: anne, time: { start: start.add({ hours: 2 }) } }, 10))
    await rappel.send()
    expect(await rappel.outcomes()).toContain('change sms: suppressed wrong_number')
    expect(await rappel.read((tx) => tx.toCall.open('tilleuls', 9))).toMatchObject([{ reason: 'wrong_number' }])
    const [line] = (await toDo(rappel)) as { id: string }[]
    expect(line).toMatchObject({ kind: 'wrong_number', patientId: 'tilleuls:P1' })
    const path = `POST /api/v1/inbox/${line?.id}/done`
    expect(await (await rappel.call('appointments', path, { lift: true })).json()).toMatchObject({ doneBy: 'token:appointments-tilleuls' })
    expect(await toDo(rappel)).toEqual([])
    expect(await rappel.read((tx) => tx.wrongNumbers.has('tilleuls', number))).toBe(false)
  })

  test('a message by hand does not go there either', async () => {
    const rappel = await texted()
    await text(rappel, 'wrong number')
    await rappel.call('appointments', 'POST /api/v1/appointments/tilleuls:A1/messages', { channel: 'sms' })
    await rappel.send()
    expect(rappel.sms.sent).toHaveLength(1)
  })
})

describe('the staff’s inbox', () => {
  test('holds what patients write in their own words, until somebody has seen to it', async () => {
    const rappel = await texted()
    expect(await text(rappel, 'J’aurai dix minutes de retard')).toContain('votre message est transmis')
    expect(await text(rappel, 'Désolée !')).toBe('')
    const lines = (await toDo(rappel)) as { id: string; forgetAt: string }[]
    expect(lines).toMatchObject([
      {
        kind: 'reply',
        text: 'J’aurai dix minutes de retard',
        appointmentId: 'tilleuls:A1',
        patientId: 'tilleuls:P1',
        forgetAt: '2027-02-23T08:40:00Z',
      },
      { text: 'Désolée !' },
    ])
    expect((await rappel.call('appointments', `POST /api/v1/inbox/${lines[0]?.id}/done`)).status).toBe(200)
    expect(await toDo(rappel)).toMatchObject([{ text: 'Désolée !' }])
    expect((await rappel.call('appointments', 'POST /api/v1/inbox/none/done')).status).toBe(404)
    expect(rappel.lines.join()).not.toContain('retard')
  })

  test('has the texts of strangers too, in a clinic that is the only one', async () => {
    const rappel = await openRappel()
    expect(await text(rappel, 'Bonjour, prenez-vous de nouveaux patients ?')).toContain('votre message est transmis')
    expect(await toDo(rappel)).toMatchObject([{ kind: 'reply', contact: number }])
  })
})

describe('R30: only what the provider signed, and once', () => {
  test.each([
    ['not signed', {}],
    ['signed for another address', { 'x-signature': 'for https://rdv.example/callbacks/sms' }],
  ])('%s: nothing happens', async (_name, headers) => {
    const rappel = await texted()
    const before = await rappel.dump()
    const response = await rappel.post('/callbacks/sms/inbound', { id: 'SM0', from: number, text: 'STOP' }, headers)
    expect(response.status).toBe(401)
    expect(await rappel.dump()).toBe(before)
  })

  test('brought fifty times at once, it is taken once and answered once', async () => {
    const rappel = await texted()
    const again = { id: 'SM-again' }
    const answers = await Promise.all(Array.from({ length: 50 }, () => text(rappel, 'oui', again)))
    expect(answers.filter(Boolean)).toHaveLength(1)
    expect(await rappel.answers()).toHaveLength(1)
  })

  test('two machines that answer each other fall silent, and what they say is heard', async () => {
    const rappel = await texted()
    const answers: string[] = []
    for (let each = 0; each < 12; each += 1) answers.push(await text(rappel, 'aide'))
    expect(answers.filter(Boolean)).toHaveLength(8)
    rappel.clock.advance(Temporal.Duration.from({ hours: 2 }))
    expect(await text(rappel, 'aide')).toContain('Pour nous joindre')
  })

  test('O21: what is texted back is metered', async () => {
    const rappel = await texted()
    const sums = () => rappel.read((tx) => tx.usage.sums('tilleuls', start.subtract({ hours: 999 }), start))
    const [before] = await sums()
    await text(rappel, 'oui')
    expect((await sums())[0]?.messages).toBe((before?.messages ?? 0) + 1)
  })
})

describe('what else only a person can see to', () => {
  test('WB-3: an answer that the EHR refused is written there by hand', async () => {
    const rappel = await texted()
    rappel.ehr.outcomes.push({ kind: 'refused', reason: 'no_such_appointment' })
    await text(rappel, 'oui')
    await rappel.bring()
    expect(await toDo(rappel)).toMatchObject([
      { kind: 'write_back', appointmentId: 'tilleuls:A1', patientId: 'tilleuls:P1', reason: 'confirm no_such_appointment' },
    ])
  })

  test('section 4: two sources that disagree on how one comes', async () => {
    const rappel = await texted()
    await rappel.hear(bookedChange({ patient: anne, modality: { value: 'video' } }, 10))
    await rappel.hear(bookedChange({ patient: anne, modality: { value: 'video' }, location: { key: 'B' } }, 20))
    expect(await toDo(rappel)).toMatchObject([{ kind: 'modality_conflict', appointmentId: 'tilleuls:A1', reason: 'video' }])
  })
})
