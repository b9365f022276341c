import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { ConnectorId } from '../../core/envelope.ts'
import type { Jobs } from '../job.ts'
import type { TryDeps } from '../mapping/try-message.ts'
import { tryMessage } from '../mapping/try-message.ts'
import type { Workbench } from '../mapping/workbench.ts'
import type { QuarantineDeps } from '../quarantine/acts.ts'
import type { ReplayDeps } from '../replay/replay.ts'
import { replayJob, startReplay } from '../replay/start.ts'
import { giveUpWriteBack } from '../write-back-acts.ts'
import { apiRoute } from './api-route.ts'
import type { ApiRoute } from './route.ts'
import { problem } from './route.ts'
import { anInstant, writeBack } from './shapes.ts'

export interface TechnicalRoutesDeps extends QuarantineDeps, Omit<ReplayDeps, 'ingest'> {
  readonly ingest: QuarantineDeps['ingest'] & ReplayDeps['ingest']
  readonly channels: TryDeps['channels']
  readonly workbench?: Workbench
  readonly jobs: Jobs
  /** Called after a commit: what waited for its EHR may not any more. */
  readonly answered: () => void
}

const inspected = z.object({
  messages: z.array(z.unknown()).describe('Of each message its fields by name, what it says, and what would be decided'),
  left: z.int().describe('More messages than were looked at'),
  yaml: z.string().describe('The mapping, as it would stand in the configuration'),
})
const counts = z.object({
  state: z.enum(['running', 'done', 'failed', 'stopped']),
  startedAt: anInstant,
  progress: z.number(),
  result: z.record(z.string(), z.unknown()).optional(),
})
const given = z.iso.datetime({ offset: true }).describe('ISO 8601')
const longestDays = 31

/** What the technical pages of the console do, for programs: give up, try a mapping, read the past again. */
export function technicalRoutes(deps: TechnicalRoutesDeps): readonly ApiRoute[] {
  const { store, sources, clock, workbench, jobs, answered } = deps
  const ofConnector = (id: ConnectorId) => sources.get(id)?.clinicId
  const connector = {
    least: ['integrator'],
    clinicOf: (c: { req: { param(name: string): string | undefined } }) => ofConnector(c.req.param('connector') ?? ''),
  } as const
  return [
    apiRoute({
      method: 'POST',
      path: '/api/v1/write-backs/:id/give-up',
      least: ['appointments', 'integrator'],
      clinicOf: async (c) => {
        const found = await store.read((tx) => tx.writeBacks.find(c.req.param('id') ?? ''))
        return found && (ofConnector(found.connectorId) ?? '')
      },
      summary: 'Bring an answer to the EHR no more',
      description: 'One that waits; a line of the staff’s inbox asks a person to write it into the chart.',
      responses: { 200: writeBack },
      problems: ['conflict'],
      handle: async (c, { params: { id } }) => {
        const acted = await store.transact((tx) => giveUpWriteBack(tx, id, c.get('caller'), clock.now()))
        if (!acted) return problem(c, 404, 'no such write-back')
        if (acted.kind === 'not_so') return problem(c, 409, `it is ${acted.state}: only what waits is given up`)
        answered()
        return c.json(acted.writeBack)
      },
    }),
    apiRoute({
      ...connector,
      method: 'POST',
      path: '/api/v1/connectors/:connector/try',
      summary: 'Read a message as the connector would',
      description: 'By its own mapping, or another one. Nothing is kept, and nothing is sent.',
      maxBytes: 512 * 1024,
      body: z.strictObject({
        text: z.string().min(1).describe('HL7 v2, or FHIR JSON'),
        preset: z.string().optional(),
        mapping: z.string().optional().describe('YAML of what stands below `mapping:`; the configuration’s own unless given'),
      }),
      responses: { 200: inspected },
      problems: ['invalid'],
      handle: async (c, { params, body: { text, preset, mapping } }) => {
        const connectorId = String(params.connector)
        const own = workbench?.factsOf(connectorId)
        const name = preset ?? (mapping === undefined ? own?.preset : undefined)
        const edit = { ...(name !== undefined && { preset: name }), mapping: mapping ?? own?.mappingYaml ?? '' }
        const tried = workbench && (await tryMessage({ ...deps, workbench }, { connectorId, text, edit }))
        if (!tried) return problem(c, 404, 'nothing is known of how that connector is configured')
        if (tried.kind === 'faulty')
          return problem(c, 422, 'mend the mapping', { faults: tried.faults.map((message) => ({ pointer: '/mapping', message })) })
        return c.json({ messages: tried.inspections, left: tried.left, yaml: tried.yaml })
      },
    }),
    apiRoute({
      ...connector,
      method: 'POST',
      path: '/api/v1/connectors/:connector/replay',
      summary: 'Read what a connector received again',
      description:
        'By the mapping of now, as an import: nobody is told of it. Dry, it only counts what would change. One runs at a time; GET says how far it is.',
      body: z.strictObject({ from: given, until: given, dry: z.boolean() }),
      responses: { 202: counts },
      problems: ['conflict', 'invalid'],
      handle: (c, { params, body: { from, until, dry } }) => {
        const connectorId = String(params.connector)
        const asked = { connectorId, from: Temporal.Instant.from(from), until: Temporal.Instant.from(until), dry }
        const hours = asked.until.since(asked.from).total('hours')
        if (hours <= 0 || hours > longestDays * 24) return problem(c, 422, 'until is after from, by 31 days at most')
        if (!startReplay(deps, asked, c.get('caller'))) return problem(c, 409, 'one is running')
        return c.json(replayJob(jobs, connectorId) ?? {}, 202)
      },
    }),
    apiRoute({
      ...connector,
      method: 'GET',
      path: '/api/v1/connectors/:connector/replay',
      summary: 'See how far the last replay is',
      description: 'Since the service was started.',
      responses: { 200: counts },
      handle: (c, { params }) => {
        const job = replayJob(jobs, String(params.connector))
        return job ? c.json(job) : problem(c, 404, 'none since the service was started')
      },
    }),
  ]
}
