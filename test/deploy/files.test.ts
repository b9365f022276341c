import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { plugInFaults } from '../../src/server/compose.ts'
import { parseConfig } from '../../src/server/config/config.ts'
import { createMetrics } from '../../src/server/metrics.ts'
import { alarmTexts } from '../../src/server/operations/alarm-texts.ts'

/** Long, and of no word. */
const secret = (name: string) => createHash('sha256').update(name).digest('base64url')
const pem = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n'

/** Whatever secret is asked for is there. */
const source = {
  env: new Proxy({}, { get: (_, name) => secret(String(name)) }) as Record<string, string>,
  readFile: (path: string) => {
    if (path.includes('database-url')) return 'postgres://rappel:x@db:5432/rappel'
    return /mllp/.test(path) ? pem : secret(path)
  },
}

function faultsOf(text: string): readonly string[] {
  const result = parseConfig(text, source)
  return result.ok
    ? plugInFaults(result.config).map(({ message }) => message)
    : result.faults.map(({ path, message }) => `${path}: ${message}`)
}

describe('the files to deploy', () => {
  test('the configuration that they mount is accepted', async () => {
    expect(faultsOf(await readFile('deploy/rappel.yaml', 'utf8')).filter((fault) => !/certificate|PEM/i.test(fault))).toEqual([])
  })

  test.each(['deploy/compose.yaml', 'deploy/kubernetes/rappel.yaml', 'deploy/prometheus/alerts.yaml'])('%s is YAML', async (file) => {
    for (const document of parseAllDocuments(await readFile(file, 'utf8'))) expect('errors' in document && document.errors).toEqual([])
  })

  test('compose gives every secret that the configuration names', async () => {
    const compose = parse(await readFile('deploy/compose.yaml', 'utf8')) as {
      readonly secrets: Record<string, unknown>
      readonly services: { readonly rappel: { readonly secrets: readonly string[]; readonly read_only: boolean } }
    }
    const named = [...(await readFile('deploy/rappel.yaml', 'utf8')).matchAll(/\/run\/secrets\/([a-z-]+)/g)].map(([, name]) => name)
    expect(compose.services.rappel.secrets).toEqual(expect.arrayContaining(named))
    for (const name of named) expect(Object.keys(compose.secrets)).toContain(name)
    expect(compose.services.rappel.read_only).toBe(true)
  })

  test('each says that it was not run here', async () => {
    const files = (await readdir('deploy', { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile() && entry.name !== 'rappel.yaml',
    )
    for (const { parentPath, name } of files)
      expect(await readFile(`${parentPath}/${name}`, 'utf8'), name).toMatch(
        /[Nn]ot (run|opened) where it was written|None of these was run/,
      )
    expect(await readFile('deploy/kubernetes/rappel.yaml', 'utf8')).toMatch(/Not run where it was written/)
  })

  test('every metric that they name exists, and every alarm is alerted of', async () => {
    const real = (await createMetrics().registry.getMetricsAsJSON()).flatMap(({ name, type }) =>
      String(type) === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    )
    const alerts = await readFile('deploy/prometheus/alerts.yaml', 'utf8')
    const dashboard = await readFile('deploy/grafana/rappel.json', 'utf8')
    const named = [...`${alerts}${dashboard}`.matchAll(/\b(?:rappel|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name)
    expect(named.length).toBeGreaterThan(15)
    for (const name of new Set(named)) expect(real, name).toContain(name)
    for (const code of Object.keys(alarmTexts)) expect(alerts, code).toContain(code)
  })
})

describe('the documents', () => {
  const pages = ['docs/integrators/epic.md', 'docs/integrators/hapi.md', 'docs/integrators/interface-engine.md']

  test.each(pages)('the configuration in %s is accepted', async (page) => {
    const blocks = [...(await readFile(page, 'utf8')).matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text)
    expect(blocks.length).toBeGreaterThan(0)
    for (const block of blocks) expect(faultsOf(block)).toEqual([])
  })

  test('operating.md names every alarm with its level', async () => {
    const page = await readFile('docs/operating.md', 'utf8')
    for (const [code, { level }] of Object.entries(alarmTexts)) expect(page).toMatch(new RegExp(`\\| \`${code}\` \\| ${level}`))
  })
})
