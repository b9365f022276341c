/** Is a version, as MSH-12 writes it, older than this one? What is no version counts as 2.3. */
export function isBefore(version: string, ...limit: readonly number[]): boolean {
  const match = /^(\d)\.(\d)(?:\.(\d))?$/.exec(version.slice(0, 8))
  const parts = match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : [2, 3, 0]
  for (const [index, part] of parts.entries()) {
    const other = limit[index] ?? 0
    if (part !== other) return part < other
  }
  return false
}
