import { describe, expect, it, test } from 'vitest'
import type { Role } from '../../../src/core/access.ts'
import { bookedChange, clinicSettings, landline } from '../../support/clinic.ts'
import { signedIn } from '../../support/console.ts'
import { openRappel } from '../../support/rappel.ts'

const page = '/console/clinics/tilleuls/dashboard'
const secretary = signedIn('appointments')

const said = async (answer: Response | Promise<Response>): Promise<string> =>
  (await (await answer).text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

describe('the dashboard', () => {
  it('says that nothing waits, and draws nothing but axes, on the first day', async () => {
    const { get } = await openRappel()
    const shown = await said(get(page, secretary))
    expect(shown).toContain('Rien n’attend une personne.')
    expect(shown).toContain('Aucun échec sur la période.')
    expect(shown).not.toMatch(/NaN|Infinity|undefined/)
  })

  it('is where one begins', async () => {
    const { get } = await openRappel()
    expect((await get('/console', secretary)).headers.get('location')).toBe(page)
  })

  it('puts what needs a person first, each with its link', async () => {
    const { get, hear, send } = await openRappel()
    const patient = { ehrId: 'P1', name: { given: 'Luc', family: 'Roy' }, contacts: [landline] }
    await hear(bookedChange({ patient }))
    await send()
    await hear(bookedChange({ patient, status: { value: 'cancelled', cancelKind: 'cancelled' } }, 5))
    await send()
    const html = await (await get(page, secretary)).text()
    expect(html).toMatch(/<b class="num">1<\/b><div><a href="\/console\/clinics\/tilleuls\/to-call">Patients à appeler/)
    expect(await said(get(page, secretary))).toContain('Le plus proche : jeudi 26 novembre à 9 h 40.')
  })

  it('counts what was sent and what came of the appointments, with the numbers under each plot', async () => {
    const { get, hear, send, post, lastToken, basisShown, bring, clock } = await openRappel({
      settings: clinicSettings({
        smsBudget: 10_000,
        agendas: { moreau: { ...clinicSettings().agendas.moreau, label: 'Dre Moreau' } as never },
      }),
    })
    for (const [index, ehrId] of ['A1', 'A2', 'A3', 'A4'].entries())
      await hear(
        bookedChange({
          ehrId,
          patient: { ...bookedChange().patient, ehrId: `P${index}`, contacts: [{ kind: 'email', value: `p${index}@example.org` }] },
        }),
      )
    await send()
    const token = lastToken()
    await post(`/${token}/confirm`, { basis: await basisShown(token) })
    await bring()
    await hear(
      bookedChange(
        { ehrId: 'A1', status: { value: 'cancelled', cancelKind: 'excused' }, patient: { ...bookedChange().patient, ehrId: 'P0' } },
        9,
      ),
    )
    clock.advance({ hours: 48 })
    await hear(bookedChange({ ehrId: 'A2', status: { value: 'noshow' }, patient: { ...bookedChange().patient, ehrId: 'P1' } }, 99))
    const shown = await said(get(page, secretary))
    expect(shown).toContain('Rendez-vous confirmés 25 % des 4 rendez-vous')
    expect(shown).toContain('Absences sans prévenir 25 %')
    expect(shown).toMatch(/25 nov\. 0 4 0/)
    expect(shown).toMatch(/26 nov\. 25 25 25/)
    expect(shown).toMatch(/Dre Moreau 4 0 % 0 4 25 % 25 % 25 %/)
    expect(shown).toContain('Le plus souvent 12–24 h avant le rendez-vous.')
    expect(shown).toMatch(/SMS en nov\. 0 \$ 0 % du budget de 1 \$/)
    expect((await (await get(page, secretary)).text()).match(/<svg class="plot"/g)).toHaveLength(4)
    const motif = await said(get(`${page}?by=motif&period=30`, secretary))
    expect(motif).toMatch(/CONSULT 4 0 % 0 4/)
  })

  it('draws each plot with a title, a description and a table, and says where there is nothing to draw yet (design.md)', async () => {
    const { get } = await openRappel()
    const html = await (await get(`${page}?lang=en`, secretary)).text()
    const plots = html.match(/<figure[\s\S]*?<\/figure>/g) ?? []
    expect(plots).toHaveLength(4)
    const drawn = plots.filter((plot) => plot.includes('<svg'))
    expect([drawn.length, plots.filter((plot) => !drawn.includes(plot) && /<p class="hint">.+<\/p>/.test(plot)).length]).toEqual([2, 2])
    for (const plot of drawn) {
      expect(plot).toMatch(/role="img" aria-labelledby="[\w-]+-t [\w-]+-d"/)
      expect(plot).toMatch(/<title id="[^"]+">.+<\/title><desc id="[^"]+">.+<\/desc>/)
      expect(plot).toContain('See the figures')
    }
    expect(html).not.toContain('style=')
  })

  test.each(['14', '30', '365', 'x'])('takes a period of %s', async (period) => {
    const { get } = await openRappel()
    expect((await get(`${page}?period=${period}&by=x&page=-3`, secretary)).status).toBe(200)
  })

  test.each<[Role, number]>([
    ['reader', 200],
    ['integrator', 403],
  ])('%s: %i', async (role, status) => {
    const { get } = await openRappel()
    expect((await get(page, signedIn(role))).status).toBe(status)
    expect((await get(page, signedIn(role, 'erables'))).status).toBe(status === 200 ? 404 : status)
  })
})
