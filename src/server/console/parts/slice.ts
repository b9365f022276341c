const usual = 50

/** One page of a list that is in memory; a page beyond the last is the last. */
export function pageOf<Row>(
  rows: readonly Row[],
  wanted: number,
  size = usual,
): { readonly rows: readonly Row[]; readonly page: number; readonly pages: number } {
  const pages = Math.max(1, Math.ceil(rows.length / size))
  const page = Math.min(Math.max(1, wanted), pages)
  return { rows: rows.slice((page - 1) * size, page * size), page, pages }
}
