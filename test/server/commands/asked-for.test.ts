import { describe, expect, test } from 'vitest'
import { askedFor } from '../../../src/server/commands/asked-for.ts'
import { commands } from '../../../src/server/commands/table.ts'

const said = (line: string) => askedFor(line === '' ? [] : line.split(' '), commands)

describe('what a command line asks for', () => {
  test.each([
    ['nothing but the service', '', { kind: 'serve', args: [] }],
    ['the service with a file', '--config a.yaml', { kind: 'serve', args: ['--config', 'a.yaml'] }],
    ['help', '-h', { kind: 'help' }],
    ['help of a command', 'hl7 send --help', { kind: 'command-help', command: { name: 'hl7 send' } }],
    ['a command', 'check --config a.yaml', { kind: 'command', command: { name: 'check' }, args: ['--config', 'a.yaml'] }],
    [
      'a flag before its command',
      '--config check why ehr:1',
      { kind: 'command', command: { name: 'why' }, args: ['--config', 'check', 'ehr:1'] },
    ],
    ['a command of two words', 'hl7 inspect a.hl7', { kind: 'command', command: { name: 'hl7 inspect' }, args: ['a.hl7'] }],
    [
      'half a command',
      'hl7',
      { kind: 'family', words: 'hl7', members: [{ name: 'hl7 inspect' }, { name: 'hl7 send' }, { name: 'hl7 listen' }] },
    ],
    ['the version', '--version', { kind: 'version' }],
    ['a mistyped command', 'bakcup', { kind: 'unknown', words: 'bakcup', meant: 'backup' }],
    ['a mistyped second word', 'hl7 inpsect a', { kind: 'unknown', words: 'hl7 inpsect', meant: 'hl7 inspect' }],
    ['no command of ours', 'start now please', { kind: 'unknown', words: 'start now' }],
  ])('%s', (_, line, expected) => {
    expect(said(line)).toMatchObject(expected)
  })

  test('every command says how it is used, and what its status means', () => {
    for (const { name, summary, help } of commands) {
      expect(help.startsWith(`usage: rappel ${name}`), name).toBe(true)
      expect(summary.startsWith(`rappel ${name}`), name).toBe(true)
      expect(help, name).toMatch(/\nexit status: 0 .* · 2 wrong|\nexit status: 0 .* · 2 to mend/)
    }
  })
})
