import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { bookedChange } from '../../support/clinic.ts'
import { signedIn } from '../../support/console.ts'
import { openRappel } from '../../support/rappel.ts'
import { openReceiver } from '../webhooks/receiver.ts'

const page = '/console/clinics/tilleuls/webhooks'
const admin = signedIn('admin')

const said = async (answer: Response | Promise<Response>): Promise<string> =>
  (await (await answer).text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

const secretIn = (html: string) => /value="(whsec_[^"]+)"/.exec(html)?.[1]?.replaceAll('&#x3D;', '=') ?? ''

/** A clinic that tells another system of the messages it sends, as somebody set it up by the page. */
async function openTold() {
  const [rappel, receiver] = [await openRappel({ now: new Date(Math.floor(Date.now() / 1000) * 1000).toISOString() }), await openReceiver()]
  const made = await rappel.post(page, { url: receiver.url, description: 'Entrepôt', events: 'notification.sent' }, admin)
  const shown = await made.text()
  const [endpoint] = await rappel.read((tx) => tx.webhooks.ofClinic('tilleuls', 20))
  if (!endpoint) throw new Error('no endpoint')
  const one = `${page}/${endpoint.id}`
  const act = (fields: Record<string, string>) => rappel.post(one, fields, admin)
  const afterwards = async (answer: Promise<Response> | Response) => said(rappel.get((await answer).headers.get('location') ?? '', admin))
  const look = (state: string) => said(rappel.get(`${one}?state=${state}`, admin))
  const endpointNow = () => rappel.read((tx) => tx.webhooks.find(endpoint.id))
  const history = () => rappel.read((tx) => tx.audit.latest(50))
  return { ...rappel, receiver, made, shown, secret: secretIn(shown), endpoint, one, act, afterwards, look, endpointNow, history }
}

