import type { Temporal } from 'temporal-polyfill'
import { describe, expect, it, test } from 'vitest'
import type { ToDo } from '../../../src/core/to-do.ts'
import { newToDo } from '../../../src/core/to-do.ts'
import { bookedChange } from '../../support/clinic.ts'
import { signedIn } from '../../support/console.ts'
import { openRappel } from '../../support/rappel.ts'

const page = '/console/clinics/tilleuls/inbox'
const secretary = signedIn('appointments')
const contact = '+14185550177'
const one = `${page}/reply%3ASM1`

const said = async (answer: Response | Promise<Response>): Promise<string> =>
  (await (await answer).text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

async function withReply(overrides: Partial<ToDo> = {}) {
  const rappel = await openRappel()
  await rappel.hear(bookedChange())
  const line = newToDo(
    {
      id: 'reply:SM1',
      clinicId: 'tilleuls',
      kind: 'reply',
      appointmentId: 'tilleuls:A1',
      patientId: 'tilleuls:P1',
      contact,
      text: 'Puis-je venir avec ma fille ?',
      ...overrides,
    },
    rappel.clock.now(),
  )
  await rappel.store.transact((tx) => tx.toDo.save(line))
  const found = async () => rappel.read((tx) => tx.toDo.find('reply:SM1'))
  const answer = (text: string, after = '0', step = 'send') => rappel.post(`${one}/answer`, { text, after, step }, secretary)
  return { ...rappel, found, answer }
}

describe('the staff’s inbox', () => {
  it('lists what waits, and shows one with its appointment', async () => {
    const { get } = await withReply()
    const list = await said(get(page, secretary))
    expect(list).toContain('Anne Roy Réponse libre Puis-je venir avec ma fille ?')
    expect(list, 'the menu counts them').toContain('Réponses 1')
    const thread = await (await get(one, secretary)).text()
    expect(thread).toContain('/appointments/tilleuls%3AA1')
    expect(/<title>([^<]*)/.exec(thread)?.[1]).not.toContain('Roy')
    expect(await said(get(`${one}?lang=en`, secretary))).toContain('Answer by text')
  })

  it('answers by text in the clinic’s name, which is counted and written down', async () => {
    const { answer, sms, found, read, clock, get } = await withReply()
    const sent = await answer('Oui, bien sûr. À jeudi.')
    expect([sent.status, sent.headers.get('location')]).toEqual([303, `${one}?said=sent`])
    expect(sms.sent.map(({ to, words }) => [to, words.sms])).toEqual([[contact, 'Clinique des Tilleuls: Oui, bien sur. A jeudi.']])
    expect((await found())?.answers).toMatchObject([{ text: 'Clinique des Tilleuls: Oui, bien sur. A jeudi.', outcome: 'accepted' }])
    const sums = await read((tx) => tx.usage.sums('tilleuls', clock.now().subtract({ hours: 1 }), clock.now().add({ hours: 1 })))
    expect(sums).toMatchObject([{ channel: 'sms', automatic: false, messages: 1, price: 500 }])
    const [entry] = await read((tx) => tx.audit.of('tilleuls:A1', 1))
    expect(entry).toMatchObject({ action: 'to-do.answered', detail: { outcome: 'accepted', segments: 1 } })
    expect(JSON.stringify(entry), 'no word of it').not.toContain('jeudi')
    expect(await said(get(one, secretary))).toContain('Envoyé Clinique des Tilleuls: Oui')
  })

  it('sends nothing when the same form comes again', async () => {
    const { answer, sms } = await withReply()
    await answer('Oui.')
    expect((await answer('Oui.')).headers.get('location')).toBe(`${one}?said=repeated`)
    expect(sms.sent).toHaveLength(1)
    await answer('À jeudi.', '1')
    expect(sms.sent).toHaveLength(2)
  })

  test.each([
    ['a word of health (R28)', 'Vos résultats de biopsie sont prêts.', 'dit pourquoi le patient vient'],
    ['another’s address', 'Voyez https://exemple.com/x', 'seule une adresse de rdv.example'],
    ['no word', '   ', 'ce texte est vide'],
    ['more than three texts', 'a'.repeat(500), 'ce texte est trop long'],
  ])('refuses %s, and keeps what was typed', async (_what, text, why) => {
    const { answer, sms, found } = await withReply()
    const refused = await answer(text)
    expect(refused.status).toBe(422)
    const shown = await refused.text()
    expect(shown).toContain(why)
    expect(shown).toContain(text.trim().slice(0, 20))
    expect([sms.sent, (await found())?.answers]).toEqual([[], undefined])
  })

  it('texts nobody who said STOP (R27), nor a wrong number', async () => {
    const { answer, sms, store, clock } = await withReply()
    await store.transact((tx) => tx.optOuts.add('tilleuls', 'sms', contact, clock.now()))
    expect(await said(answer('Oui.'))).toContain('ce numéro a répondu STOP')
    await store.transact((tx) => tx.optOuts.remove('tilleuls', 'sms', contact))
    await store.transact((tx) => tx.wrongNumbers.mark('tilleuls', contact, clock.now()))
    expect(await said(answer('Oui.'))).toContain('ce numéro n’est pas celui du patient')
    expect(sms.sent).toEqual([])
  })

  it('shows what would go and what it costs, and sends nothing', async () => {
    const { answer, sms } = await withReply()
    const shown = await said(answer('Oui.', '0', 'preview'))
    expect(shown).toMatch(/Ce qui part · 1 SMS, 0,05.\$ Clinique des Tilleuls: Oui\./)
    expect(sms.sent).toEqual([])
  })

  it('says when the provider would not have it', async () => {
    const { answer, sms, found } = await withReply()
    sms.outcomes.push({ kind: 'rejected', reason: 'twilio_30006' })
    expect(await said(answer('Oui.'))).toContain('La réponse n’est pas partie : ce numéro ne reçoit pas de SMS.')
    expect((await found())?.answers).toMatchObject([{ outcome: 'rejected' }])
  })

  it('is put away, and taken back', async () => {
    const { post, get, found } = await withReply()
    const done = await post(`${one}/done`, {}, secretary)
    const after = await (await get(done.headers.get('location') ?? '', secretary)).text()
    expect(after).toContain('Aucune réponse en attente.')
    expect(after).toContain('reply%3ASM1/undo')
    expect((await found())?.doneAt).toBeDefined()
    await post(`${one}/undo`, {}, secretary)
    expect((await found())?.doneAt).toBeUndefined()
    expect(await said(get(page, secretary))).toContain('Anne Roy')
  })

  it('lifts a wrong number that is right after all', async () => {
    const { post, store, read, clock } = await withReply({ kind: 'wrong_number' })
    await store.transact((tx) => tx.wrongNumbers.mark('tilleuls', contact, clock.now()))
    await post(`${one}/done`, { lift: 'on' }, secretary)
    expect(await read((tx) => tx.wrongNumbers.has('tilleuls', contact))).toBe(false)
  })

  test.each(['answer', 'done', 'undo'])('%s is not for readers, nor for another clinic', async (act) => {
    const { post } = await withReply()
    expect((await post(`${one}/${act}`, {}, signedIn('reader'))).status).toBe(403)
    expect((await post(`${one}/${act}`, {}, signedIn('admin', 'erables'))).status).toBe(404)
  })

  it('goes on page by page', async () => {
    const { get, store, clock } = await withReply()
    const at = (index: number): Temporal.Instant => clock.now().add({ minutes: index })
    await store.transact(async (tx) => {
      for (let index = 0; index < 60; index += 1)
        await tx.toDo.save(newToDo({ id: `reply:X${index}`, clinicId: 'tilleuls', kind: 'reply', text: 'x' }, at(index)))
    })
    const first = await (await get(page, secretary)).text()
    const next = /rel="next" href="([^"]+)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect([...(await (await get(next, secretary)).text()).matchAll(/inbox\/reply%3AX\d+"/g)]).toHaveLength(11)
  })
})

describe('the same by API', () => {
  const api = '/api/v1/inbox/reply%3ASM1'

  it('answers once, refuses what may not stand in a text, and takes back what was put away', async () => {
    const { call, sms, found } = await withReply()
    const refused = await call('appointments', `POST ${api}/answers`, { text: 'Vos résultats de biopsie' })
    expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'not_sent', reason: 'wording' }])
    for (let time = 0; time < 2; time += 1)
      expect((await call('appointments', `POST ${api}/answers`, { text: 'Oui.' }, { 'idempotency-key': 'once' })).status).toBe(200)
    expect(sms.sent).toHaveLength(1)
    await call('appointments', `POST ${api}/done`, {})
    expect((await call('appointments', `POST ${api}/reopen`)).status).toBe(200)
    expect((await found())?.doneAt).toBeUndefined()
    expect((await call('reader', `POST ${api}/reopen`)).status).toBe(403)
  })
})
