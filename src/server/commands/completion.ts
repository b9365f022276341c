import type { Command } from './command.ts'
import { readArgs } from './command.ts'
import { Refusal } from './refusal.ts'

const help = `usage: rappel completion bash|zsh|fish
Prints what a shell needs to complete commands and flags:

  bash  source <(rappel completion bash)
  zsh   rappel completion zsh > "\${fpath[1]}/_rappel"
  fish  rappel completion fish > ~/.config/fish/completions/rappel.fish

exit status: 0 printed · 2 wrong command
`

/** Made from the table of commands, so that it knows what `--help` knows. */
export function completionOf(commands: () => readonly Command[]): Command {
  const completion: Command = {
    name: 'completion',
    summary: 'rappel completion bash|zsh|fish   completes commands and flags in a shell',
    help,
    async run(args, { print }) {
      const [shell = ''] = readArgs(completion, args, {}, [1, 1]).positionals
      const script = Object.hasOwn(scripts, shell) ? scripts[shell as keyof typeof scripts] : undefined
      if (!script) throw new Refusal(`bash, zsh or fish\n\n${help}`)
      print(script(commands()))
      return 0
    },
  }
  return completion
}

/** Every long flag of the usage, and of the list of options: what is said between them may name another command's. */
function flagsOf({ help: text }: Pick<Command, 'help'>): readonly string[] {
  const own = text.split('\n').filter((line) => /^(usage:| {2,})/.test(line))
  return [...new Set([...(own.join('\n').match(/--[a-z][a-z-]*/g) ?? []), '--help'])]
}

/** What may follow each beginning: `` the first words, `hl7` its second ones, `hl7 inspect` its flags. */
function continuations(commands: readonly Command[]): ReadonlyMap<string, readonly string[]> {
  const first = [...new Set(commands.map(({ name }) => name.split(' ')[0] ?? name))]
  const families = first.filter((word) => commands.some(({ name }) => name.startsWith(`${word} `)))
  return new Map([
    // the longest first: a shell takes the first that fits
    ...commands.map((command) => [command.name, flagsOf(command)] as const).sort(([a], [b]) => b.split(' ').length - a.split(' ').length),
    ...families.map((word) => [word, seconds(word, commands)] as const),
    ['', [...first, '--config', '--help', '--version']] as const,
  ])
}

function seconds(word: string, commands: readonly Command[]): readonly string[] {
  return commands.flatMap(({ name }) => (name.startsWith(`${word} `) ? [name.slice(word.length + 1)] : []))
}

const scripts = { bash, zsh, fish } as const

function cases(commands: readonly Command[]): string {
  return [...continuations(commands)]
    .map(([name, words]) => `    ${name === '' ? "''" : `'${name}'|'${name} '*`}) candidates='${words.join(' ')}' ;;`)
    .join('\n')
}

function bash(commands: readonly Command[]): string {
  return `# rappel completion bash
_rappel() {
  local current="\${COMP_WORDS[COMP_CWORD]}" name='' candidates='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in -*) ;; *) name="\${name:+$name }\${COMP_WORDS[i]}" ;; esac
  done
  case "$name" in
${cases(commands)}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$candidates" -- "$current")
}
complete -o default -F _rappel rappel
`
}

function zsh(commands: readonly Command[]): string {
  return `#compdef rappel
# rappel completion zsh
_rappel() {
  local name='' candidates='' word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$word" in -*) ;; *) name="\${name:+$name }$word" ;; esac
  done
  case "$name" in
${cases(commands)}
  esac
  compadd -- \${=candidates}
  [[ "$name" == '' ]] || _files
}
compdef _rappel rappel
`
}

function fish(commands: readonly Command[]): string {
  const lines = [...continuations(commands)].flatMap(([name, words]) => {
    const seen = name.split(' ').filter(Boolean)
    const when = seen.length === 0 ? '__fish_use_subcommand' : seen.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ')
    return words.map((word) =>
      word.startsWith('--') ? `complete -c rappel -n '${when}' -l ${word.slice(2)}` : `complete -c rappel -f -n '${when}' -a ${word}`,
    )
  })
  return `# rappel completion fish\n${lines.join('\n')}\n`
}
