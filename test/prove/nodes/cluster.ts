import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Running, startProcess } from '../../support/service-process.ts'
import type { Server } from './database.ts'
import { type FaultProxy, faultProxy } from './fault-proxy.ts'

/** One process, the wire between it and the database, and the id under which it holds its leases there. */
export interface Node {
  readonly process: Running
  readonly wire: FaultProxy
  readonly id: string
}

/** Nodes of one database, behind a balancer for MLLP and one for HTTP that know who is up and nothing else. */
export interface Cluster {
  readonly up: readonly Node[]
  readonly mllp: FaultProxy
  readonly web: FaultProxy
  /** Last words of those that ended by themselves, which none may. */
  readonly fallen: readonly string[]
  start(): Promise<Node>
  /** `kill -9`: nobody goes there any more. */
  kill(node: Node): Promise<void>
}

export interface ClusterOptions {
  readonly folder: string
  readonly server: Server
  readonly database: string
  readonly ports: { readonly sms: number; readonly mllp: number; readonly fhir: number }
  /** After which a silent node is taken for dead; the default of the service unless told. */
  readonly lease?: string
  /** Another program than the built one. */
  readonly entry?: string
}

/** Of nobody: thirty-two bytes that were drawn once. */
export const hookSecret = 'Zk3vQ9mT1xW7bR5uH2nJ8pL4sD6fG0yC9eA1iK3oMbU='

export async function aCluster(options: ClusterOptions): Promise<Cluster> {
  const { server, database, folder } = options
  const up: Node[] = []
  const fallen: string[] = []
  let turn = 0
  const next = (port: (node: Node) => number) => () => {
    turn += 1
    const found = up[turn % up.length]
    return found && port(found)
  }
  const mllp = await faultProxy(next(({ process }) => process.mllpPort))
  const web = await faultProxy(next(({ process }) => process.webPort))
  let made = 0

  const ids = async () =>
    (await server.query(database, "select holder from leases where name like 'node:%'").catch(() => [])).map(({ holder }) => String(holder))

  return {
    up,
    mllp,
    web,
    fallen,
    async start() {
      made += 1
      const wire = await faultProxy(() => server.port)
      const file = join(folder, `node-${made}.yaml`)
      await writeFile(join(folder, `database-${made}`), server.addressOf(database, wire.port))
      await writeFile(file, configurationOf(options, join(folder, `database-${made}`), web.port))
      const before = await ids()
      const process = await startProcess(file, options.entry)
      let id: string | undefined
      await expect.poll(async () => (id = (await ids()).find((each) => !before.includes(each))), { timeout: 30_000 }).toBeDefined()
      const node = { process, wire, id: id ?? '' }
      up.push(node)
      void process.ended.then((status) => {
        if (up.includes(node))
          fallen.push(
            `a node ended with ${status}: ${process.lines
              .slice(-3)
              .map((line) => JSON.stringify(line))
              .join(' ')}`,
          )
      })
      return node
    },
    async kill(node) {
      up.splice(up.indexOf(node), 1)
      node.process.child.kill('SIGKILL')
      await node.process.ended
    },
  }
}

function configurationOf({ folder, ports, lease }: ClusterOptions, database: string, web: number): string {
  const agendas = Array.from({ length: 40 }, (_, index) => `D${index + 1}: { live: true, site: main }`)
  return `server: { port: 0, publicUrl: "http://127.0.0.1:${web}" }
store: { postgres: { url: { file: ${database} }, poolSize: 5${lease === undefined ? '' : `, lease: ${lease}`} } }
archive: { directory: ${join(folder, 'archive')} }
log: info
sendRetries: [PT1S, PT2S, PT5S]
writeBackRetries: [PT0.5S, PT1S, PT2S, PT5S, PT10S, PT10S, PT10S]
sms: { provider: twilio, accountSid: AC${'0'.repeat(32)}, authToken: { file: ${join(folder, 'token')} }, from: "+33700000000", baseUrl: "http://127.0.0.1:${ports.sms}" }
clinics:
  - id: tilleuls
    name: Clinique des Tilleuls
    zone: Europe/Paris
    communications: true
    smsActivated: true
    quietHours: none
    cancelUndo: PT0S
    cadence: []
    dailyCap: 1000
    fuse: { least: 1000000 }
    absence: { least: 1000000 }
    sites: { main: { name: Clinique des Tilleuls, patientMayCancel: true } }
    agendas: { ${agendas.join(', ')}, Practitioner/moreau: { live: true, site: main } }
    motifs: { CONSULT: { type: onsite }, ROUTINE: { type: onsite } }
connectors:
  - id: ehr
    protocol: hl7v2
    clinic: tilleuls
    zone: Europe/Paris
    region: FR
    listen: { port: 0 }
    mapping: { agenda: [AIP-3.1] }
    writeBack: { host: 127.0.0.1, port: ${ports.mllp} }
  - id: chart
    protocol: fhir
    clinic: tilleuls
    zone: Europe/Paris
    region: FR
    baseUrl: "http://127.0.0.1:${ports.fhir}/fhir"
    hook: { secrets: [{ file: ${join(folder, 'secret')} }] }
    poll: { every: PT30S }
    writeBack: { method: put, perSecond: 50 }
`
}
