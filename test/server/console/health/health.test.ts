import { describe, expect, it } from 'vitest'
import { signedIn } from '../../../support/console.ts'
import { openRappel } from '../../../support/rappel.ts'

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

  it('is for administrators, integrators and operators; another clinic’s alarms are theirs', async () => {
    const { get, ingest, ehr } = await openRappel()
    await ingest.receive(ehr.envelope({ kind: 'unreadable', fault: { kind: 'content', code: '101', at: 'SCH-2', text: 'missing' } }))
    for (const role of ['appointments', 'reader'] as const) expect((await get(page, signedIn(role))).status).toBe(403)
    for (const role of ['admin', 'integrator'] as const) expect((await get(page, signedIn(role))).status).toBe(200)
  })
})
