import { Liquid, LiquidError, type Template as Piece } from 'liquidjs'
import type { ParsedTemplate, TemplateFault } from '../../core/template/parsed.ts'
import type { TemplateValues } from '../../core/template/values.ts'

const tags = new Set(['if', 'unless', 'case', 'comment'])
const filters = new Set(['default', 'capitalize', 'upcase', 'downcase', 'strip'])

/** Longer than any message; the settings take less. */
const longest = 10_000

/** Reads a clinic's template. It decides and prints, and nothing else: no loop, no file, no include, no code. */
export function parseTemplate(source: string): ParsedTemplate | TemplateFault {
  const kept = parsed.get(source)
  if (kept) return kept
  const fresh = parse(source)
  if (parsed.size >= mostKept) parsed.clear()
  parsed.set(source, fresh)
  return fresh
}

/** Of the templates in use: each is parsed once, not at every message. */
const parsed = new Map<string, ParsedTemplate | TemplateFault>()
const mostKept = 500

const engine = createEngine()

function createEngine(): Liquid {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictVariables: true,
    strictFilters: true,
    // nothing is looked up by name, here or on a disk
    templates: {},
    relativeReference: false,
    dynamicPartials: false,
    parseLimit: longest,
    renderLimit: 1_000,
    memoryLimit: 100_000,
  })
  for (const name of Object.keys(liquid.tags)) if (!tags.has(name)) Reflect.deleteProperty(liquid.tags, name)
  for (const name of Object.keys(liquid.filters)) if (!filters.has(name)) liquid.unregisterFilter(name)
  return liquid
}

function parse(source: string): ParsedTemplate | TemplateFault {
  try {
    const pieces = engine.parse(source)
    return { ok: true, variables: engine.fullVariablesSync(pieces), render: (values) => render(pieces, values) }
  } catch (error) {
    return faultOf(error)
  }
}

/** Undefined: a word it uses has no value here, or it would take too long. */
function render(pieces: Piece[], values: TemplateValues): string | undefined {
  try {
    return String(engine.renderSync(pieces, nested(values)))
  } catch {
    return undefined
  }
}

/** `clinic.name` becomes a property of `clinic`. */
function nested(values: TemplateValues): Record<string, unknown> {
  const scope: Record<string, unknown> = {}
  const groups = new Map<string, Record<string, unknown>>()
  for (const [name, value] of Object.entries(values)) {
    const [top = '', below] = name.split('.')
    if (below === undefined) scope[top] = value
    else {
      const group = groups.get(top) ?? {}
      groups.set(top, group)
      scope[top] = group
      group[below] = value
    }
  }
  return scope
}

/** What liquidjs says, without the lines of the template it adds. */
function faultOf(error: unknown): TemplateFault {
  const { message } = error instanceof Error ? error : { message: '' }
  const said = (message.split('\n')[0] ?? '').replace(/, (line|file):.*$/, '')
  const [line, column] = LiquidError.is(error) ? error.token.getPosition() : []
  return { ok: false, said: said.slice(0, 200), ...(line !== undefined && { line }), ...(column !== undefined && { column }) }
}
