/** As it is typed in three fields. */
export interface TypedDate {
  readonly day: string
  readonly month: string
  readonly year: string
}

/** `YYYY-MM-DD`; undefined for what is no day of any calendar, which is not a guess. */
export function readBirthDate({ day, month, year }: TypedDate): string | undefined {
  const parts = [year, month, day].map((part) => part.trim())
  if (!/^\d{4}$/.test(parts[0] ?? '') || !parts.every((part) => /^\d{1,4}$/.test(part))) return undefined
  const [y = 0, m = 0, d = 0] = parts.map(Number)
  if (m < 1 || m > 12 || d < 1 || d > daysIn(y, m)) return undefined
  return `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}
