import { describe, expect, it, test } from 'vitest'
import { bookedChange, landline } from '../../support/clinic.ts'
import { signedIn } from '../../support/console.ts'
import { openRappel } from '../../support/rappel.ts'

const base = '/console/clinics/tilleuls'
const page = `${base}/to-call`
const reader = signedIn('reader')
const secretary = signedIn('appointments')

const said = async (answer: Response | Promise<Response>): Promise<string> =>
  (await (await answer).text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

/** M. Roy has a landline alone, was told by telephone that he is expected, and his visit is off. */
async function toCall() {
  const rappel = await openRappel()
  const patient = { ehrId: 'P1', name: { given: 'Luc', family: 'Roy' }, contacts: [landline] }
  await rappel.hear(bookedChange({ patient }))
  await rappel.send()
  await rappel.hear(bookedChange({ patient, status: { value: 'cancelled', cancelKind: 'cancelled' } }, 5))
  await rappel.send()
  const [entry] = await rappel.read((tx) => tx.toCall.open('tilleuls', 10))
  if (!entry) throw new Error('nobody to call')
  return { ...rappel, entry: `${page}/${encodeURIComponent(entry.id)}` }
}

describe('the list of calls (D12)', () => {
  it('says who, when, by which number, what to say and why no message does', async () => {
    const { get } = await toCall()
    const shown = await said(get(page, secretary))
    expect(shown).toContain('jeudi 26 novembre à 9 h 40')
    expect(shown).toContain('Luc Roy 418 555-0100 Ce rendez-vous est annulé : ne pas venir')
    expect(shown).toContain('Le dossier n’a que des numéros qui ne reçoivent pas de SMS')
    expect(shown, 'the menu counts them').toContain('À appeler 1')
    expect(await said(get(`${page}?lang=en`, secretary))).toContain('This appointment is cancelled: do not come')
  })

  it('shows readers that there is a number, not which, and nothing to press', async () => {
    const { get } = await toCall()
    const shown = await said(get(page, reader))
    expect(shown).toContain('••• 0100')
    expect(shown).not.toMatch(/418|Appelé/)
  })

  it('is ticked, and a tick can be taken back', async () => {
    const { get, post, entry, read, woken } = await toCall()
    const told = await read((tx) => tx.told.find('tilleuls:A1'))
    const ticked = await post(`${entry}/done`, {}, secretary)
    expect(ticked.status).toBe(303)
    const after = await (await get(ticked.headers.get('location') ?? '', secretary)).text()
    expect(after).toContain('Appel noté.')
    expect(after).toContain('Personne à appeler.')
    expect(woken).toContain('planned')
    expect(await said(get(`${base}/appointments/tilleuls%3AA1`, secretary))).toContain('Appelé par téléphone')

    const undone = await post(`${entry}/undo`, {}, secretary)
    expect(await said(get(undone.headers.get('location') ?? '', secretary))).toContain('Luc Roy')
    expect(await read((tx) => tx.told.find('tilleuls:A1'))).toEqual(told)
    const acts = (await read((tx) => tx.audit.of('tilleuls:A1', 2))).map(({ action }) => action)
    expect(acts).toEqual(['to-call.reopened', 'to-call.done'])
  })

  it('ticked twice is called once; what was never ticked is not taken back', async () => {
    const { post, entry, read } = await toCall()
    await post(`${entry}/undo`, {}, secretary)
    await post(`${entry}/done`, {}, secretary)
    await post(`${entry}/done`, {}, secretary)
    const acts = (await read((tx) => tx.audit.of('tilleuls:A1', 20))).filter(({ action }) => action.startsWith('to-call.'))
    expect(acts.map(({ action }) => action)).toEqual(['to-call.done', 'to-call.added'])
  })

  test.each(['done', 'undo'])('%s is not for readers, nor for another clinic', async (act) => {
    const { post, entry } = await toCall()
    expect((await post(`${entry}/${act}`, {}, reader)).status).toBe(403)
    expect((await post(`${entry}/${act}`, {}, signedIn('admin', 'erables'))).status).toBe(404)
    expect((await post(`${page}/nobody/${act}`, {}, secretary)).status).toBe(404)
  })
})
