import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { newDelivery } from '../../../../src/core/webhook.ts'
import { aToDo } from '../../../store/samples.ts'
import { signedIn } from '../../../support/console.ts'
import { openRappel, tokenOf } from '../../../support/rappel.ts'

const page = '/console/health'
const operator = signedIn('operator', 'all')

const said = async (answer: Response | Promise<Response>): Promise<string> =>
  (await (await answer).text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

describe('health (R37)', () => {
  it('says that all is well, how deep the queues are, and what runs', async () => {
    const { get } = await openRappel()
    const shown = await said(get(page, operator))
    expect(shown).toContain('Aucune alarme.')
    expect(shown).toContain('Envoi dû le plus ancien aucun rien n’est en retard')
    expect(shown).toContain('Clinique des Tilleuls : version 1')
    expect(shown).toContain('Canaux sms, email')
    expect(await said(get(page, { ...operator, 'accept-language': 'en' }))).toContain('No alarm.')
  })

  it('names every alarm with its fix, and leads to it: as /readyz does', async () => {
    const { get, ingest, ehr } = await openRappel()
    await ingest.receive(ehr.envelope({ kind: 'unreadable', fault: { kind: 'content', code: '101', at: 'SCH-2', text: 'missing' } }))
    const html = await (await get(page, operator)).text()
    expect(html).toContain('<code>quarantine</code>')
    expect(html).toContain('href="/console/quarantine"')
    expect(await (await get('/readyz')).json()).toEqual({ status: 'ready', alarms: ['quarantine'] })
  })

  it('says what each loop did last, and which does not get on, as the API does', async () => {
    const at = (instant: string) => Temporal.Instant.from(instant)
    const { get, call } = await openRappel({
      now: '2026-11-25T15:00:00Z',
      loops: [
        { name: 'dispatch', state: 'done', startedAt: at('2026-11-25T14:59:00Z'), tookMs: 12, nextAt: at('2026-11-25T15:04:00Z') },
        {
          name: 'poll tilleuls',
          state: 'failed',
          startedAt: at('2026-11-25T14:59:59Z'),
          tookMs: 3,
          failingSince: at('2026-11-25T14:30:00Z'),
        },
      ],
    })
    const shown = await said(get(page, operator))
    expect(shown).toMatch(/Envoi des messages dispatch il y a 1 min 12 ms Bien 10 h 04/)
    expect(shown).toMatch(/Relève des changements : tilleuls poll tilleuls il y a 1 s 3 ms Échec/)
    expect(shown).toMatch(/Panne Une tâche du service n’avance plus. poll tilleuls/)
    expect(await (await call('reader', 'GET /api/v1/health')).json()).toMatchObject({
      well: false,
      alarms: [{ code: 'loop_stalled', subject: 'poll tilleuls', since: '2026-11-25T14:30:00Z' }],
      loops: [
        { name: 'dispatch', state: 'done', tookMs: 12 },
        { name: 'poll tilleuls', failingSince: '2026-11-25T14:30:00Z' },
      ],
    })
  })

  it('counts what goes no further by itself, with the fix beside it, as the API does; another clinic’s is theirs', async () => {
    const { get, call, app, ingest, ehr, store, clock } = await openRappel()
    await ingest.receive(ehr.envelope({ kind: 'unreadable', fault: { kind: 'content', code: '101', at: 'SCH-2', text: 'missing' } }))
    const since = clock.now()
    await store.transact(async (tx) => {
      await tx.toDo.save({ ...aToDo('refused'), clinicId: 'tilleuls', kind: 'write_back', createdAt: since })
      const made = { createdAt: since, createdBy: 'user:u1', events: [], secrets: [] }
      await tx.webhooks.save({ id: 'hook', clinicId: 'tilleuls', url: 'https://other.example/hook', state: 'enabled', ...made })
      const event = { id: 'event', clinicId: 'tilleuls', type: 'appointment.moved', at: since, data: {} } as const
      await tx.webhooks.insertEvent(event)
      await tx.webhooks.saveDelivery({ ...newDelivery('hook', event, since), state: 'failed' })
    })
    const shown = await said(get(page, operator))
    expect(shown).toMatch(/Messages du DSE illisibles tilleuls 1 .* Les ouvrir en quarantaine/)
    expect(shown).toMatch(/Réponses refusées par le DSE tilleuls 1 .* inscrire la réponse dans le DSE/)
    expect(shown).toMatch(/Annonces abandonnées hook 1 .* puis rejouer/)
    const health = (await (await call('reader', 'GET /api/v1/health')).json()) as { deadLetters: unknown[] }
    expect(health.deadLetters).toMatchObject([
      { kind: 'quarantine', subject: 'tilleuls', clinicId: 'tilleuls', count: 1, link: '/console/quarantine' },
      { kind: 'write_back', clinicId: 'tilleuls', count: 1, link: '/console/clinics/tilleuls/inbox' },
      { kind: 'webhook', subject: 'hook', count: 1, link: '/console/clinics/tilleuls/webhooks' },
    ])
    const theirs = await app.request('/api/v1/health', { headers: { authorization: `Bearer ${tokenOf('admin', 'erables')}` } })
    expect(await theirs.json()).toMatchObject({ deadLetters: [] })
  })

  it('is for administrators, integrators and operators; another clinic’s alarms are theirs', async () => {
    const { get, ingest, ehr } = await openRappel()
    await ingest.receive(ehr.envelope({ kind: 'unreadable', fault: { kind: 'content', code: '101', at: 'SCH-2', text: 'missing' } }))
    for (const role of ['appointments', 'reader'] as const) expect((await get(page, signedIn(role))).status).toBe(403)
    for (const role of ['admin', 'integrator'] as const) expect((await get(page, signedIn(role))).status).toBe(200)
  })
})
