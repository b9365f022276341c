import { settleRestoreHold } from '../../src/server/operations/restore-hold.ts'
import { all, minutes, restored } from '../server/operations/restored.ts'
import { bookedChange, mobile, start } from '../support/clinic.ts'
import type { Rappel } from '../support/rappel.ts'
import { prove, random } from './proof.ts'

const operator = { name: 'marie', role: 'operator' } as const

/** Booked for a number of its own. */
const booking = (index: number, minute: number, hours = index) =>
  bookedChange(
    {
      ehrId: `A${index}`,
      time: { start: start.add({ hours }) },
      patient: { ehrId: `P${index}`, contacts: [{ ...mobile, value: `+1418555${String(2000 + index)}` }] },
    },
    minute,
  )

interface Judged {
  readonly told: number
  readonly again: number
  readonly held: number
}

/** A clinic lives on after its backup: what was planned leaves, some are moved, some booked. Then the backup is put back, the EHR says it all again, a person releases. */
async function story(next: () => number, isMarked: boolean): Promise<Judged> {
  const count = 6
  const moved = Array.from({ length: count }, () => next() < 0.5)
  const speak = async (rappel: Rappel) => {
    for (const [index, isMoved] of moved.entries()) if (isMoved) await rappel.hear(booking(index, 31, index + 2))
    for (let index = count; index < count + 3; index += 1) await rappel.hear(booking(index, 32))
  }
  const { first, second, send } = await restored(
    async (rappel) => {
      for (let index = 0; index < count; index += 1) {
        await rappel.hear(booking(index, 0))
        if (next() < 0.5) await rappel.send()
      }
    },
    async (rappel) => {
      minutes(rappel, 30)
      await rappel.send()
      await speak(rappel)
      minutes(rappel, 30)
      await rappel.send()
    },
    isMarked,
  )
  const before = new Set(all(first))
  minutes(second, 5)
  await speak(second)
  await send()
  const held = all(second).length
  await settleRestoreHold(second, 'released', operator)
  minutes(second, 10)
  await send()
  return { told: before.size, again: all(second).filter((id) => before.has(id)).length, held }
}

prove({
  id: 'R9',
  promise: 'restoring an old backup re-texts nobody',
  async run({ seed, of }) {
    const next = random(seed)
    const times = of({ landing: 12, long: 500 })
    let told = 0
    for (let time = 0; time < times; time += 1) {
      const judged = await story(next, true)
      if (judged.again + judged.held > 0) throw new Error(`${judged.again} told again, ${judged.held} while it was held`)
      told += judged.told
    }
    if (told < times * 6) throw new Error('nobody was told before')
    return {
      figure: `${times} clinics that went on after their backup, ${told} messages; restored, told by the EHR again and released: 0 sent while held, 0 twice`,
    }
  },
  async control({ seed }) {
    const next = random(seed)
    for (let time = 1; time <= 10; time += 1) {
      const { again, held } = await story(next, false)
      if (again + held > 0)
        return `a copy that is put back unmarked: ${again} messages twice, ${held} sent before anybody looked (clinic ${time})`
    }
    throw new Error('an unmarked copy was found well')
  },
  timeoutMs: { landing: 240_000, long: 3_600_000 },
})
