const FIRST_MS = 1_000
const LONGEST_MS = 300_000

/** How long to leave a peer alone after so many failures in a row (MLLP-7): 1 s, doubling to 5 min, and up to a fifth more by `chance` (0 to 1). */
export function reconnectWait(failures: number, chance: number): number {
  const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, Math.min(failures - 1, 20)))
  return Math.min(LONGEST_MS, Math.round(wait * (1 + chance / 5)))
}
