import { parseArgs } from 'node:util'
import type { Command } from './command.ts'

/** What a command line asks for. `serve`: no command is named. */
export type AskedFor =
  | { readonly kind: 'serve' | 'help'; readonly args: readonly string[] }
  | { readonly kind: 'command'; readonly command: Command; readonly args: readonly string[] }
  | { readonly kind: 'command-help'; readonly command: Command }
  | { readonly kind: 'unknown'; readonly words: string }

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
  if (words.length === 0) return { kind: wantsHelp ? 'help' : 'serve', args }
  const said = words.map(({ value }) => value)
  const command = commands.find(({ name }) => name === said.slice(0, name.split(' ').length).join(' '))
  if (!command) return { kind: 'unknown', words: said.slice(0, 2).join(' ') }
  if (wantsHelp) return { kind: 'command-help', command }
  const taken = new Set(words.slice(0, command.name.split(' ').length).map(({ index }) => index))
  return { kind: 'command', command, args: args.filter((_, index) => !taken.has(index)) }
}
