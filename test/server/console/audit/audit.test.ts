import { describe, expect, it, test, vi } from 'vitest'
import { auditCsv } from '../../../../src/server/audit/csv.ts'
import { connect } from '../../../../src/store/sqlite-connection.ts'
import { bookedChange } from '../../../support/clinic.ts'
import { signedIn } from '../../../support/console.ts'
import { openRappel } from '../../../support/rappel.ts'

const page = '/console/audit'
const admin = signedIn('admin')
const operator = signedIn('operator', 'all')

const said = async (answer: Response | Promise<Response>): Promise<string> =>
  (await (await answer).text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

async function withActs() {
  const rappel = await openRappel()
  await rappel.hear(bookedChange())
  const act = (action: string, subject: string, at: string) =>
    rappel.store.transact((tx) => tx.audit.append({ at: rappel.clock.now().add({ hours: Number(at) }), actor: 'user:u1', action, subject }))
  await act('settings.changed', 'tilleuls', '24')
  await act('settings.changed', 'erables', '48')
  await act('user.added', 'user:u2', '49')
  return rappel
}

describe('the audit log (R31)', () => {
  it('is searched by who, what, on what and when; ids alone are in it', async () => {
    const { get } = await withActs()
    const all = await said(get(page, operator))
    expect(all).toMatch(
      /user\.added user:u2 .* settings\.changed erables .* settings\.changed tilleuls .* appointment\.changed tilleuls:A1/,
    )
    expect(all).not.toMatch(/Roy|418/)
    const found = async (query: string) => (await said(get(`${page}?${query}`, operator))).match(/(settings|user|appointment)\.\w+ [\w:]+/g)
    expect(await found('action=settings.')).toEqual(['settings.changed erables', 'settings.changed tilleuls'])
    expect(await found('actor=connector:')).toEqual(['appointment.changed tilleuls:A1'])
    expect(await found('subject=user:u2')).toEqual(['user.added user:u2'])
    expect(await found('from=2026-11-26&until=2026-11-26')).toEqual(['settings.changed tilleuls'])
  })

  it('shows administrators of one clinic what is of it, and no more', async () => {
    const { get } = await withActs()
    const own = await said(get(page, admin))
    expect(own).toContain('settings.changed tilleuls')
    expect(own).toContain('appointment.changed tilleuls:A1')
    expect(own).not.toMatch(/erables|user:u2/)
    for (const role of ['appointments', 'reader', 'integrator'] as const) expect((await get(page, signedIn(role))).status).toBe(403)
  })

  it('goes on page by page, each row once', async () => {
    const { get, store, clock } = await openRappel()
    for (let number = 1; number <= 120; number++)
      await store.transact((tx) => tx.audit.append({ at: clock.now(), actor: 'user:u1', action: 'walked', subject: `tilleuls:${number}` }))
    const seen: string[] = []
    for (let next: string | undefined = page; next !== undefined; ) {
      const html: string = await (await get(next, operator)).text()
      seen.push(...[...html.matchAll(/subject=tilleuls%3A(\d+)/g)].map(([, number = '']) => number))
      next = /rel="next" href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')
    }
    expect(seen).toEqual(Array.from({ length: 120 }, (_, index) => String(120 - index)))
  })

  const verified = async (rappel: Awaited<ReturnType<typeof withActs>>) => {
    await rappel.post(`${page}/verify`, {}, operator)
    return vi.waitFor(async () => {
      const shown = await said(rappel.get(page, operator))
      expect(shown).toMatch(/La chaîne est (entière|rompue)/)
      return shown
    })
  }

  it('is verified on request: whole while nobody touched it', async () => {
    const rappel = await withActs()
    expect(await verified(rappel)).toMatch(/La chaîne est entière : \d+ lignes vérifiées/)
    expect(await rappel.read((tx) => tx.audit.latest(1))).toMatchObject([{ action: 'audit.verified', detail: { faulty: 0 } }])
  })

  it('names the first row that was edited behind its back', async () => {
    const rappel = await withActs()
    const [last] = await rappel.read((tx) => tx.audit.latest(1))
    const behind = await connect({ path: rappel.path })
    behind.query('update audit set doc = replace(doc, ?, ?) where seq = ?', ['user:u1', 'user:u9', last?.seq ?? 0])
    behind.close()
    expect(await verified(rappel)).toContain(`ligne ${last?.seq}, modifiée`)
  })

  it('is taken as CSV, and that is in it too', async () => {
    const { get, read } = await withActs()
    const file = await get('/console/audit.csv?action=settings.', operator)
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="audit.csv"')
    expect((await file.text()).split('\r\n').slice(0, 2)).toEqual([
      'seq,at,actor,action,subject,detail',
      expect.stringMatching(/^\d+,2026-11-27T15:00:00Z,user:u1,settings\.changed,erables,$/),
    ])
    expect(await read((tx) => tx.audit.latest(1))).toMatchObject([{ action: 'audit.exported', detail: { rows: 2 } }])
  })

  test.each(['=1+1', '+1', '-1', '@x', '\tx'])('R24: %s is no formula in a spreadsheet', async (subject) => {
    const { clock } = await openRappel()
    const row = auditCsv([{ seq: 1, at: clock.now(), actor: 'a', action: 'b', subject }]).split('\r\n')[1]
    expect(row).toContain(`,'${subject},`)
  })
})
