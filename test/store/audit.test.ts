import { describe, expect, test } from 'vitest'
import { findAuditFaults } from '../../src/store/audit.ts'
import { aFolder, openWatched } from './open-files.ts'
import { nine } from './samples.ts'

const { nextPath } = await aFolder()

async function withFiveActs() {
  const opened = await openWatched(nextPath())
  for (const number of [1, 2, 3, 4, 5])
    await opened.store.transact((tx) =>
      tx.audit.append({ at: nine, actor: 'operator', action: 'opened', subject: `tilleuls:${number}`, detail: { number } }),
    )
  const faults = () => findAuditFaults(opened.writer.openScope().db)
  return { ...opened, faults }
}

describe('the audit chain', () => {
  test('has no fault while nobody touched it, works undone in between or not', async () => {
    const { store, faults } = await withFiveActs()
    const undone = store.transact(async (tx) => {
      await tx.audit.append({ at: nine, actor: 'operator', action: 'opened', subject: 'undone' })
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    await store.transact((tx) => tx.audit.append({ at: nine, actor: 'operator', action: 'closed', subject: 'tilleuls:1' }))
    expect(await faults()).toEqual([])
    await store.close()
  })

  test.each([
    ['an edited act', "update audit set doc = replace(doc, 'operator', 'nobody') where seq = 3", 3, 'edited'],
    ['an act moved to another subject', "update audit set subject = 'tilleuls:9' where seq = 3", 3, 'edited'],
    ['a deleted act', 'delete from audit where seq = 3', 4, 'missing'],
    ['a deleted first act', 'delete from audit where seq = 1', 2, 'missing'],
    ['a deleted last act', 'delete from audit where seq = 5', 5, 'missing'],
    [
      'two acts in each other’s place',
      'update audit set seq = 99 where seq = 3; update audit set seq = 3 where seq = 4; update audit set seq = 4 where seq = 99',
      3,
      'edited',
    ],
    ['an edited detail', `update audit set detail = '{"number":9}' where seq = 3`, 3, 'detail edited'],
  ])('shows %s', async (_, edit, seq, fault) => {
    const { store, writer, faults } = await withFiveActs()
    writer.script(edit)
    expect((await faults())[0]).toEqual({ seq, fault })
    await store.close()
  })

  test('holds when a detail is erased, and the act stays', async () => {
    const { store, writer, faults } = await withFiveActs()
    writer.script('update audit set detail = null, salt = null where seq = 3')
    expect(await faults()).toEqual([])
    expect(await store.read((tx) => tx.audit.of('tilleuls:3', 1))).toEqual([
      { at: nine, actor: 'operator', action: 'opened', subject: 'tilleuls:3' },
    ])
    await store.close()
  })
})
