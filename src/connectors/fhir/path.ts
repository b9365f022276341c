import type { Coded } from '../../core/appointment.ts'
import { asReference, type Graph } from './graph.ts'
import { isObject, type Json, type JsonObject, objectsOf, stringOf } from './json.ts'
import type { Condition, Rule } from './options.ts'

/**
 * A small language for *where in the appointment*: element names joined by dots; lists are walked through; a reference is followed
 * when an element is asked of it. `name(filter)` keeps references to that type (`participant.actor(Practitioner)`), extensions with that url
 * (`extension(https://…).valueString`), codings and identifiers of that system (`meta.tag(urn:x).code`).
 */
export type Path = readonly Step[]

interface Step {
  readonly name: string
  readonly filter?: string
}

interface Node {
  readonly value: Json
  /** The object it is an element of. */
  readonly parent: JsonObject
  /** The resource that contains it. */
  readonly root: JsonObject
}

const maxNodes = 500
const maxKey = 200

/** Throws on a path that cannot be read: it is wrong configuration. */
export function parsePath(text: string): Path {
  const steps = [...text.matchAll(/([A-Za-z_][A-Za-z0-9_]*)(?:\(([^()]+)\))?(\.|$)/gy)]
  const length = steps.reduce((sum, [whole]) => sum + whole.length, 0)
  if (steps.length === 0 || length !== text.length || text.endsWith('.')) throw new Error(`not a path: ${text}`)
  return steps.map(([, name = '', filter]) => (filter === undefined ? { name } : { name, filter }))
}

/** What a path finds, in document order: a code with its display, a reference as `Type/id`, a concept by its first code, else its text. */
export function valuesAt(path: Path, resource: JsonObject, graph: Graph): readonly Coded[] {
  let nodes: readonly Node[] = [{ value: resource, parent: resource, root: resource }]
  for (const step of path) nodes = nodes.flatMap((node) => children(node, step, graph)).slice(0, maxNodes)
  return nodes.flatMap((node) => codedOf(node, graph) ?? [])
}

function children(node: Node, step: Step, graph: Graph): readonly Node[] {
  const { value: referred, root } = followed(node, step, graph)
  const parent = conceptOf(referred, step.name)
  if (!isObject(parent)) return []
  const child = Object.hasOwn(parent, step.name) ? parent[step.name] : undefined
  const values = Array.isArray(child) ? child : child === undefined ? [] : [child]
  const nodes = values.map((value) => ({ value, parent, root }))
  return step.filter === undefined ? nodes : nodes.filter((each) => passes(each, step.filter ?? '', graph))
}

/** R5 keeps a concept or a reference in one CodeableReference: paths written for R4 find the concept. */
function conceptOf(value: Json, name: string): Json {
  return isObject(value) && isObject(value.concept) && !Object.hasOwn(value, name) ? value.concept : value
}

/** A reference stands for its resource when it has no such element itself. */
function followed(node: Node, step: Step, graph: Graph): Pick<Node, 'value' | 'root'> {
  const reference = asReference(node.value)
  if (!reference || (isObject(node.value) && Object.hasOwn(node.value, step.name))) return node
  const found = graph.find(reference, node.root)
  return found.resource ? { value: found.resource, root: found.root } : node
}

function passes({ value, root }: Node, filter: string, graph: Graph): boolean {
  if (!isObject(value)) return false
  if (value.url === filter || value.system === filter) return true
  const reference = asReference(value)
  return reference !== undefined && graph.find(reference, root).type === filter
}

function codedOf({ value, parent, root }: Node, graph: Graph): Coded | undefined {
  if (typeof value !== 'object') return coded(String(value), parent.code === value ? stringOf(parent.display) : undefined)
  if (!isObject(value)) return undefined
  const reference = asReference(value)
  if (reference) {
    const { key, display, resource } = graph.find(reference, root)
    return coded(key, display ?? stringOf(resource?.name))
  }
  if (isObject(value.concept)) return codedOf({ value: value.concept, parent: value, root }, graph)
  if (isObject(value.reference)) return codedOf({ value: value.reference, parent: value, root }, graph)
  if (value.coding !== undefined || value.text !== undefined) {
    const first = objectsOf(value.coding).find((each) => stringOf(each.code))
    return coded(stringOf(first?.code) ?? stringOf(value.text), stringOf(value.text) ?? stringOf(first?.display))
  }
  return coded(stringOf(value.code) ?? stringOf(value.value), stringOf(value.display))
}

function coded(key: string | undefined, text: string | undefined): Coded | undefined {
  if (!key) return undefined
  return { key: key.slice(0, maxKey), ...(text && { text: text.slice(0, maxKey) }) }
}

/** A rule with its path and expression compiled. */
export interface Matcher<T> {
  readonly path: Path
  readonly holds: (value: string) => boolean
  readonly value: T
}

/** Throws on a path or an expression that cannot be read: it is wrong configuration. */
export function compileRule<T>(rule: Rule<T>): Matcher<T> {
  return { path: parsePath(rule.path), holds: predicateOf(rule), value: rule.value }
}

/** The value of the first rule that holds. */
export function firstMatch<T>(matchers: readonly Matcher<T>[], resource: JsonObject, graph: Graph): T | undefined {
  return matchers.find(({ path, holds }) => valuesAt(path, resource, graph).some(({ key }) => holds(key)))?.value
}

function predicateOf({ equals, in: list, regex }: Condition): (value: string) => boolean {
  const expression = regex === undefined ? undefined : new RegExp(regex, 'u')
  return (value) =>
    (equals === undefined || value === equals) && (list === undefined || list.includes(value)) && (!expression || expression.test(value))
}
