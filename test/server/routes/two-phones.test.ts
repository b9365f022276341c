import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { WriteBack, WriteBackOutcome } from '../../../src/core/write-back.ts'
import { bookedChange, start } from '../../support/clinic.ts'
import type { Rappel } from '../../support/rappel.ts'
import { openRappel } from '../../support/rappel.ts'

type Kind = 'confirm' | 'cancel' | 'restore' | 'arrive'

/** What may happen to one appointment, from two phones, its EHR and time. */
type Step =
  | { readonly does: 'look'; readonly phone: 0 | 1 }
  /** Touched that many times at once, on the page that phone looked at last. */
  | { readonly does: 'touch'; readonly phone: 0 | 1; readonly kind: Kind; readonly taps: number }
  | { readonly does: 'both'; readonly kinds: readonly [Kind, Kind] }
  | { readonly does: 'move'; readonly minutes: number }
  | { readonly does: 'bring'; readonly outcome: WriteBackOutcome }
  | { readonly does: 'wait'; readonly minutes: number }

const phone = fc.constantFrom<0 | 1>(0, 1)
const kind = fc.constantFrom<Kind>('confirm', 'confirm', 'cancel', 'cancel', 'restore', 'arrive')
const outcome = fc.constantFrom<WriteBackOutcome>(
  { kind: 'applied', verified: true },
  { kind: 'applied', verified: false },
  { kind: 'deferred', reason: 'busy' },
  { kind: 'unknown', reason: 'timeout' },
  { kind: 'refused', reason: 'no' },
)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constant('look' as const), phone }),
  { weight: 3, arbitrary: fc.record({ does: fc.constant('touch' as const), phone, kind, taps: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('both' as const), kinds: fc.tuple(kind, kind) }) },
  fc.record({ does: fc.constant('move' as const), minutes: fc.constantFrom(0, 30) }),
  { weight: 2, arbitrary: fc.record({ does: fc.constant('bring' as const), outcome }) },
  fc.record({ does: fc.constant('wait' as const), minutes: fc.constantFrom(1, 6, 60) }),
)

const isOnItsWay = ({ state }: WriteBack) => state === 'queued' || state === 'sending'
const isTaken = ({ state }: WriteBack) => state === 'acknowledged' || state === 'verified'

/** What its page says, the spaces made plain. */
async function pageOf(rappel: Rappel, token: string): Promise<string> {
  const html = await (await rappel.get(`/${token}`)).text()
  return html.replace(/<[^>]+>/g, ' ').replace(/[\u00a0\u202f\s]+/g, ' ')
}

async function basisOf(rappel: Rappel, token: string): Promise<string | undefined> {
  return /name="basis" value="([^"]+)"/.exec(await (await rappel.get(`/${token}`)).text())?.[1]
}

/** Page and ledger say the same, and neither says two things at once. */
async function check(rappel: Rappel, token: string): Promise<void> {
  const answers = await rappel.answers()
  const waiting = answers.filter(isOnItsWay)
  const appointment = await rappel.appointment()
  for (const one of ['confirm', 'cancel', 'arrive'])
    expect(waiting.filter((each) => each.kind === one && each.start.equals(appointment?.start ?? start)).length).toBeLessThanOrEqual(1)
  const page = await pageOf(rappel, token)
  if (page.includes('La clinique en est informée')) expect(answers.some(isTaken)).toBe(true)
  if (page.includes('Nous prévenons la clinique')) expect(waiting.length).toBeGreaterThan(0)
  if (page.includes('Rétablir le rendez-vous')) expect(waiting.map((each) => each.kind)).toContain('cancel')
  if (page.includes('C’est confirmé')) expect(page).not.toContain('Rendez-vous annulé')
}

/** A POST of what a phone shows; a page without a form can send nothing that counts. */
async function touch(rappel: Rappel, token: string, one: Kind, basis: string): Promise<string> {
  const response = await rappel.post(`/${token}/${one}`, { basis })
  expect(response.status).toBe(303)
  return new URL(response.headers.get('location') ?? '', 'https://rdv.example/a/b').searchParams.get('done') ?? ''
}

