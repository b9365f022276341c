import type { Listed } from './page.ts'
import type { Round } from './round.ts'

/** What was found, and where a round stands, as far as the mark that comes back proves that it was kept. */
export interface PollMemory {
  /** The round to go on with; undefined: begin one. A mark that is not the last one given means that what was found with that is lost. */
  resume(mark: string | undefined): Round | undefined
  isKnown(listed: Listed): boolean
  keep(mark: string, round: Round | undefined, found: Iterable<Listed>): void
  /** The round begins again. */
  forget(): void
}

const mostKnown = 100_000

export function pollMemory(): PollMemory {
  const known = new Map<string, string>()
  let last: { readonly mark?: string; readonly round?: Round; readonly found: readonly Listed[] } = { found: [] }

  function learn({ id, version }: Listed): void {
    known.delete(id)
    known.set(id, version)
  }

  return {
    resume(mark) {
      if (last.mark !== mark) last = { found: [] }
      for (const each of last.found) learn(each)
      for (const id of known.keys()) {
        if (known.size <= mostKnown) break
        known.delete(id)
      }
      return last.round
    },
    isKnown: ({ id, version }) => known.get(id) === version,
    keep(mark, round, found) {
      last = { mark, ...(round && { round }), found: [...found].map(({ id, version }) => ({ id, version })) }
    },
    forget() {
      last = { found: [] }
    },
  }
}
