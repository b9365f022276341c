import { setImmediate as settled } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { limit } from '../../../src/connectors/fhir/limit.ts'

const forever = new AbortController().signal

function gate() {
  let open: () => void = () => undefined
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, passed }
}

describe('at most so many at a time', () => {
  it('the others begin in order, as the first ones end', async () => {
    const inTurn = limit(2)
    const gates = [gate(), gate(), gate(), gate()]
    const begun: number[] = []
    const works = gates.map(({ passed }, index) =>
      inTurn(async () => {
        begun.push(index)
        await passed
      }, forever),
    )
    await settled()
    expect(begun).toEqual([0, 1])
    gates[1]?.open()
    await works[1]
    await settled()
    expect(begun).toEqual([0, 1, 2])
    for (const { open } of gates) open()
    await Promise.all(works)
    expect(begun).toEqual([0, 1, 2, 3])
  })

  it('whoever gives up while waiting leaves the line, and nobody else loses a place', async () => {
    const inTurn = limit(1)
    const first = gate()
    const working = inTurn(() => first.passed, forever)
    const giver = new AbortController()
    const given = inTurn(async () => 'never', giver.signal)
    const next = inTurn(async () => 'next', forever)
    giver.abort(new Error('stopped'))
    await expect(given).rejects.toThrow('stopped')
    first.open()
    await working
    expect(await next).toBe('next')
    await expect(inTurn(async () => 'again', forever)).resolves.toBe('again')
  })

  it('a work that fails gives its place back', async () => {
    const inTurn = limit(1)
    await expect(inTurn(() => Promise.reject(new Error('no')), forever)).rejects.toThrow('no')
    expect(await inTurn(async () => 'yes', forever)).toBe('yes')
  })
})
