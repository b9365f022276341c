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
import { apiRoute } from './api-route.ts'
import type { ApiRoute } from './route.ts'
import { clinicInPath, problem } from './route.ts'
import { anyChannel, bilingual, finding } from './shapes.ts'

export interface TemplatesDeps {
  readonly store: Store
  readonly connectors: ReadonlyMap<ConnectorId, Pick<Connector, 'writes'>>
  readonly clock: Clock
  /** Without a slash at its end. */
  readonly publicUrl: string
}

const base = '/api/v1/clinics/:clinic/templates'
/** A body in the longest alphabet, and some room. */
const maxBytes = 32 * 1024

const cell = z
  .string()
  .max(200)
  .transform((key, context) => {
    const read = readCell(key)
    if (read) return read
    context.addIssue({ code: 'custom', message: 'kind.channel.modality.language: reminder.sms.onsite.fr' })
    return z.NEVER
  })
  .describe('kind.channel.modality.language: `reminder.sms.onsite.fr`')
const template = z.strictObject({ subject: z.string().min(1).max(300).exactOptional(), body: z.string().min(1).max(4_000) })

const modalities = ['onsite', 'video', 'phone', 'home', 'unknown'] as const
const filter = z.object({ channel: anyChannel.default('sms'), language: z.enum(messageLanguages).default('fr') })

const previewed = z.looseObject({ template: z.string().optional(), failed: z.string().optional(), text: z.string().optional() })
const linted = z.object({
  findings: z.array(finding),
  worst: z.looseObject({ segments: z.int(), price: z.number(), currency: z.string() }).optional(),
  refused: z.boolean(),
})

/** What each message says, before one is sent (D3): the catalogue, a template that is being written, and what is wrong with it. Saved with the settings. */
export function templateRoutes(deps: TemplatesDeps): readonly ApiRoute[] {
  const { store, publicUrl } = deps
  const anyStaff = { least: ['reader'], clinicOf: clinicInPath } as const
  const settingsOf = (clinic: string) => store.read((tx) => tx.settings.current(clinic))
  return [
    apiRoute({
      method: 'GET',
      path: base,
      ...anyStaff,
      summary: 'Show what each message says',
      description: 'One channel and language at a time: every kind, however one comes (D3), and the words a template may use.',
      query: filter,
      responses: {
        200: z.object({
          items: z.array(previewed.extend({ cell: z.string() })),
          variables: z.array(z.object({ name: z.string(), is: z.enum(['text', 'flag']), spots: z.array(z.string()), means: bilingual })),
        }),
      },
      handle: async (c, { params: { clinic }, query }) => {
        const settings = await settingsOf(clinic)
        if (!settings) return problem(c, 404, 'no such clinic')
        const cells = cellKinds.flatMap((kind) => modalities.map((modality): Cell => ({ kind, modality, ...query })))
        return c.json({
          items: cells.map((each) => ({
            cell: cellKey(each),
            ...shown(each, previewWords({ cell: each, settings, parse: parseTemplate }), publicUrl),
          })),
          variables: templateVariables,
        })
      },
    }),
    apiRoute({
      method: 'POST',
      path: `${base}/lint`,
      ...anyStaff,
      maxBytes,
      summary: 'Examine a template',
      description: 'Everything that is wrong with it, and what it costs, before anybody is sent it. Nothing is saved.',
      body: z.strictObject({ cell, template }),
      responses: { 200: linted },
      handle: async (c, { params: { clinic }, body }) => {
        const settings = await settingsOf(clinic)
        if (!settings) return problem(c, 404, 'no such clinic')
        const report = lintTemplate({ ...body, settings, parse: parseTemplate, publicUrl })
        return c.json({ ...report, refused: isRefused(report) })
      },
    }),
    apiRoute({
      method: 'POST',
      path: `${base}/preview`,
      ...anyStaff,
      maxBytes,
      summary: 'Preview a message',
      description: 'With a template that is not saved yet, or the clinic’s; of a real appointment, or of an invented one.',
      body: z.strictObject({ cell, template: template.exactOptional(), appointment: z.string().max(500).exactOptional() }),
      responses: { 200: previewed },
      handle: async (c, { params: { clinic }, body: { cell: asked, template: own, appointment } }) => {
        const settings = await settingsOf(clinic)
        if (!settings) return problem(c, 404, 'no such clinic')
        const about = appointment === undefined ? undefined : await realOne(deps, appointment, asked, settings)
        if (appointment !== undefined && !about) return problem(c, 404, 'no such appointment: its id is connector:id-at-the-EHR')
        const words = previewWords({ cell: asked, settings, parse: parseTemplate, ...(own && { template: own }), ...(about && { about }) })
        return c.json(shown(asked, words, publicUrl))
      },
    }),
  ]
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
