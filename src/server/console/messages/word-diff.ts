/** One run of words that both texts have, or one of them. */
export interface Run {
  readonly in: 'both' | 'before' | 'after'
  readonly text: string
}

/** Of each text; what is longer is compared as a whole. */
const mostWords = 600

/** What differs between two texts, word by word: the longest words they have in common stay. */
export function diffWords(before: string, after: string): readonly Run[] {
  const [a, b] = [wordsIn(before), wordsIn(after)]
  if (a.length > mostWords || b.length > mostWords)
    return [
      { in: 'before', text: before },
      { in: 'after', text: after },
    ]
  const common = commonLengths(a, b)
  const runs: { in: Run['in']; text: string }[] = []
  const add = (where: Run['in'], text: string) => {
    const last = runs.at(-1)
    if (last?.in === where) last.text += text
    else runs.push({ in: where, text })
  }
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const [left = '', right = ''] = [a[i], b[j]]
    if (i < a.length && j < b.length && left === right) {
      add('both', left)
      i += 1
      j += 1
    } else if (j >= b.length || (i < a.length && at(common, i + 1, j) >= at(common, i, j + 1))) {
      add('before', left)
      i += 1
    } else {
      add('after', right)
      j += 1
    }
  }
  return runs
}

/** Words, and what stands between them. */
function wordsIn(text: string): readonly string[] {
  return text.split(/(\s+)/).filter((word) => word !== '')
}

/** How many words the rest of one has in common with the rest of the other, in their order. */
function commonLengths(a: readonly string[], b: readonly string[]): readonly (readonly number[])[] {
  const table: number[][] = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const row = table[i] ?? []
    for (let j = b.length - 1; j >= 0; j -= 1)
      row[j] = a[i] === b[j] ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), at(table, i, j + 1))
  }
  return table
}

function at(table: readonly (readonly number[])[], i: number, j: number): number {
  return table[i]?.[j] ?? 0
}
