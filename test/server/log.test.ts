import { describe, expect, test } from 'vitest'
import { createLog, refOf } from '../../src/server/log.ts'
import { aBadDay, canaryTraces, tracesIn } from '../support/canary.ts'

function captured(level: Parameters<typeof createLog>[0] = 'info') {
  const lines: string[] = []
  const log = createLog(level, (line) => void lines.push(line))
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> }
}

describe('a line', () => {
  test('is JSON: when, how grave, what, and the fields', () => {
    const { log, last } = captured()
    log.warn('send_not_accepted', { channel: 'sms', reason: 'twilio_30005', count: 2 })
    expect(last()).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-/),
      channel: 'sms',
      reason: 'twilio_30005',
      count: 2,
      msg: 'send_not_accepted',
    })
  })

  test('names an id by a short hash that is the same in every line', () => {
    const { log, last, lines } = captured()
    log.info('x', { ref: 'tilleuls:A1' })
    expect(last().ref).toBe(refOf('tilleuls:A1'))
    expect(lines.join()).not.toContain('A1')
  })

  test.each([
    ['its message', new Error('Anne Roy')],
    ['a message whose lines look like a stack', new Error('x\n    at Anne Roy\n    at (Roy:1:1)')],
    ['its cause', new Error('x', { cause: new TypeError('Anne Roy', { cause: 'Roy' }) })],
    ['what was thrown instead of an error', 'Anne Roy'],
    ['its properties', Object.assign(new Error('x'), { patient: 'Roy', code: 42 })],
  ])('of an error keeps its name and place, not %s', (_, error) => {
    const { log, lines } = captured()
    log.error('x', { error })
    expect(lines).toHaveLength(1)
    expect(lines[0]).not.toContain('Roy')
  })

  test('of an error says its code and where it was thrown', () => {
    const { log, last } = captured()
    log.error('x', { error: Object.assign(new RangeError('y'), { code: 'ECONNREFUSED' }) })
    expect(last().error).toMatchObject({
      name: 'RangeError',
      code: 'ECONNREFUSED',
      at: expect.arrayContaining([expect.stringContaining('log.test')]),
    })
  })

  test('of an error that is its own cause ends', () => {
    const { log, lines } = captured()
    const error = new Error('x')
    error.cause = error
    log.error('x', { error })
    expect(lines).toHaveLength(1)
  })

  test('is one line, whatever is in it', () => {
    const { log, lines } = captured()
    log.info('x', { reason: 'a\r\nb\u2028c' })
    expect(lines[0]?.trimEnd().split(/[\r\n]/)).toHaveLength(1)
  })
})

test.each([
  ['info', 3],
  ['warn', 2],
  ['error', 1],
  ['silent', 0],
] as const)('at level %s there are %i of three lines', (level, count) => {
  const { log, lines } = captured(level)
  log.info('x')
  log.warn('x')
  log.error('x')
  expect(lines).toHaveLength(count)
})

test('nothing of a patient is in any line of a day on which everything goes wrong (R25)', async () => {
  const { rappel, token } = await aBadDay()
  const events = new Set(rappel.lines.map((line) => (JSON.parse(line) as { msg: string }).msg))
  for (const event of [
    'read_failed',
    'apply_failed',
    'send_not_accepted',
    'send_failed',
    'replan_failed',
    'decision_failed',
    'write_failed',
    'write_back_not_applied',
    'read_back_failed',
    'request_failed',
  ])
    expect([...events]).toContain(event)
  expect(tracesIn(rappel.lines.join('\n'), [...canaryTraces, token])).toEqual([])
})