describe('webhooks in the console', () => {
  it('say what they are where there is none, in both languages', async () => {
    const { get } = await openRappel()
    expect(await said(get(page, admin))).toContain('Aucun système n’est prévenu.')
    expect(await said(get(`${page}?lang=en`, admin))).toContain('No system is told.')
  })

  it('show the secret once, on the answer to the form, and it signs what is sent', async () => {
    const { made, shown, secret, get, one, hear, send, tell, receiver } = await openTold()
    expect([made.status, made.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(shown).toContain('data-copy="Copier"')
    expect(shown).toContain('readonly')
    await hear(bookedChange())
    await send()
    await tell()
    const [first] = receiver.received
    if (!first) throw new Error('nothing came')
    expect(new Webhook(secret).verify(first.body, first.headers as Record<string, string>)).toMatchObject({ type: 'notification.sent' })
    for (const address of [page, one]) expect(await (await get(address, admin)).text()).not.toContain('whsec_')
  })

  it('are what the API shows, and what the API adds is shown', async () => {
    const { call, endpoint, get, receiver } = await openTold()
    expect(await (await call('admin', 'GET /api/v1/clinics/tilleuls/webhooks')).json()).toMatchObject({
      items: [{ id: endpoint.id, url: receiver.url, description: 'Entrepôt', events: ['notification.sent'], state: 'enabled' }],
    })
    await call('admin', 'POST /api/v1/clinics/tilleuls/webhooks', { url: 'https://hooks.example/autre' })
    expect(await said(get(page, admin))).toContain('https://hooks.example/autre Tous Actif')
  })

  it('show what failed and with which answer, and tell it again by the same id', async () => {
    const { hear, send, tell, receiver, look, act, afterwards, clock } = await openTold()
    receiver.answers.push(500, 410)
    await hear(bookedChange({ patient: { ehrId: 'P1', contacts: [{ kind: 'email', value: 'roy@example.com' }] } }))
    await send()
    await tell()
    expect(await look('pending')).toMatch(/En attente HTTP 500 1 essai Prochain essai/)
    clock.advance({ seconds: 5 })
    await tell()
    expect(await look('failed')).toMatch(/Message envoyé msg_\S+ En échec HTTP 410 2 essais/)
    expect(await look('failed'), 'it is off by itself').toContain('l’adresse a répondu qu’elle n’existe plus (410)')

    expect(await afterwards(act({ do: 'resume' }))).toContain('L’adresse est de nouveau prévenue.')
    const event = String(receiver.received[0]?.headers['webhook-id'])
    expect(await afterwards(act({ do: 'again', event, state: 'failed' }))).toContain('Un fait est renvoyé.')
    await tell()
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([event, event, event])
    expect(await afterwards(act({ do: 'again', event: 'msg_nothing', state: 'failed' }))).toContain('Rien n’a changé')
  })

  it('tell a time span again, and refuse one that ends before it begins', async () => {
    const { hear, send, tell, receiver, act, afterwards, clock, settings } = await openTold()
    await hear(bookedChange())
    await send()
    await tell()
    const before = receiver.received.length
    const hour = (hours: number) =>
      clock.now().add({ hours }).toZonedDateTimeISO(settings.clinic.zone).toPlainDateTime().toString().slice(0, 16)
    const wrong = await act({ do: 'replay', from: hour(1), until: hour(-1) })
    expect([wrong.status, await said(wrong)]).toEqual([422, expect.stringContaining('Donnez deux moments')])
    expect(await afterwards(act({ do: 'replay', from: hour(-1), until: hour(1) }))).toContain(`${before} faits sont renvoyés.`)
    await tell()
    expect(receiver.received).toHaveLength(2 * before)
  })

  it('are changed, paused, given a new secret and removed, each with its line in the audit', async () => {
    const { act, afterwards, secret, endpointNow, history, receiver, get, one } = await openTold()
    expect(await afterwards(act({ do: 'change', url: receiver.url, description: '' }))).toContain('L’adresse est enregistrée.')
    expect(await endpointNow()).toMatchObject({ events: [], state: 'enabled' })
    expect(await endpointNow()).not.toHaveProperty('description')
    expect(await afterwards(act({ do: 'pause' }))).toContain('mis en pause par une personne')
    const rotated = secretIn(await (await act({ do: 'rotate' })).text())
    expect(rotated).toMatch(/^whsec_/)
    expect(rotated).not.toBe(secret)
    expect(await afterwards(act({ do: 'remove' }))).toContain('L’adresse est retirée.')
    expect(await endpointNow()).toBeUndefined()
    expect((await get(one, admin)).status).toBe(404)
    const acts = (await history()).map(({ action }) => action).filter((action) => action.startsWith('webhook.'))
    expect(acts.sort()).toEqual(['webhook.added', 'webhook.changed', 'webhook.changed', 'webhook.removed', 'webhook.rotated'])
  })

  it('go nowhere they may not (R23): what was typed stays, and says why', async () => {
    const { post, read } = await openRappel()
    for (const [url, why] of [
      ['https://nom:mot@hooks.example/', 'Retirez le nom et le mot de passe'],
      ['ftp://hooks.example/', 'commence par https://'],
      ['pas une adresse', 'commence par https://'],
    ] as const) {
      const answer = await post(page, { url, description: 'Entrepôt' }, admin)
      expect(answer.status).toBe(422)
      const html = await answer.text()
      expect(html).toContain(why)
      expect(html).toContain(`value="${url}"`)
    }
    expect(await read((tx) => tx.webhooks.ofClinic('tilleuls', 20))).toEqual([])
  })

  it('are no other role’s, and no other clinic’s (R22)', async () => {
    const { get, post, one, endpointNow } = await openTold()
    for (const role of ['appointments', 'reader', 'integrator'] as const) expect((await get(one, signedIn(role))).status).toBe(403)
    expect((await get(one, signedIn('admin', 'erables'))).status).toBe(404)
    expect((await post(one.replace('tilleuls', 'erables'), { do: 'remove' }, signedIn('admin', 'erables'))).status).toBe(404)
    expect(await endpointNow()).toBeDefined()
  })
})
