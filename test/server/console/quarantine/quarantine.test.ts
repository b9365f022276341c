import { describe, expect, it, test, vi } from 'vitest'
import type { ReadResult } from '../../../../src/connectors/connector.ts'
import { showVerbatim } from '../../../../src/server/console/quarantine/verbatim.ts'
import { bookedChange } from '../../../support/clinic.ts'
import { signedIn } from '../../../support/console.ts'
import { openRappel } from '../../../support/rappel.ts'

const page = '/console/quarantine'
const integrator = signedIn('integrator')

const said = async (answer: Response | Promise<Response>): Promise<string> =>
  (await (await answer).text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

const unreadable: ReadResult = { kind: 'unreadable', fault: { kind: 'content', code: '101', at: 'SCH-25', text: 'unknown status word' } }

/** So many messages with one fault, which the mapping reads once it is mended. */
async function broken(count: number) {
  const rappel = await openRappel()
  let mended = false
  for (let number = 1; number <= count; number++)
    await rappel.ingest.receive(
      rappel.ehr.envelope(() => (mended ? { kind: 'changes', changes: [bookedChange({ ehrId: `A${number}` })] } : unreadable)),
    )
  const rows = await rappel.read((tx) => tx.inbox.quarantined({ limit: 50 }))
  const [first] = rows
  if (!first) throw new Error('nothing is in quarantine')
  const mend = () => {
    mended = true
  }
  return { ...rappel, one: `${page}/${first.id}`, id: first.id, mend }
}

describe('the quarantine', () => {
  it('lists what could not be read with its place and reason, and shows one word for word', async () => {
    const { get, one, read } = await broken(1)
    expect(await said(get(page, integrator))).toContain('tilleuls SCH-25 unknown status word')
    const shown = await said(get(one, integrator))
    expect(shown).toContain('Raison unknown status word Endroit SCH-25 Code Contenu fautif, 101')
    expect(shown).toContain('tilleuls says 0')
    expect(await read((tx) => tx.audit.latest(1)), 'who read it is written down (R31)').toMatchObject([{ action: 'envelope.read' }])
    const file = await get(`${one}/download`, integrator)
    expect([file.headers.get('content-type'), await file.text()]).toEqual(['application/octet-stream', 'tilleuls says 0'])
    expect(file.headers.get('content-disposition')).toContain('attachment')
  })

  it('is for integrators and operators, of their clinics', async () => {
    const { get, one, post } = await broken(1)
    for (const role of ['reader', 'appointments', 'admin'] as const) expect((await get(page, signedIn(role))).status).toBe(403)
    const other = signedIn('integrator', 'erables')
    expect(await said(get(page, other))).toContain('Rien n’est en quarantaine')
    expect((await get(one, other)).status).toBe(404)
    expect((await post(one, { do: 'retry' }, other)).status).toBe(404)
  })

  it('has one read again once the mapping is mended, and says what came of it', async () => {
    const { post, get, one, mend, appointment, read, id } = await broken(1)
    expect((await post(one, { do: 'retry' }, integrator)).headers.get('location')).toBe(`${page}?done=quarantined`)
    const [still] = await read((tx) => tx.inbox.quarantined({ limit: 1 }))
    expect(still?.id).not.toBe(id)
    mend()
    expect((await post(`${page}/${still?.id}`, { do: 'retry' }, integrator)).headers.get('location')).toBe(`${page}?done=applied`)
    expect((await appointment())?.status).toBe('booked')
    expect(await said(get(`${page}?done=applied`, integrator))).toContain('Le message est lu, et son rendez-vous est à jour.')
    const acts = await read((tx) => tx.audit.latest(10))
    expect(acts.filter(({ action }) => action === 'envelope.retried').map(({ actor, detail }) => [actor, detail?.disposition])).toEqual([
      ['token:integrator@tilleuls', 'applied'],
      ['token:integrator@tilleuls', 'quarantined'],
    ])
  })

  it('has all with the same fault read again, and says how far it is', async () => {
    const { post, get, one, mend, read } = await broken(3)
    expect(await said(get(one, integrator))).toContain('Relancer les 3 messages de même cause')
    mend()
    expect((await post(one, { do: 'alike' }, integrator)).headers.get('location')).toBe(`${page}#relance`)
    await vi.waitFor(async () =>
      expect(await said(get(page, integrator))).toContain('Terminé. tilleuls : 3 messages lus, 0 encore en quarantaine.'),
    )
    expect(await read((tx) => tx.inbox.countByState())).toMatchObject({ applied: 3, retried: 3 })
  })

  it('has all of a connector read again, whatever their fault; another clinic’s integrator has no such button', async () => {
    const { post, get, mend } = await broken(2)
    const act = '/console/connectors/tilleuls/quarantine'
    expect(await said(get(page, signedIn('integrator', 'erables')))).not.toContain('Relancer tout')
    expect((await post(act, {}, signedIn('integrator', 'erables'))).status).toBe(404)
    expect(await said(get(page, integrator))).toContain('Relancer tout tilleuls')
    mend()
    await post(act, {}, integrator)
    await vi.waitFor(async () => expect(await said(get(page, integrator))).toContain('tilleuls : 2 messages lus, 0 encore en quarantaine.'))
  })

  it('puts one aside with a reason, and takes that back', async () => {
    const { post, get, one, id, read } = await broken(1)
    const { headers } = await post(one, { do: 'discard', why: 'test' }, integrator)
    expect(await said(get(headers.get('location') ?? '', integrator))).toContain('Le message est écarté. Rétablir')
    expect(await read((tx) => tx.inbox.quarantined({ limit: 9 }))).toEqual([])
    expect(await read((tx) => tx.audit.of(id, 1))).toMatchObject([{ action: 'envelope.discarded', detail: { reason: 'test' } }])
    expect(await said(get(one, integrator))).toContain('Ce message est écarté.')
    await post(one, { do: 'back' }, integrator)
    expect(await said(get(one, integrator))).toContain('Raison unknown status word Endroit SCH-25')
  })
})

describe('a message word for word', () => {
  const text = 'MSH|^~\\&|A|B\rSCH|1|2||4\rAIP|1|U|X\rAIP|2|U|Y\r'
  const bytes = (value: string) => new TextEncoder().encode(value)
  test.each([
    ['a field', 'SCH-4', '4'],
    ['the second of several segments', 'AIP[2]-3', 'Y'],
    ['a field of the header, whose separator counts', 'MSH-4', 'B'],
    ['a component: its field', 'SCH-2.1', '2'],
    ['a field that is not there: its segment', 'AIP-9', 'AIP|1|U|X'],
    ['a segment', 'SCH', 'SCH|1|2||4'],
    ['a segment that is not there: nothing', 'PID', undefined],
    ['a FHIR path: nothing', 'Appointment.start', undefined],
  ])('marks %s', (_what, at, marked) => {
    expect(showVerbatim(bytes(text), at).pieces.find(({ fault }) => fault)?.text).toBe(marked)
  })

  it('shows what a screen would hide or act on', () => {
    const { pieces } = showVerbatim(bytes('\vMSH|\u001b[31m|\u202eabc\r\u001c\r'), undefined)
    expect(pieces).toEqual([{ text: '␋MSH|␛[31m|⟨U+202E⟩abc␍\n␜\n␍\n', fault: false }])
  })

  it('ends where nobody reads on', () => {
    expect(showVerbatim(bytes('x'.repeat(30_000)), undefined).cut).toBe(true)
  })
})
