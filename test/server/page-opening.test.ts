import { describe, expect, test } from 'vitest'
import { mintPageLink } from '../../src/server/patient-link.ts'
import { bookedChange } from '../support/clinic.ts'
import { signedIn } from '../support/console.ts'
import { openRappel, type RappelOptions } from '../support/rappel.ts'

const visit = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
const appointmentPage = '/console/clinics/tilleuls/appointments/tilleuls%3AA1'

async function openTold(options: RappelOptions = {}) {
  const rappel = await openRappel({ now: '2026-11-25T13:00:00Z', ...options })
  await rappel.hear(bookedChange())
  await rappel.send()
  const token = rappel.lastToken()
  const openings = async () => (await rappel.read((tx) => tx.audit.of('tilleuls:A1', 100))).filter(({ action }) => action === 'page.opened')
  const open = (headers: Record<string, string> = visit, method = 'GET') => rappel.app.request(`/${token}`, { method, headers })
  return { ...rappel, token, openings, open }
}

describe('the page of a message that is opened', () => {
  test('is on the timeline once, as opened and not as read, by console and API', async () => {
    const { open, openings, get, call, clock, notifications } = await openTold()
    expect(await (await get(appointmentPage, signedIn('reader'))).text()).not.toContain('Page ouverte')
    clock.advance({ minutes: 41 })
    await open()
    clock.advance({ minutes: 5 })
    await open()
    expect(await openings()).toMatchObject([{ actor: 'link', subject: 'tilleuls:A1' }])
    const shown = (await (await get(appointmentPage, signedIn('reader'))).text()).replaceAll(/\s+/g, ' ')
    expect(shown).toContain('Page ouverte le mercredi 25 novembre à 8 h 41')
    expect(shown).toContain('par un logiciel qui vérifie les liens')
    expect(await (await get(`${appointmentPage}?lang=en`, signedIn('reader'))).text()).toContain('by a program that checks links')
    const { opened } = (await (await call('reader', 'GET /api/v1/appointments/tilleuls:A1/decisions')).json()) as {
      opened: readonly { notificationId: string }[]
    }
    expect(opened).toEqual([{ at: '2026-11-25T13:41:00Z', notificationId: expect.any(String) }])
    expect((await notifications()).map(({ id }) => id)).toContain(opened[0]?.notificationId)
  })

  test.each<[string, Record<string, string>, string]>([
    ['fetched ahead', { ...visit, 'sec-purpose': 'prefetch' }, 'GET'],
    ['fetched ahead by an older browser', { purpose: 'prefetch' }, 'GET'],
    ['read by a script', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }, 'GET'],
    ['shown inside a mail', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }, 'GET'],
    ['asked for its head', visit, 'HEAD'],
  ])('and merely %s changes nothing (R26)', async (_, headers, method) => {
    const { open, dump } = await openTold()
    const before = await dump()
    expect((await open(headers, method)).status).toBe(200)
    expect(await dump()).toBe(before)
  })

  test('changes nothing of the appointment, the patient or what is to be sent (R26)', async () => {
    const { open, dump } = await openTold()
    const before = await dump()
    await open()
    const after = (await dump())
      .split('\n')
      .filter((line) => !line.includes('page.opened'))
      .join('\n')
      .replaceAll(/,?\\"openedAt\\":\\"[^\\]*\\"/g, '')
    expect(after).toBe(before)
  })

  test('is shown all the same where nothing can be written', async () => {
    const { open, openings, failCommits } = await openTold()
    failCommits(1)
    expect((await open()).status).toBe(200)
    expect(await openings()).toEqual([])
    await open()
    expect(await openings()).toHaveLength(1)
  })

  test('from the list of other appointments is nobody’s message', async () => {
    const { store, clock, app, openings } = await openTold()
    const token = await store.transact(async (tx) => {
      const [appointment, patient] = [await tx.appointments.find('tilleuls:A1'), await tx.patients.find('tilleuls:P1')]
      if (!appointment || !patient) throw new Error('nobody')
      return mintPageLink(tx, appointment, patient, clock.now())
    })
    expect((await app.request(`/${token}`, { headers: visit })).status).toBe(200)
    expect(await openings()).toEqual([])
  })
})
