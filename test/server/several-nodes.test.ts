import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { findPostgresAuditFaults } from '../../src/store/postgres/audit.ts'
import { connectPostgres } from '../../src/store/postgres/connection.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import type { SentText } from '../support/fleet.ts'
import { aFleetConfiguration, startEhr, startGateway } from '../support/fleet.ts'
import { type Sending, sendInOrder } from '../support/mllp-ledger.ts'
import { aDatabase, isWithoutPostgres } from '../support/postgres/databases.ts'
import { type Running, startProcess } from '../support/service-process.ts'

const appointments = 48
const lanes = 6
const rounds = 3

const stamp = (at: number) => new Date(at).toISOString().replaceAll(/[-:T]|\.\d+Z/g, '')
const firstWord = Date.now() - 60_000
/** Soon enough to be confirmed, and late enough to be cancelled. */
const firstStart = Date.now() + 40 * 3_600_000

/** A booking, and then a move by an hour, of a patient of their own with a number of their own. */
function said(number: number, sequence: number): Sending {
  const appointment = `A${String(number).padStart(3, '0')}`
  const controlId = `${appointment}-${sequence}`
  const start = firstStart + sequence * 3_600_000
  const lines = [
    `MSH|^~\\&|EHR|HOSP|RAPPEL|SITE1|${stamp(firstWord + sequence * 1_000)}+0000||SIU^${sequence === 0 ? 'S12' : 'S13'}^SIU_S12|${controlId}|P|2.5.1`,
    `SCH||${appointment}|||||CONSULT^Consultation||30|min|^^30^${stamp(start)}+0000${'|'.repeat(14)}Booked`,
    `PID|1||P${number}^^^HOSP^MR||Fictive^Jeanne||19610504|F|||||${4_185_550_100 + number}^PRN^CP`,
    'AIP|1||MOREAU^Moreau^Claire',
  ]
  const bytes = Buffer.concat([Buffer.of(0x0b), Buffer.from(`${lines.join('\r')}\r`), Buffer.of(0x1c, 0x0d)])
  return { controlId, appointment, sequence, start: `${new Date(start).toISOString().slice(0, 19)}Z`, bytes }
}

/** Processes that are killed and come back; whoever wants one gets one that is up. */
function fleet(file: string) {
  const up: Running[] = []
  let turn = 0
  return {
    up,
    async start() {
      up.push(await startProcess(file))
    },
    async kill() {
      const victim = up.shift()
      victim?.child.kill('SIGKILL')
      await victim?.ended
    },
    any(): Running {
      turn += 1
      const found = up[turn % up.length]
      if (!found) throw new Error('no node is up')
      return found
    },
  }
}

type Fleet = ReturnType<typeof fleet>

/** As an EHR behind a balancer: what has no answer goes again, byte for byte, to whichever node is up. */
async function sendUntilAcknowledged(nodes: Fleet, sendings: readonly Sending[]): Promise<void> {
  while (sendings.some(({ ack }) => ack === undefined)) {
    const open = sendings.filter(({ ack }) => ack === undefined)
    await sendInOrder(nodes.any().mllpPort, open).catch(() => wait(20))
  }
}

/** A patient confirms and then cancels, on whichever node is up. */
async function answer(nodes: Fleet, { text }: SentText): Promise<void> {
  const path = /http:\/\/127\.0\.0\.1:8080(\/[\w-]{22})/.exec(text)?.[1] ?? ''
  await untilAnswered(nodes, path, 'confirm', path, 'confirmed')
  await untilAnswered(nodes, path, 'cancel', `${path}?step=cancel`, 'cancelled')
}

async function untilAnswered(nodes: Fleet, path: string, kind: string, asked: string, done: string): Promise<void> {
  for (;;) {
    try {
      const node = `http://127.0.0.1:${nodes.any().webPort}`
      const page = await (await fetch(node + asked)).text()
      const basis = /name="basis" value="([^"]+)"/.exec(page)?.[1] ?? ''
      const response = await fetch(`${node}${path}/${kind}`, { method: 'POST', body: new URLSearchParams({ basis }), redirect: 'manual' })
      await response.body?.cancel()
      const location = response.headers.get('location') ?? ''
      if (location.endsWith(`done=${done}`)) return
      if (response.status < 500) throw new Error(`${kind} was answered ${response.status} ${location}`)
    } catch (error) {
      if (error instanceof Error && error.message.includes('was answered')) throw error
    }
    await wait(50)
  }
}

const wordsOf = ({ to, text }: SentText) => `${to} ${text.replace(/\/[\w-]{22}/g, '/…')}`

