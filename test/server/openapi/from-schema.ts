import fc from 'fast-check'

export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly pattern?: string
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly additionalProperties?: boolean | JsonSchema
}

/** Values that a schema of the document takes, or nearly: what it cannot say (`pattern` beside a length) is tried all the same. */
export function fromSchema(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const forms = schema.anyOf ?? schema.oneOf
  if (forms) return fc.oneof(...forms.map(fromSchema))
  switch (schema.type) {
    case 'object':
      return objectFrom(schema)
    case 'array':
      return fc.array(fromSchema(schema.items ?? {}), { maxLength: 3 })
    case 'boolean':
      return fc.boolean()
    case 'integer':
    case 'number':
      return fc.integer({ min: Math.max(schema.minimum ?? -10, -1_000_000), max: Math.min(schema.maximum ?? 10, 1_000_000) })
    case 'null':
      return fc.constant(null)
    case 'string':
      return stringFrom(schema)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function objectFrom({ properties = {}, required = [], additionalProperties }: JsonSchema): fc.Arbitrary<unknown> {
  const own = fc.record(Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, fromSchema(each)])), {
    requiredKeys: required.filter((name) => Object.hasOwn(properties, name)),
  })
  return typeof additionalProperties === 'object'
    ? fc
        .tuple(own, fc.dictionary(fc.string({ maxLength: 9 }), fromSchema(additionalProperties), { maxKeys: 3 }))
        .map(([a, b]) => ({ ...b, ...a }))
    : own
}

function stringFrom({ pattern, format, minLength = 0, maxLength = 30 }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'date-time')
    return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString())
  if (format === 'uri') return fc.webUrl()
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'))
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 30)), unit: 'grapheme' })
}
