import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { progressOn } from '../../../src/server/commands/progress.ts'
import { nearest } from '../../../src/server/commands/suggest.ts'
import { commands } from '../../../src/server/commands/table.ts'
import { parseConfig } from '../../../src/server/config/config.ts'
import { showMasked, watched } from '../../../src/server/config/masked.ts'
import { runCommand } from '../../support/commands.ts'

describe('completion', () => {
  /** What bash offers after these words. */
  async function offered(...words: readonly string[]): Promise<readonly string[]> {
    const { out } = await runCommand(['completion', 'bash'])
    const folder = await mkdtemp(join(tmpdir(), 'rappel-completion-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = join(folder, 'rappel.bash')
    const line = ['rappel', ...words].map((word) => `'${word}'`).join(' ')
    await writeFile(file, `${out}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length}; _rappel; printf '%s\\n' "\${COMPREPLY[@]}"\n`)
    return execFileSync('bash', [file], { encoding: 'utf8' }).split('\n').filter(Boolean)
  }

  test('offers every first word, the words of a family, and the flags of a command', async () => {
    expect(await offered('')).toEqual(expect.arrayContaining(['serve', 'hl7', 'backup', 'config', '--help']))
    expect(await offered('hl7', '')).toEqual(['inspect', 'send', 'listen'])
    expect(await offered('ba')).toEqual(['backup'])
    expect(await offered('backup', '--')).toEqual(['--to', '--without-archive', '--json', '--config', '--help'])
    expect(await offered('why', 'ehr:1', '--l')).toEqual(['--lang'])
  })

  test.each(['zsh', 'fish'])('%s is told of every command', async (shell) => {
    const { out, status } = await runCommand(['completion', shell])
    expect(status).toBe(0)
    for (const { name } of commands) expect(out).toContain(name.split(' ').at(-1))
  })

  test('of another shell is refused', async () => {
    expect((await runCommand(['completion', 'tcsh'])).status).toBe(2)
  })
})

test.each([
  ['bakcup', 'backup'],
  ['simulte', 'simulate'],
  ['dr', undefined],
  ['doct', 'doctor'],
  ['zzzzzz', undefined],
])('%s is taken for %s', (typed, meant) => {
  expect(nearest(typed, ['backup', 'simulate', 'doctor', 'why'])).toBe(meant)
})

describe('progress', () => {
  function shown(isTerminal: boolean, steps: readonly (readonly [ms: number, done: number])[]) {
    const written: string[] = []
    let time = 0
    const progress = progressOn({ write: (text) => void written.push(text), isTerminal, now: () => time })('import')
    for (const [ms, done] of steps) {
      time = ms
      progress.at(done, 4)
    }
    progress.end()
    return written
  }

  test('is a bar that is drawn over itself on a terminal', () => {
    expect(
      shown(true, [
        [50, 1],
        [150, 2],
        [160, 3],
        [170, 4],
      ]),
    ).toEqual(['\rimport [############............]  50 % 2 of 4', '\rimport [########################] 100 % 4 of 4', '\n'])
  })

  test('is a line now and then elsewhere, and nothing for what is over at once', () => {
    expect(
      shown(false, [
        [50, 1],
        [5_050, 2],
        [6_000, 4],
      ]),
    ).toEqual(['import: 2 of 4 …\n'])
    expect(shown(false, [[50, 4]])).toEqual([])
  })
})

describe('the configuration', () => {
  const yaml = `server: { port: 0, publicUrl: http://127.0.0.1:8080, apiToken: { env: TOKEN } }
store: { path: /tmp/a.db, key: { file: /run/key } }
archive: { directory: /tmp/a }
clinics: [{ id: tilleuls, name: Clinique des Tilleuls, zone: America/Toronto }]
connectors: [{ id: ehr, protocol: hl7v2, clinic: tilleuls, zone: America/Toronto, region: CA, listen: { port: 0 } }]
`
  const [token, key] = ['b7Qm2xV9bT4nR8wYc3Lp6Z1dF5gH0jKk', 'k7Qm2xV9bT4nR8wYc3Lp6Z1dF5gH0jKz']

  test('is shown with its defaults and without its secrets', () => {
    const source = watched({ env: { TOKEN: token }, readFile: () => `${key}\n` })
    const result = parseConfig(yaml, source)
    if (!result.ok) throw new Error('faults')
    const shown = showMasked(result.config, source.secrets)
    expect(shown).not.toContain(token)
    expect(shown).not.toContain(key)
    expect(parse(shown)).toMatchObject({
      server: { apiToken: '(env TOKEN)', host: '127.0.0.1' },
      store: { key: '(file /run/key)' },
      retention: { envelopes: 90 },
    })
  })

  test('has a JSON Schema that names its keys', async () => {
    const { out } = await runCommand(['config', 'schema'])
    const schema = JSON.parse(out) as { readonly properties: Record<string, unknown>; readonly required: readonly string[] }
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['server', 'store', 'clinics', 'connectors', 'retention']))
    expect(schema.required).toEqual(expect.arrayContaining(['server', 'clinics', 'connectors']))
    expect(schema.required).not.toContain('retention')
  })
})
