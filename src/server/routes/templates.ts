import type { Context } from 'hono'
import { z } from 'zod'
import type { Connector } from '../../connectors/connector.ts'
import type { ConnectorId } from '../../core/envelope.ts'
import { smsSegments } from '../../core/gsm7.ts'
import type { Settings } from '../../core/settings.ts'
import type { Cell } from '../../core/template/cell.ts'
import { cellKey, cellKinds, readCell } from '../../core/template/cell.ts'
import { isRefused, lintTemplate } from '../../core/template/lint.ts'
import type { Preview } from '../../core/template/preview.ts'
import { previewWords } from '../../core/template/preview.ts'
import { templateVariables } from '../../core/template/variables.ts'
import { messageLanguages } from '../../core/words/catalogue.ts'
import type { WordsInput } from '../../core/words/story.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { aboutAppointment } from '../templates/about.ts'
import { parseTemplate } from '../templates/render.ts'
import { readJson } from './body.ts'
import type { ApiEnv, ApiRoute } from './route.ts'
import { clinicInPath, problem } from './route.ts'

export interface TemplatesDeps {
  readonly store: Store
  readonly connectors: ReadonlyMap<ConnectorId, Pick<Connector, 'writes'>>
  readonly clock: Clock
  /** Without a slash at its end. */
  readonly publicUrl: string
}

type Ask = Context<ApiEnv>

const base = '/api/v1/clinics/:clinic/templates'
/** A body in the longest alphabet, and some room. */
const maxBytes = 32 * 1024

/** What each message says, before one is sent (D3): the catalogue, a template that is being written, and what is wrong with it. Saved with the settings. */
export function templateRoutes(deps: TemplatesDeps): readonly ApiRoute[] {
  const anyStaff = { access: 'api', least: ['reader'], clinicOf: clinicInPath } as const
  return [
    { method: 'GET', path: base, ...anyStaff, handle: (c) => list(deps, c) },
    { method: 'POST', path: `${base}/lint`, ...anyStaff, maxBytes, handle: (c) => lint(deps, c) },
    { method: 'POST', path: `${base}/preview`, ...anyStaff, maxBytes, handle: (c) => preview(deps, c) },
  ]
}

const cell = z.string().transform((key, context) => {
  const read = readCell(key)
  if (read) return read
  context.addIssue({ code: 'custom', message: 'kind.channel.modality.language: reminder.sms.onsite.fr' })
  return z.NEVER
})
const template = z.strictObject({ subject: z.string().min(1).max(300).exactOptional(), body: z.string().min(1).max(4_000) })

async function settingsAsked({ store }: TemplatesDeps, c: Ask): Promise<Settings | undefined> {
  return store.read((tx) => tx.settings.current(c.req.param('clinic') ?? ''))
}

const noClinic = (c: Ask) => problem(c, 404, 'no such clinic')

const modalities = ['onsite', 'video', 'phone', 'home', 'unknown'] as const
const filter = z.object({ channel: z.enum(['sms', 'email', 'push']).default('sms'), language: z.enum(messageLanguages).default('fr') })

/** One channel and language at a time: every kind, however one comes. */
async function list(deps: TemplatesDeps, c: Ask): Promise<Response> {
  const query = filter.safeParse(c.req.query())
  if (!query.success) return problem(c, 400, `channel is sms, email or push; language is ${messageLanguages.join(' or ')}`)
  const settings = await settingsAsked(deps, c)
  if (!settings) return noClinic(c)
  const cells = cellKinds.flatMap((kind) => modalities.map((modality): Cell => ({ kind, modality, ...query.data })))
  return c.json({
    items: cells.map((each) => ({
      cell: cellKey(each),
      ...shown(each, previewWords({ cell: each, settings, parse: parseTemplate }), deps.publicUrl),
    })),
    variables: templateVariables,
  })
}

async function lint(deps: TemplatesDeps, c: Ask): Promise<Response> {
  const body = await readJson(c, z.strictObject({ cell, template }))
  if (!body.ok) return body.response
  const settings = await settingsAsked(deps, c)
  if (!settings) return noClinic(c)
  const report = lintTemplate({ ...body.value, settings, parse: parseTemplate, publicUrl: deps.publicUrl })
  return c.json({ ...report, refused: isRefused(report) })
}

async function preview(deps: TemplatesDeps, c: Ask): Promise<Response> {
  const body = await readJson(c, z.strictObject({ cell, template: template.exactOptional(), appointment: z.string().exactOptional() }))
  if (!body.ok) return body.response
  const settings = await settingsAsked(deps, c)
  if (!settings) return noClinic(c)
  const { cell: asked, template: own, appointment } = body.value
  const about = appointment === undefined ? undefined : await realOne(deps, appointment, asked, settings)
  if (appointment !== undefined && !about) return problem(c, 404, 'no such appointment: its id is connector:id-at-the-EHR')
  const previewed = previewWords({ cell: asked, settings, parse: parseTemplate, ...(own && { template: own }), ...(about && { about }) })
  return c.json(shown(asked, previewed, deps.publicUrl))
}

async function realOne(
  { store, connectors, clock }: TemplatesDeps,
  id: string,
  asked: Cell,
  settings: Settings,
): Promise<WordsInput | undefined> {
  return store.read((tx) => aboutAppointment(tx, { id, cell: asked, settings, connectors, now: clock.now() }))
}

function shown({ channel }: Cell, { words, ...from }: Preview, publicUrl: string) {
  const { subject, preheader, title, day, time, lines, action, asides, footer } = words
  switch (channel) {
    case 'sms': {
      const text = words.sms.replaceAll('{link}', `${publicUrl}/${'x'.repeat(22)}`)
      return { ...from, text, size: smsSegments(text) }
    }
    case 'email':
      return { ...from, subject, preheader, title, day, time, lines, action: action.label, asides, footer }
    case 'push':
      return { ...from, subject, text: preheader }
    default:
      return channel satisfies never
  }
}
