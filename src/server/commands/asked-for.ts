import { parseArgs } from 'node:util'
import type { Command } from './command.ts'
import { nearest } from './suggest.ts'

/** What a command line asks for. `serve`: no command is named. */
export type AskedFor =
  | { readonly kind: 'serve' | 'help' | 'version'; readonly args: readonly string[] }
  | { readonly kind: 'command'; readonly command: Command; readonly args: readonly string[] }
  | { readonly kind: 'command-help'; readonly command: Command }
  /** `rappel hl7`: there are several, and none was said. */
  | { readonly kind: 'family'; readonly words: string; readonly members: readonly Command[] }
  | { readonly kind: 'unknown'; readonly words: string; readonly meant?: string }

/** Finds the command by its word or two, wherever they stand among the flags, and leaves the rest to it. */
export function askedFor(args: readonly string[], commands: readonly Command[]): AskedFor {
  const { tokens } = parseArgs({
    args: [...args],
    options: { config: { type: 'string' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const wantsHelp = args.includes('--help') || args.includes('-h')
  const words = tokens.flatMap((token) => (token.kind === 'positional' ? [token] : []))
  if (words.length === 0) {
    if (args.includes('--version') || args.includes('-V')) return { kind: 'version', args }
    return { kind: wantsHelp ? 'help' : 'serve', args }
  }
  const said = words.map(({ value }) => value)
  if (said[0] === 'help' && said.length === 1) return { kind: 'help', args }
  const command = commands.find(({ name }) => name === said.slice(0, name.split(' ').length).join(' '))
  if (!command) return unknown(said, commands)
  if (wantsHelp) return { kind: 'command-help', command }
  const taken = new Set(words.slice(0, command.name.split(' ').length).map(({ index }) => index))
  return { kind: 'command', command, args: args.filter((_, index) => !taken.has(index)) }
}

function unknown(said: readonly string[], commands: readonly Command[]): AskedFor {
  const [first = ''] = said
  const members = commands.filter(({ name }) => name.startsWith(`${first} `))
  if (members.length > 0 && said.length === 1) return { kind: 'family', words: first, members }
  const words = said.slice(0, 2).join(' ')
  const names = commands.map(({ name }) => name)
  const families = names.map((name) => name.split(' ')[0] ?? name)
  const meant = nearest(words, names) ?? nearest(first, [...names, ...families])
  return { kind: 'unknown', words, ...(meant !== undefined && { meant }) }
}
