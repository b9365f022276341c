import { describe, expect, it, test } from 'vitest'
import { bookedChange, email, landline, start } from '../../support/clinic.ts'
import { signedIn } from '../../support/console.ts'
import { openRappel, type Rappel } from '../../support/rappel.ts'

const base = '/console/clinics/tilleuls'
const reader = signedIn('reader')
const secretary = signedIn('appointments')
const one = `${base}/appointments/tilleuls%3AA1`

/** As it is read: without tags, with plain spaces. */
const said = async (answer: Response | Promise<Response>): Promise<string> =>
  (await (await answer).text())
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ')

const rowsOf = (page: string): number => [...page.matchAll(/<th scope="row">/g)].length

/** Mme Roy has an appointment that her agenda's switches keep silent by text. */
async function withRoy(): Promise<Rappel> {
  const rappel = await openRappel()
  await rappel.hear(
    bookedChange({
      patient: { ehrId: 'P1', name: { given: 'Anne', family: 'Roy' }, birthDate: '1961-05-04', contacts: [landline, email] },
    }),
  )
  return rappel
}

describe('appointments are found', () => {
  test.each([
    ['by the beginning of a name, without its accent', 'ro'],
    ['by first name and name', 'Anne Roy'],
    ['by a phone as it is dialled', '418 555-0100'],
    ['by a phone with its country', '+1 418 555 0100'],
    ['by birth date', '1961-05-04'],
    ['by birth date, the day first', '4/5/1961'],
    ['by the number at the EHR', 'A1'],
    ['by our own number', 'tilleuls:A1'],
  ])('%s', async (_how, q) => {
    const { post } = await withRoy()
    const answer = await post(`${base}/appointments`, { q }, reader)
    expect(answer.status).toBe(200)
    const page = await answer.text()
    expect(rowsOf(page)).toBe(1)
    expect(page).toContain('Anne Roy')
    expect(page).toContain(one)
  })

  test.each(['Tremblay', '418 555-0199', '1961-05-05', 'A2', ''])('but not by %j', async (q) => {
    const { post } = await withRoy()
    expect(rowsOf(await (await post(`${base}/appointments`, { q }, reader)).text())).toBe(0)
  })

  it('in nobody else’s clinic', async () => {
    const { post, get } = await withRoy()
    const other = signedIn('admin', 'erables')
    expect((await post(`${base}/appointments`, { q: 'Roy' }, other)).status).toBe(404)
    expect((await get('/console/clinics/erables/appointments/tilleuls%3AA1', other)).status).toBe(404)
    expect((await get(one, other)).status).toBe(404)
  })

  test.each([
    ['from that day on', '', 1],
    ['from the day before', '?date=2026-11-25', 1],
    ['not after it', '?date=2026-11-27', 0],
    ['in its agenda', '?date=2026-11-26&agenda=moreau', 1],
    ['in no other', '?date=2026-11-26&agenda=ouellet', 0],
    ['for its motif', '?date=2026-11-26&motif=CONSULT', 1],
    ['for no other', '?date=2026-11-26&motif=SUIVI', 0],
    ['in its state', '?state=open', 1],
    ['in no other', '?state=cancelled', 0],
    ['whatever nonsense is asked for', '?date=2026-02-31&state=x&start=y&after=z', 1],
  ])('by day: %s', async (_what, query, count) => {
    const { get } = await withRoy()
    expect(rowsOf(await (await get(`${base}/appointments${query}`, reader)).text())).toBe(count)
  })

  it('page by page, each once', async () => {
    const { get, hear } = await openRappel()
    for (let index = 0; index < 120; index += 1)
      await hear(
        bookedChange({ ehrId: `B${index}`, time: { start: start.add({ minutes: 10 * (index % 7) }) }, patient: { ehrId: `P${index}` } }),
      )
    const seen: string[] = []
    for (let next: string | undefined = `${base}/appointments?state=open`; next !== undefined; ) {
      const page = await (await get(next, reader)).text()
      seen.push(...[...page.matchAll(/appointments\/tilleuls%3A(B\d+)"/g)].map(([, id = '']) => id))
      next = /rel="next" href="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&')
    }
    expect([seen.length, new Set(seen).size]).toEqual([120, 120])
  })

  it('and no address or title of theirs names anybody', async () => {
    const { post, get } = await withRoy()
    for (const answer of [await post(`${base}/appointments`, { q: 'Roy' }, reader), await get(one, reader)]) {
      const page = await answer.text()
      expect(/<title>([^<]*)/.exec(page)?.[1]).not.toMatch(/Roy|Anne/)
      expect([...page.matchAll(/(?:href|action)="([^"]*)"/g)].map(([, address]) => address).join(' ')).not.toMatch(/Roy|0100|1961/)
    }
  })
})

describe('one appointment', () => {
  it('says of each message whether it went, and by the decision’s own words why not (D30)', async () => {
    const { get, send, app } = await withRoy()
    await send()
    const page = await said(get(one, reader))
    expect(page).toContain('Anne Roy, jeudi 26 novembre à 9 h 40')
    expect(page).toMatch(/E-mail de confirmation Envoyé/)
    expect(page).toContain('SMS de confirmation Non envoyé')
    expect(page).toContain('SMS de rappel Pas prévu')
    expect(page).toContain('le dossier n’a que des numéros qui ne reçoivent pas de SMS')
    expect(page).toContain('Maintenant, mercredi 25 novembre à 10 h')
    expect(page).toContain('À r…@example.org')
    expect(page, 'its address is masked').not.toContain('roy@example.org')
    const english = await said(app.request(`${one}?lang=en`, { headers: reader }))
    expect(english).toContain('Confirmation e-mail Sent')
    expect(english).toContain('Why?')
  })

  it('shows how an answer went to the chart, step by step', async () => {
    const { get, send, post, lastToken, basisShown, bring, hear } = await openRappel()
    await hear(bookedChange())
    await send()
    const token = lastToken()
    await post(`/${token}/confirm`, { basis: await basisShown(token) })
    expect(await said(get(one, reader))).toContain('Le patient confirme À porter au DSE Demandé 10 h en attente du DSE')
    await bring()
    expect(await said(get(one, reader))).toMatch(/Le patient confirme (Accepté par|Relu dans) le DSE Demandé 10 h Accepté 10 h/)
  })

  it('sends a message that somebody asks for, once however often the form is sent (O6)', async () => {
    const { get, post, notifications, woken } = await withRoy()
    const form = await (await get(one, secretary)).text()
    const key = /name="key" value="([^"]+)"/.exec(form)?.[1] ?? ''
    for (const expected of ['planned', 'repeated']) {
      const answer = await post(`${one}/messages`, { channel: 'email', key }, secretary)
      expect([answer.status, answer.headers.get('location')]).toEqual([303, `${one}?said=${expected}`])
    }
    expect((await notifications()).filter(({ kind }) => kind === 'manual')).toHaveLength(1)
    expect(woken).toContain('planned')
    expect(await said(get(`${one}?said=planned`, secretary))).toContain('Le message part maintenant.')
  })

  it('says why a message by hand does not go', async () => {
    const { get, post } = await withRoy()
    const answer = await post(`${one}/messages`, { channel: 'sms' }, secretary)
    expect(await said(get(answer.headers.get('location') ?? '', secretary))).toContain(
      'Le message n’est pas parti : le dossier n’a que des numéros qui ne reçoivent pas de SMS.',
    )
  })

  it('is released once a person has looked (V2-ID-4)', async () => {
    const { get, post, hear, appointment } = await withRoy()
    await hear(bookedChange({ patient: { ehrId: 'P2', name: { given: 'Luc', family: 'Roy' } } }, 5))
    const page = await said(get(one, secretary))
    expect(page).toContain('Ce rendez-vous est retenu Le DSE a mis un autre patient à ce rendez-vous.')
    expect(await said(get(one, reader)), 'a reader looks only').not.toContain('Libérer')
    const answer = await post(`${one}/holds/release`, {}, secretary)
    expect(answer.headers.get('location')).toBe(`${one}?said=released`)
    expect((await appointment())?.holds).toEqual([])
    expect(await said(get(one, secretary))).toContain('Vérifié et libéré par le personnel')
  })

  test.each(['messages', 'holds/release'])('a reader may not post %s', async (act) => {
    const { post } = await withRoy()
    expect((await post(`${one}/${act}`, {}, reader)).status).toBe(403)
  })
})
