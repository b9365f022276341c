import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Bill {
  readonly bomFormat: string
  readonly specVersion: string
  readonly components: readonly { readonly name: string; readonly group?: string; readonly version: string; readonly purl: string }[]
}

interface Lockfile {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly dev?: boolean; readonly devOptional?: boolean; readonly optional?: boolean }>
  >
}

const make = () => execFileSync(process.execPath, ['scripts/sbom.mjs'], { encoding: 'utf8' })

test('the bill of materials holds each part of the lockfile that runs, and is the same each time', { timeout: 120_000 }, () => {
  const text = make()
  const bill = JSON.parse(text) as Bill
  expect([bill.bomFormat, bill.specVersion]).toEqual(['CycloneDX', '1.5'])
  const listed = new Set(bill.components.map(({ purl }) => decodeURIComponent(purl).replace(/\?.*$/, '')))
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lockfile
  const running = Object.entries(packages).filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
  expect(running.length).toBeGreaterThan(100)
  const missing = running
    .map(([path, { version }]) => `pkg:npm/${path.split('node_modules/').at(-1)}@${version}`)
    .filter((purl) => !listed.has(purl))
  expect(missing).toEqual([])
  expect(listed.size).toBe(new Set(running.map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`)).size)
  expect(make()).toBe(text)
})
