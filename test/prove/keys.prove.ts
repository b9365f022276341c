import { addKey, rotateKey } from '../../src/server/identity/key-acts.ts'
import { bookedChange } from '../support/clinic.ts'
import { doorOf } from '../support/identity.ts'
import { openRappel } from '../support/rappel.ts'
import { prove } from './proof.ts'

/** Four callers who never stop, each learning of the new key after a while; a patient's link beside them. */
async function rotated(times: number, keepsTheOneBefore: boolean) {
  const rappel = await openRappel({ now: '2026-11-25T08:40:00Z' })
  const { app } = doorOf(rappel)
  await rappel.hear(bookedChange())
  await rappel.send()
  const link = `/${rappel.lastToken()}`
  const act = () => ({ caller: { name: 'x', role: 'operator' as const }, now: rappel.clock.now() })
  const made = await rappel.store.transact((tx) => addKey(tx, { name: 'laboratory', role: 'reader' }, act()))
  if (made.kind !== 'done') throw new Error('no key')
  let [known, running, asked, failed, pages] = [made.token, true, 0, 0, 0]
  const learned = [0, 0, 0, 0, 0]
  const caller = async (mayRead: boolean, number: number) => {
    while (running) {
      const mine = known
      learned[number] = (learned[number] ?? 0) + 1
      // who is told of a new key goes on with the old one for some requests
      for (let each = 0; each < 3 && running; each += 1) {
        const path = mayRead ? '/api/v1/clinics/tilleuls/settings' : link
        const { status } = await app.request(path, mayRead ? { headers: { authorization: `Bearer ${mine}` } } : {})
        asked += 1
        if (!mayRead) pages += 1
        if (status !== 200) failed += 1
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
  }
  const callers = learned.map((_, number) => caller(number > 0, number))
  for (let time = 0; time < times; time += 1) {
    const next = await rappel.store.transact(async (tx) => {
      const rotation = await rotateKey(tx, made.key.id, act())
      if (rotation.kind === 'done' && !keepsTheOneBefore) {
        const { before: _, ...alone } = rotation.key
        await tx.apiKeys.save(alone)
      }
      return rotation
    })
    if (next.kind !== 'done') throw new Error('not rotated')
    known = next.token
    // each has learned of the new one before the next: a key of two rotations ago is meant to fail
    const before = [...learned]
    while (learned.some((count, number) => count < (before[number] ?? 0) + 2)) await new Promise((resolve) => setImmediate(resolve))
  }
  running = false
  await Promise.all(callers)
  return { asked, failed, pages }
}

prove({
  id: 'R33',
  promise: 'keys rotate without shutting anybody out, or breaking a link',
  async run({ of }) {
    const times = of({ landing: 100, long: 2_000 })
    const { asked, failed, pages } = await rotated(times, true)
    if (failed > 0) throw new Error(`${failed} of ${asked} requests failed`)
    return { figure: `${times} rotations under ${asked} requests of 5 callers, ${pages} of them for a patient’s page; 0 failures` }
  },
  async control() {
    const { asked, failed } = await rotated(10, false)
    if (failed === 0) throw new Error('a rotation that forgets the key before was found well')
    return `a rotation that forgets the key before: ${failed} of ${asked} requests fail`
  },
  timeoutMs: { landing: 240_000, long: 1_200_000 },
})
