import { describe, expect, it } from 'vitest'
import type { WriteBack, WriteBackState } from '../../../../src/core/write-back.ts'
import { bookedChange, start } from '../../../support/clinic.ts'
import { signedIn } from '../../../support/console.ts'
import { openRappel } from '../../../support/rappel.ts'

const page = '/console/clinics/tilleuls/write-backs'
const secretary = signedIn('appointments')

const said = async (answer: Response | Promise<Response>): Promise<string> =>
  (await (await answer).text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

async function ledger(state: WriteBackState, more: Partial<WriteBack> = {}) {
  const rappel = await openRappel()
  await rappel.hear(bookedChange())
  const now = rappel.clock.now()
  const writeBack: WriteBack = {
    id: 'tilleuls:A1:confirm:1:x',
    appointmentId: 'tilleuls:A1',
    connectorId: 'tilleuls',
    ehrId: 'A1',
    patientEhrId: 'P1',
    kind: 'confirm',
    start,
    answeredAt: now,
    dueAt: now,
    state,
    attempts: 3,
    nextTryAt: now.add({ hours: 2 }),
    ...more,
  }
  await rappel.store.transact((tx) => tx.writeBacks.save(writeBack))
  const found = () => rappel.read((tx) => tx.writeBacks.find(writeBack.id))
  return { ...rappel, id: writeBack.id, found }
}

describe('the write-back ledger', () => {
  it('shows each answer step by step, in the state it is', async () => {
    const { get, clock } = await ledger('acknowledged')
    expect(await said(get(`${page}?state=accepted`, secretary))).toMatch(
      /tilleuls:A1 Confirmation Demandé 10 h Accepté pas encore Relu dans le DSE pas encore Accepté 3 essais/,
    )
    expect(await said(get(`${page}?state=failed`, secretary))).toContain('Aucune réponse en échec')
    expect(clock.now().toString()).toBe('2026-11-25T15:00:00Z')
  })

  it('tells what the EHR took and then said otherwise from what it only took', async () => {
    const { get } = await ledger('acknowledged', { reason: 'read_back_differs' })
    const shown = await said(get(`${page}?state=diverged`, secretary))
    expect(shown).toContain('Divergentes 1')
    expect(shown).toContain('Raison : read_back_differs')
    expect(await said(get(`${page}?state=accepted`, secretary))).toContain('Rien n’attend d’être relu')
  })

  it('tries again what was refused, with the same id, and the person who was asked need not see to it', async () => {
    const { post, found, ehr, bring, id, store, read } = await ledger('failed', { reason: 'refused' })
    await store.transact((tx) =>
      tx.toDo.save({
        id: `write_back:${id}`,
        clinicId: 'tilleuls',
        kind: 'write_back',
        createdAt: start,
        forgetAt: start,
      }),
    )
    const { headers } = await post(page, { do: 'retry', id, state: 'failed' }, secretary)
    expect(headers.get('location')).toBe(`${page}?state=failed&done=retried`)
    expect(await found()).toMatchObject({ state: 'queued', attempts: 0 })
    expect(await read((tx) => tx.toDo.open('tilleuls', 10))).toEqual([])
    await bring()
    expect(ehr.written.map((request) => request.writeBack.id)).toEqual([id])
    expect(await read((tx) => tx.audit.of(id, 9))).toContainEqual(
      expect.objectContaining({ actor: 'token:appointments@tilleuls', action: 'write-back.retried' }),
    )
  })

  it('gives what waits to a person', async () => {
    const { post, found, id, read } = await ledger('queued')
    await post(page, { do: 'give_up', id, state: 'queued' }, secretary)
    expect(await found()).toMatchObject({ state: 'failed', reason: 'given_up' })
    expect(await read((tx) => tx.toDo.open('tilleuls', 10))).toMatchObject([{ kind: 'write_back', appointmentId: 'tilleuls:A1' }])
  })

  it('leaves what is being brought, and what is done, alone', async () => {
    for (const state of ['sending', 'verified', 'withdrawn'] as const) {
      const { post, found, id } = await ledger(state)
      for (const act of ['retry', 'give_up']) {
        const { headers } = await post(page, { do: act, id }, secretary)
        expect(headers.get('location')).toContain('done=not_so')
      }
      expect((await found())?.state).toBe(state)
    }
  })

  it('readers look, and press nothing; another clinic’s is not there', async () => {
    const { get, post, id } = await ledger('failed')
    const shown = await (await get(page, signedIn('reader'))).text()
    expect(shown).not.toContain('name="do"')
    expect((await post(page, { do: 'retry', id }, signedIn('reader'))).status).toBe(403)
    const other = await openRappel({ connectors: [] })
    expect((await other.post(page, { do: 'retry', id }, secretary)).headers.get('location')).toContain('done=gone')
  })
})
