import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { findAuditFaults } from '../../src/store/audit.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { connect } from '../../src/store/sqlite-connection.ts'
import { nine } from '../store/samples.ts'
import { prove, random } from './proof.ts'

const rows = 60

/** An audit of sixty acts, and a hand behind its back. */
async function anAudit() {
  const folder = await mkdtemp(join(tmpdir(), 'rappel-audit-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'rappel.db')
  const store = await openSqlite({ path })
  for (let number = 1; number <= rows; number += 1)
    await store.transact((tx) =>
      tx.audit.append({ at: nine, actor: `user:u${number % 7}`, action: 'opened', subject: `tilleuls:${number}`, detail: { number } }),
    )
  await store.close()
  const hand = await connect({ path })
  onTestFinished(() => hand.close())
  return hand
}

interface Tampering {
  readonly what: string
  readonly sql: string
  /** The first row that is not as it was written, or before which one is missing. */
  readonly at: number
}

/** One of the ways to change what was written, at a place of chance. */
function tampering(next: () => number): Tampering {
  const some = (from: number, until: number) => from + Math.floor(next() * (until - from + 1))
  const seq = some(2, rows - 1)
  const other = some(seq + 1, rows)
  const ways: readonly Tampering[] = [
    { what: 'actor', sql: `update audit set doc = replace(doc, 'user:u', 'user:x') where seq = ${seq}`, at: seq },
    { what: 'instant', sql: `update audit set doc = replace(doc, '2026', '2025') where seq = ${seq}`, at: seq },
    { what: 'subject', sql: `update audit set subject = 'tilleuls:other' where seq = ${seq}`, at: seq },
    { what: 'detail', sql: `update audit set detail = '{"number":999}' where seq = ${seq}`, at: seq },
    { what: 'salt', sql: `update audit set salt = '00' where seq = ${seq}`, at: seq },
    { what: 'hash of a detail', sql: `update audit set detail_hash = '${'0'.repeat(64)}' where seq = ${seq}`, at: seq },
    { what: 'hash', sql: `update audit set hash = '${'f'.repeat(64)}' where seq = ${seq}`, at: seq },
    { what: 'deleted', sql: `delete from audit where seq = ${seq}`, at: seq + 1 },
    { what: 'deleted to the end', sql: `delete from audit where seq >= ${seq}`, at: seq },
    {
      what: 'deleted and closed up',
      sql: `delete from audit where seq = ${seq}; update audit set seq = seq - 1 where seq > ${seq}`,
      at: seq,
    },
    {
      what: 'reordered',
      sql: `update audit set seq = 999 where seq = ${seq}; update audit set seq = ${seq} where seq = ${other}; update audit set seq = ${other} where seq = 999`,
      at: seq,
    },
  ]
  const way = ways[Math.floor(next() * ways.length)]
  if (!way) throw new Error('no way')
  return way
}

type Hand = Awaited<ReturnType<typeof anAudit>>

/** Tampers, looks, and undoes it; what was not found where it was done. */
async function located(hand: Hand, look: (hand: Hand) => Promise<readonly { readonly seq: number }[]>, count: number, next: () => number) {
  const missed: string[] = []
  for (let index = 0; index < count; index += 1) {
    const { what, sql, at } = tampering(next)
    hand.script(`begin; ${sql}`)
    const [first] = await look(hand)
    hand.script('rollback')
    if (first?.seq !== at) missed.push(`${what} at ${at} was found ${first === undefined ? 'nowhere' : `at ${first.seq}`}`)
  }
  return missed
}

const chained = (hand: Hand) => findAuditFaults(hand.openScope().db)

prove({
  id: 'R31',
  promise: 'any edited, deleted or reordered row of the audit is located',
  async run({ seed, of }) {
    const hand = await anAudit()
    const count = of({ landing: 1_000, long: 20_000 })
    const missed = await located(hand, chained, count, random(seed))
    if (missed.length > 0) throw new Error(`${missed.length} of ${count}: ${missed[0]}`)
    hand.script('update audit set detail = null, salt = null where seq % 3 = 0')
    const afterErasure = await chained(hand)
    if (afterErasure.length > 0) throw new Error('an erased detail breaks the chain')
    return { figure: `${count} tamperings of 11 kinds, each located at its row; a third of the details erased, the chain whole` }
  },
  async control({ seed }) {
    const hand = await anAudit()
    // numbers without gaps, as many a log has them, and no chain
    const counted = async (each: Hand) => {
      const seqs = each.query('select seq from audit order by seq').map(({ seq }) => Number(seq))
      return seqs.filter((seq, index) => seq !== (seqs[index - 1] ?? 0) + 1).map((seq) => ({ seq }))
    }
    const missed = await located(hand, counted, 200, random(seed))
    if (missed.length === 0) throw new Error('an audit without a chain was found well')
    return `an audit that only numbers its rows: ${missed.length} of 200 tamperings missed, the first: ${missed[0]}`
  },
})
