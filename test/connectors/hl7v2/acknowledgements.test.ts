import { describe, expect, it } from 'vitest'
import { exchange, waysToAnswer } from './support/exchange.ts'

describe('R11: only the answer that names a message, on its own connection, counts', () => {
  it(`of a thousand messages, whose answers come ${waysToAnswer.join(', ')}`, async () => {
    expect((await exchange(1_000)).faults).toEqual([])
  }, 600_000)
})
