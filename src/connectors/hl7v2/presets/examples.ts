import { existsSync, readFileSync } from 'node:fs'

/** The message, of invented people, that the preset of this name was tried with, as text for whoever looks at it; undefined: it has none. */
export function exampleOf(preset: string): string | undefined {
  if (!/^[a-z-]+$/.test(preset)) return undefined
  const file = new URL(`examples/${preset}.hl7`, import.meta.url)
  return existsSync(file) ? textOf(readFileSync(file)) : undefined
}

/** Some are in the code page their product writes; what they hold of it is the same in this one. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
