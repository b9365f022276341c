import type { Context } from 'hono'
import type { ConnectorId } from '../../../core/envelope.ts'
import type { Clockface } from '../../../core/local-time.ts'
import type { Language } from '../../../core/words/language.ts'
import type { Archive } from '../../../store/port/archive.ts'
import type { InboxRow } from '../../../store/port/inbox.ts'
import type { Clock } from '../../clock.ts'
import { idFrom } from '../../ids.ts'
import type { Jobs } from '../../job.ts'
import type { TryDeps } from '../../mapping/try-message.ts'
import { tryMessage } from '../../mapping/try-message.ts'
import type { MappingEdit } from '../../mapping/workbench.ts'
import { bodyOf } from '../../quarantine/acts.ts'
import type { ReplayDeps } from '../../replay/replay.ts'
import { replayJob, startReplay } from '../../replay/start.ts'
import type { StaffEnv, StaffRoute } from '../../routes/route.ts'
import { actorOf } from '../../settings/edit-settings.ts'
import type { FieldError } from '../parts/errors.tsx'
import { sentBy } from '../parts/form.ts'
import { dayTyped, type SpanTyped, spanIn } from '../parts/span.tsx'
import { consoleRefusal } from '../refusal.tsx'
import { installationFace } from '../technical-face.ts'
import type { Trial } from './inspected.tsx'
import { listPage } from './list-page.tsx'
import { onePage } from './one-page.tsx'
import { replayPage } from './replay-page.tsx'
import type { ConnectorState, StateDeps } from './state.ts'
import { connectorsOf, stateOf } from './state.ts'
import { connectorsTexts } from './texts.ts'

export interface ConnectorPagesDeps extends StateDeps, Omit<ReplayDeps, 'connectors' | 'sources'> {
  readonly archive: Pick<Archive, 'get'>
  readonly channels: TryDeps['channels']
  readonly clock: Clock
  readonly jobs: Jobs
}

type Ask = Context<StaffEnv>

const one = '/console/connectors/:connector'
/** As large as a message may be that a person pastes, written as a form writes it. */
const maxBytes = 512 * 1024
const longestExamineMs = 30_000

/** Every feed and what its EHR takes back; one with its mapping tester, and its past read again. */
export function connectorPages(deps: ConnectorPagesDeps): readonly StaffRoute[] {
  const clinicOf = (c: Ask) => deps.sources.get(idOf(c))?.clinicId
  const see = { method: 'GET', access: 'staff', least: ['reader', 'integrator'] } as const
  const act = { method: 'POST', access: 'staff', least: ['integrator'], clinicOf } as const
  return [
    { ...see, path: '/console/connectors', clinicOf: 'each', handle: (c) => list(deps, c) },
    { ...see, path: one, clinicOf, handle: (c) => show(deps, c) },
    { ...act, path: `${one}/try`, maxBytes, handle: (c) => tryOut(deps, c) },
    { ...act, path: `${one}/examine`, handle: (c) => examine(deps, c) },
    { ...act, method: 'GET', path: `${one}/replay`, handle: (c) => showReplay(deps, c) },
    { ...act, path: `${one}/replay`, handle: (c) => takeReplay(deps, c) },
  ]
}

const idOf = (c: Ask): string => c.req.param('connector') ?? ''
const nowhere = (c: Ask) => consoleRefusal(c, 404, 'missing')

function faceOf({ sources, clock }: ConnectorPagesDeps, c: Ask): Clockface & { readonly language: Language } {
  const language = c.get('language')
  const zone = sources.get(idOf(c))?.zone
  const face = installationFace({ sources, clock }, language)
  return { ...face, language, ...(zone !== undefined && { zone }) }
}

async function list(deps: ConnectorPagesDeps, c: Ask): Promise<Response> {
  const states = await Promise.all(connectorsOf(deps, c.get('caller')).map((id) => stateOf(deps, id)))
  return listPage(
    c,
    states.flatMap((each) => each ?? []),
    faceOf(deps, c),
  )
}

/** The mapping of the configuration, nothing pasted. */
function blank(deps: ConnectorPagesDeps, id: ConnectorId): Trial {
  const facts = deps.workbench?.factsOf(id)
  return { text: '', edit: { ...(facts?.preset !== undefined && { preset: facts.preset }), mapping: facts?.mappingYaml ?? '' } }
}

async function show(deps: ConnectorPagesDeps, c: Ask): Promise<Response> {
  const state = await stateOf(deps, idOf(c))
  return state ? onePage(c, { state, trial: blank(deps, state.id), face: faceOf(deps, c) }) : nowhere(c)
}

