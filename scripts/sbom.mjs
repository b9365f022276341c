// The parts the service is made of, as CycloneDX 1.5 on standard output: npm run --silent sbom > sbom.cdx.json
// Made of the lockfile by npm itself; the same lockfile gives the same bytes, so that two of them can be compared.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import process from 'node:process'

const made = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
  stdio: ['ignore', 'pipe', 'inherit'],
})
const bill = JSON.parse(made)
const lockfile = readFileSync('package-lock.json')
// npm's own `--omit dev` leaves out what runs where a part of the tools wants it too
const running = new Set(
  Object.entries(JSON.parse(lockfile).packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
    .map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`),
)
const own = bill.metadata.component['bom-ref']
const nameOf = ({ group, name, version }) => `${group ? `${group}/` : ''}${name}@${version}`
bill.components = bill.components.filter((part) => running.has(nameOf(part)))
const kept = new Set([own, ...bill.components.map((part) => part['bom-ref'])])
bill.dependencies = bill.dependencies
  ?.filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((each) => kept.has(each)).sort() }))
// what npm makes up for each run: a number, the hour, and the name of the folder
const hash = createHash('sha256').update(lockfile).digest('hex')
bill.serialNumber = `urn:uuid:${hash.slice(0, 8)}-${hash.slice(8, 12)}-5${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`
delete bill.metadata.timestamp
bill.metadata.component.name = JSON.parse(readFileSync('package.json', 'utf8')).name
bill.metadata.component.type = 'application'
bill.components.sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1))
bill.dependencies?.sort((a, b) => (a.ref < b.ref ? -1 : 1))
process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`)