test('two phones, double taps, stale tabs, a moving EHR: whatever the order, one answer stands, and the page says which', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 14 }), async (steps) => {
      const rappel = await openRappel({ now: '2026-11-25T13:00:00Z' })
      await rappel.hear(bookedChange())
      await rappel.send()
      const token = rappel.lastToken()
      const seen: [string, string] = ['', '']
      let minute = 1
      const now = async () => (await basisOf(rappel, token)) ?? ''
      seen[0] = seen[1] = await now()
      for (const each of steps) {
        switch (each.does) {
          case 'look':
            seen[each.phone] = (await now()) || seen[each.phone]
            break
          case 'touch': {
            const truth = await now()
            const said = await Promise.all(Array.from({ length: each.taps }, () => touch(rappel, token, each.kind, seen[each.phone])))
            expect(new Set(said).size).toBe(1)
            if (truth !== '' && truth !== seen[each.phone]) expect(said[0]).toBe('stale')
            break
          }
          case 'both':
            await Promise.all([touch(rappel, token, each.kinds[0], seen[0]), touch(rappel, token, each.kinds[1], seen[1])])
            break
          case 'move':
            minute += 1
            await rappel.hear(bookedChange({ time: { start: start.add({ minutes: each.minutes }) } }, minute))
            break
          case 'bring':
            rappel.ehr.outcomes.push(each.outcome)
            await rappel.bring()
            rappel.ehr.outcomes.length = 0
            break
          case 'wait':
            rappel.clock.advance({ minutes: each.minutes })
            break
          default:
            each satisfies never
        }
        await check(rappel, token)
      }
      // whatever is left is brought, and then nothing is on its way
      for (let turn = 0; turn < 8; turn += 1) {
        rappel.clock.advance({ minutes: 10 })
        await rappel.bring()
        await check(rappel, token)
      }
      expect((await rappel.answers()).filter(isOnItsWay)).toEqual([])
      expect(await pageOf(rappel, token)).not.toContain('Nous prévenons la clinique')
      // each answer reaches the EHR once, or again under the same id
      const ids = new Map(rappel.ehr.written.map(({ writeBack }) => [writeBack.id, writeBack.kind]))
      const taken = (await rappel.answers()).filter(isTaken)
      for (const { id } of taken) expect(ids.has(id)).toBe(true)
    }),
    { numRuns: 20 },
  )
}, 120_000)

test('cancelled on one phone while the other confirms: the first to arrive counts, and both are told the same', async () => {
  for (const kinds of [
    ['confirm', 'cancel'],
    ['cancel', 'confirm'],
  ] as const) {
    const rappel = await openRappel({ now: '2026-11-25T13:00:00Z' })
    await rappel.hear(bookedChange())
    await rappel.send()
    const token = rappel.lastToken()
    const basis = await rappel.basisShown(token)
    const said = [await touch(rappel, token, kinds[0], basis), await touch(rappel, token, kinds[1], basis)]
    const states = (await rappel.answers()).map((each) => `${each.kind} ${each.state}`)
    if (kinds[0] === 'confirm') {
      expect(said).toEqual(['confirmed', 'cancelled'])
      expect(states.sort()).toEqual(['cancel queued', 'confirm withdrawn'])
    } else {
      expect(said).toEqual(['cancelled', 'closed'])
      expect(states).toEqual(['cancel queued'])
    }
    expect(await pageOf(rappel, token)).toContain('Votre rendez-vous est annulé')
  }
})

test('a move between the two steps of a cancellation makes it stale; nobody cancels what they have not read', async () => {
  const rappel = await openRappel({ now: '2026-11-25T13:00:00Z' })
  await rappel.hear(bookedChange())
  await rappel.send()
  const token = rappel.lastToken()
  const basis = await rappel.basisShown(token)
  await rappel.hear(bookedChange({ time: { start: start.add({ minutes: 30 }) } }, 5))
  expect(await touch(rappel, token, 'cancel', basis)).toBe('stale')
  expect(await rappel.answers()).toEqual([])
})
