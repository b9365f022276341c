import type { PartsTexts } from './parts-texts.ts'

export const english: PartsTexts = {
  filter: 'Filter',
  pages: 'Pages',
  previous: 'Previous page',
  next: 'Next page',
  page: (page, pages) => (pages === undefined ? `Page ${page}` : `Page ${page} of ${pages}`),
  errors: (count) => (count === 1 ? 'Error: one answer is to be mended' : `Error: ${count} answers are to be mended`),
}
