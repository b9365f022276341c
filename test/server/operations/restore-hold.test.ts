import { describe, expect, test } from 'vitest'
import { settleRestoreHold } from '../../../src/server/operations/restore-hold.ts'
import { bookedChange, start } from '../../support/clinic.ts'
import { all, minutes, restored } from './restored.ts'

const operator = { name: 'marie', role: 'operator' } as const

describe('a restored store (R9)', () => {
  test('is held: it takes what the EHR says, plans it, and sends nothing', async () => {
    const { second, send, nextDueAt } = await restored(
      async (rappel) => void (await rappel.hear(bookedChange())),
      async () => {},
    )
    await second.hear(bookedChange({ ehrId: 'A2' }, 90))
    minutes(second, 10)
    await send()
    expect(all(second)).toEqual([])
    expect(await second.outcomes('tilleuls:A2')).toContain('confirmation email: planned')
    expect((await nextDueAt())?.toString()).toBe(second.clock.now().add({ seconds: 30 }).toString())
  })

  test('texts nobody again: what fell due and what was said since the backup is in doubt, and a move is a call', async () => {
    const { first, second, send } = await restored(
      async (rappel) => {
        await rappel.hear(bookedChange())
        await rappel.send()
        await rappel.hear(bookedChange({ ehrId: 'A2', patient: { ehrId: 'P2', contacts: bookedChange().patient?.contacts ?? [] } }, 1))
      },
      async (rappel) => {
        // after the backup: what was planned leaves, one is moved, one is booked
        minutes(rappel, 30)
        await rappel.send()
        await rappel.hear(bookedChange({ time: { start: start.add({ hours: 2 }) } }, 31))
        await rappel.hear(bookedChange({ ehrId: 'A3', patient: { ehrId: 'P3', contacts: bookedChange().patient?.contacts ?? [] } }, 32))
        minutes(rappel, 30)
        await rappel.send()
      },
    )
    const sentBefore = all(first)
    expect(sentBefore.some((id) => id.startsWith('tilleuls:A3:confirmation'))).toBe(true)
    expect(sentBefore.some((id) => id.startsWith('tilleuls:A1:change'))).toBe(true)

    // the EHR is asked again for what changed since the backup
    minutes(second, 5)
    await second.hear(bookedChange({ time: { start: start.add({ hours: 2 }) } }, 31))
    await second.hear(bookedChange({ ehrId: 'A3', patient: { ehrId: 'P3', contacts: bookedChange().patient?.contacts ?? [] } }, 32))
    const settled = await settleRestoreHold(second, 'released', operator)
    expect(settled).toMatchObject({ hold: { state: 'released', settledBy: 'token:marie' }, toCall: 1 })
    minutes(second, 10)
    await send()
    expect(all(second).filter((id) => sentBefore.includes(id))).toEqual([])
    expect(await second.outcomes('tilleuls:A1')).toContain('change sms: in_doubt restored')
    expect((await second.read((tx) => tx.toCall.open('tilleuls', 10))).map(({ kind, reason }) => `${kind} ${reason}`)).toEqual([
      'change restored',
    ])

    // what the EHR says from now on is told, against what the patient is taken to know
    await second.hear(bookedChange({ time: { start: start.add({ hours: 3 }) } }, 80))
    minutes(second, 10)
    await send()
    expect(all(second).filter((id) => id.startsWith('tilleuls:A1:change'))).not.toEqual([])
  })

  test('sends what falls due after it was released, and what was said after it was restored', async () => {
    const { second, send } = await restored(
      async (rappel) => void (await rappel.hear(bookedChange())),
      async (rappel) => minutes(rappel, 60),
    )
    await second.hear(bookedChange({ ehrId: 'A2', patient: { ehrId: 'P2', contacts: bookedChange().patient?.contacts ?? [] } }, 61))
    minutes(second, 2)
    await settleRestoreHold(second, 'released', operator)
    minutes(second, 10)
    await send()
    expect(all(second).every((id) => id.startsWith('tilleuls:A2:'))).toBe(true)
    expect(all(second)).not.toEqual([])
    second.clock.set(start.subtract({ hours: 35, minutes: 59 }).toString())
    await send()
    expect(all(second).some((id) => id.startsWith('tilleuls:A1:previsit'))).toBe(true)
  })

  test('that is dropped sends nothing that waited, and reminders of later all the same', async () => {
    const { second, send } = await restored(
      async () => {},
      async (rappel) => minutes(rappel, 60),
    )
    await second.hear(bookedChange({}, 61))
    minutes(second, 2)
    expect(await settleRestoreHold(second, 'dropped', operator)).toMatchObject({ hold: { state: 'dropped' } })
    minutes(second, 10)
    await send()
    expect(all(second)).toEqual([])
    second.clock.set(start.subtract({ hours: 35, minutes: 59 }).toString())
    await send()
    expect(all(second).some((id) => id.startsWith('tilleuls:A1:previsit'))).toBe(true)
  })

  test('is settled once, by an operator of all clinics, and written down', async () => {
    const { second } = await restored(
      async (rappel) => void (await rappel.hear(bookedChange())),
      async () => {},
    )
    expect(await settleRestoreHold(second, 'released', operator)).toBeDefined()
    expect(await settleRestoreHold(second, 'released', operator)).toBeUndefined()
    const rows = await second.read((tx) => tx.audit.of('store', 10))
    expect(rows.map(({ action }) => action)).toEqual(['restore-hold.released', 'store.restored'])
  })
})
