import type { TemplateValues } from './values.ts'

/** A template that was read; core knows no more of its language than this. */
export interface ParsedTemplate {
  readonly ok: true
  /** Every name it asks for: `clinic.name`. */
  readonly variables: readonly string[]
  /** Undefined: it cannot be written with these values. */
  render(values: TemplateValues): string | undefined
}

export interface TemplateFault {
  readonly ok: false
  /** In English, by the reader of templates. */
  readonly said: string
  readonly line?: number
  readonly column?: number
}

export type ParseTemplate = (source: string) => ParsedTemplate | TemplateFault
