import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import {
  type EventNumbers,
  missingIn,
  noteCounter,
  noteEvents,
  noteHandshake,
  withoutRange,
} from '../../../src/connectors/fhir/event-numbers.ts'

const at = (second: number) => Temporal.Instant.from('2026-03-01T11:00:00Z').add({ seconds: second })

/** The event of each number happened at that second. */
function hear(numbers: readonly (readonly number[])[], known?: EventNumbers) {
  let [state, lost] = [known, 0]
  for (const each of numbers) {
    const noted = noteEvents(state, each, at(Math.max(...each)))
    state = noted.numbers
    if (noted.lost) lost += 1
  }
  const missing = (state?.missing ?? []).map(({ from, until }) => `${from}-${until}`)
  return { state, lost, missing, last: state?.last }
}

describe('events of a subscription (Backport IG, errors)', () => {
  const cases: [string, (readonly number[])[], string[], number][] = [
    ['in order leave nothing missing', [[41], [42], [43]], [], 0],
    ['several in one notification', [[41, 42], [43]], [], 0],
    ['one that is lost is missing', [[41], [43]], ['42-42'], 0],
    ['several lost', [[41], [45]], ['42-44'], 0],
    ['two gaps', [[41], [43], [46]], ['42-42', '44-45'], 0],
    ['one that was overtaken is missing no more', [[41], [43], [42]], [], 0],
    ['the middle of a gap', [[41], [45], [43]], ['42-42', '44-44'], 0],
    ['a repeated one is nothing new', [[41], [42], [41], [42]], [], 0],
    ['a hole within one notification', [[41, 44]], ['42-43'], 0],
    ['the first that is heard leaves no gap behind it', [[41]], [], 0],
    ['more missing than is worth asking for is caught up', [[41], [9_000]], [], 1],
  ]
  it.each(cases)('%s', (_name, heard, missing, lost) => {
    expect(hear(heard)).toMatchObject({ missing, lost })
  })

  it('a counter that begins again, later than all before, loses what it was at', () => {
    const { state } = hear([[41], [42]])
    expect(noteEvents(state, [1], at(100))).toEqual({ numbers: { last: 1, missing: [], newestAt: at(100) }, lost: true })
  })

  it('without times, a lower number is taken as a counter that began again', () => {
    const { state } = hear([[41], [42]])
    expect(noteEvents(state, [3], undefined).lost).toBe(true)
  })

  it('a heartbeat tells of events that never came', () => {
    const { state } = hear([[41]])
    expect(noteCounter(state, 43, at(60)).numbers.missing).toEqual([{ from: 42, until: 43 }])
    expect(noteCounter(state, 41, at(60))).toMatchObject({ lost: false, numbers: { missing: [] } })
  })

  it('a heartbeat with a lower count is of a counter that began again, unless it was overtaken', () => {
    const { state } = hear([[41], [42]])
    expect(noteCounter(state, 0, at(60)).lost).toBe(true)
    expect(noteCounter(state, 41, at(41)).lost).toBe(false)
  })

  it('a handshake begins anew: its first event is awaited, and what was before must be caught up', () => {
    const first = noteHandshake(undefined, 0, at(0))
    expect(first.lost).toBe(false)
    expect(noteEvents(first.numbers, [2], at(5)).numbers.missing).toEqual([{ from: 1, until: 1 }])
    expect(noteHandshake(hear([[41]]).state, 0, at(60))).toMatchObject({ lost: true, numbers: { last: 0 } })
  })

  it('a range that is settled is asked for no more', () => {
    const { state } = hear([[41], [50]])
    const rest = withoutRange(state ?? { last: 0, missing: [] }, { from: 43, until: 45 })
    expect(rest.missing).toEqual([
      { from: 42, until: 42 },
      { from: 46, until: 49 },
    ])
    expect(missingIn(rest, { from: 40, until: 46 })).toEqual([
      { from: 42, until: 42 },
      { from: 46, until: 46 },
    ])
  })

  it('whatever is lost, repeated and overtaken: missing is what has not come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 }), (heard) => {
        // an order in which nothing looks like a counter that began again
        const state = heard.reduce<EventNumbers>((known, number) => noteEvents(known, [number], at(0)).numbers, {
          last: 0,
          missing: [],
          newestAt: at(0),
        })
        const missing = state.missing.flatMap(({ from, until }) => Array.from({ length: until - from + 1 }, (_, index) => from + index))
        const wanted = Array.from({ length: Math.max(...heard) }, (_, index) => index + 1).filter((number) => !heard.includes(number))
        expect([...missing].sort((a, b) => a - b)).toEqual(wanted)
      }),
    )
  })
})