function repeated(values: readonly string[]): readonly string[] {
  const seen = new Set<string>()
  return values.filter((value) => seen.size === seen.add(value).size)
}

describe.skipIf(isWithoutPostgres)('three nodes on one database, killed in turn under load (R1, R5, R6, R12, R15)', () => {
  test('lose nothing that was acknowledged, send nothing twice, and answer the EHR in order', { timeout: 120_000 }, async () => {
    const url = await aDatabase()
    const [gateway, ehr] = [await startGateway(), await startEhr()]
    const nodes = fleet(await aFleetConfiguration(url, gateway.port, ehr.port))
    await Promise.all([nodes.start(), nodes.start(), nodes.start()])

    const bookings = Array.from({ length: appointments }, (_, number) => said(number, 0))
    const moves = Array.from({ length: appointments / 2 }, (_, number) => said(number * 2, 1))
    const ofLane = (all: readonly Sending[], lane: number) => all.filter((_, index) => index % lanes === lane)
    const sending = Promise.all(
      Array.from({ length: lanes }, async (_, lane) => {
        for (const one of [...ofLane(bookings, lane), ...ofLane(moves, lane)]) {
          await sendUntilAcknowledged(nodes, [one])
          await wait(40)
        }
      }),
    )
    for (let round = 0; round < rounds; round += 1) {
      await wait(400)
      await nodes.kill()
      await nodes.start()
    }
    await sending
    // odd ones were not moved: what they were told first still holds
    const told = gateway.sent.filter(({ to }) => Number(to.slice(-4)) % 2 === 1).slice(0, 12)
    const answering = Promise.all(told.map((text) => answer(nodes, text)))
    await nodes.kill()
    await answering
    await nodes.start()

    const store = await openPostgres({ url, poolSize: 3 })
    const messages = () =>
      store.read(async (tx) =>
        (await Promise.all(bookings.map(({ appointment }) => tx.notifications.ofAppointment(`ehr:${appointment}`)))).flat(),
      )
    const writeBacks = () =>
      store.read(async (tx) =>
        (await Promise.all(bookings.map(({ appointment }) => tx.writeBacks.ofAppointment(`ehr:${appointment}`)))).flat(),
      )
    const isUnderWay = ({ state, kind }: { readonly state: string; readonly kind: string }) =>
      state === 'sending' || (state === 'planned' && kind !== 'reminder' && kind !== 'previsit')
    await expect.poll(async () => (await messages()).filter(isUnderWay).length, { timeout: 40_000 }).toBe(0)
    await expect
      .poll(async () => (await writeBacks()).filter(({ state }) => state === 'queued' || state === 'sending').length, { timeout: 40_000 })
      .toBe(0)

    const last = new Map([...bookings, ...moves].map(({ appointment, start }) => [appointment, start]))
    const stored = await store.read(async (tx) => {
      const found: [string, string | undefined][] = []
      for (const name of last.keys()) found.push([name, (await tx.appointments.find(`ehr:${name}`))?.start?.toString()])
      return new Map(found)
    })
    expect(stored, 'R1: what was acknowledged is there').toEqual(last)

    expect(repeated(gateway.sent.map(({ id }) => id)), 'R5: no attempt is made twice').toEqual([])
    expect(repeated(gateway.sent.map(wordsOf)), 'R6: nobody is told the same twice').toEqual([])
    const all = await messages()
    const reached = new Set(gateway.sent.map(({ to }) => to))
    const inDoubt = all.filter(({ state }) => state === 'in_doubt')
    for (const { appointment } of bookings) {
      const number = `+1${4_185_550_100 + Number(appointment.slice(1))}`
      const isExplained = reached.has(number) || inDoubt.some(({ appointmentId }) => appointmentId === `ehr:${appointment}`)
      expect(isExplained, `${appointment} was told, or is in doubt`).toBe(true)
    }

    for (const appointment of new Set(ehr.heard.map((each) => each.appointment))) {
      const statuses = ehr.heard.filter((each) => each.appointment === appointment).map(({ status }) => status)
      const once = statuses.filter((status, index) => status !== statuses[index - 1])
      // a confirmation that had not left is withdrawn by the cancellation
      expect([['Confirmed', 'Cancelled'], ['Cancelled']], `R12: ${appointment} in the order of its answers`).toContainEqual(once)
    }
    expect(new Set(ehr.heard.map(({ appointment }) => appointment)).size).toBe(told.length)
    await store.close()

    const connection = await connectPostgres({ url }, 'test')
    expect(await findPostgresAuditFaults(connection.openScope().db), 'R31').toEqual([])
    await connection.close()
  })
})