async function tryOut(deps: ConnectorPagesDeps, c: Ask): Promise<Response> {
  const state = await stateOf(deps, idOf(c))
  if (!state) return nowhere(c)
  const sent = await sentBy(c)
  const preset = sent.one('preset')
  const edit = { ...(preset !== '' && { preset }), mapping: sent.one('mapping') }
  const face = faceOf(deps, c)
  const trial =
    sent.one('do') === 'latest'
      ? await withLatest(deps, c, edit, face.language)
      : sent.has('example')
        ? await withExample(deps, c, state.protocol, sent.one('example'))
        : await tried(deps, c, edit, sent.one('message'))
  return onePage(c, { state, trial, face })
}

async function tried(deps: ConnectorPagesDeps, c: Ask, edit: MappingEdit, text: string): Promise<Trial> {
  const { workbench } = deps
  const texts = connectorsTexts[c.get('language')].trial
  if (text.trim() === '') return { text, edit, error: texts.nothingPasted }
  const result = workbench && (await tryMessage({ ...deps, workbench }, { connectorId: idOf(c), text, edit }))
  if (!result) return { text, edit, error: texts.noMessage }
  return result.kind === 'faulty' ? { text, edit, faults: result.faults } : { text, edit, read: result }
}

/** A preset by itself, on the message it was tried with. */
async function withExample(deps: ConnectorPagesDeps, c: Ask, protocol: ConnectorState['protocol'], preset: string): Promise<Trial> {
  const edit = { preset, mapping: '' }
  const text = deps.workbench?.exampleOf(protocol, preset)
  return text === undefined
    ? { text: '', edit, error: connectorsTexts[c.get('language')].presets.none }
    : tried(deps, c, edit, text.replaceAll('\r', '\n'))
}

/** What the feed brought last, into the form; who looked is written down. */
async function withLatest(deps: ConnectorPagesDeps, c: Ask, edit: MappingEdit, language: Language): Promise<Trial> {
  const row = await latestOf(deps, idOf(c))
  const body = row && (await bodyOf(row, deps.archive))
  if (!row || !body) return { text: '', edit, error: connectorsTexts[language].trial.noLatest }
  const entry = { at: deps.clock.now(), actor: actorOf(c.get('caller')), action: 'envelope.read', subject: row.id }
  await deps.store.transact((tx) => tx.audit.append({ ...entry, detail: { connector: row.envelope.connectorId } }))
  return { text: new TextDecoder().decode(body).replaceAll('\r', '\n'), edit }
}

/** Looked for where the feed was last heard; a feed of many connectors is looked through for a while only. */
async function latestOf({ store, feed }: ConnectorPagesDeps, id: ConnectorId): Promise<InboxRow | undefined> {
  const { lastAt } = await feed.statusOf(id)
  if (!lastAt) return undefined
  const page = { from: idFrom(lastAt.subtract({ minutes: 1 })), until: idFrom(lastAt.add({ minutes: 1 })), limit: 200 }
  const rows = await store.read((tx) => tx.inbox.arrived(page))
  return rows.findLast(({ envelope }) => envelope.connectorId === id)
}

async function examine(deps: ConnectorPagesDeps, c: Ask): Promise<Response> {
  const state = await stateOf(deps, idOf(c))
  if (!state) return nowhere(c)
  const findings = await deps.connectors.get(state.id)?.examine?.(AbortSignal.timeout(longestExamineMs))
  return onePage(c, { state, trial: blank(deps, state.id), ...(findings && { findings }), face: faceOf(deps, c) })
}

function showReplay(deps: ConnectorPagesDeps, c: Ask): Response | Promise<Response> {
  return drawReplay(deps, c, { ...dayTyped(faceOf(deps, c)), errors: [] })
}

interface Draw extends SpanTyped {
  readonly errors: readonly FieldError[]
}

function drawReplay(deps: ConnectorPagesDeps, c: Ask, draw: Draw): Response | Promise<Response> {
  return replayPage(c, { id: idOf(c), ...draw, job: replayJob(deps.jobs, idOf(c)), face: faceOf(deps, c) })
}

const longestDays = 31

async function takeReplay(deps: ConnectorPagesDeps, c: Ask): Promise<Response> {
  const [id, sent, face] = [idOf(c), await sentBy(c), faceOf(deps, c)]
  const { replay: texts } = connectorsTexts[face.language]
  const given = { from: sent.one('from'), until: sent.one('until') }
  const span = spanIn(given, face.zone)
  const wrong = (says: string) => drawReplay(deps, c, { ...given, errors: [{ field: 'from', says }] })
  if (!span) return wrong(texts.faulty)
  if (span.until.since(span.from).total('hours') > longestDays * 24 + 1) return wrong(texts.tooLong)
  startReplay(deps, { connectorId: id, ...span, dry: sent.one('do') !== 'go' }, c.get('caller'))
  return c.redirect(`/console/connectors/${encodeURIComponent(id)}/replay`, 303)
}
