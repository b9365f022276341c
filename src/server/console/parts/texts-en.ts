import type { PartsTexts } from './parts-texts.ts'

export const english: PartsTexts = {
  filter: 'Filter',
  pages: 'Pages',
  previous: 'Previous page',
  next: 'Next page',
  page: (page, pages) => (pages === undefined ? `Page ${page}` : `Page ${page} of ${pages}`),
  copy: 'Copy',
  copied: 'Copied.',
  selected: 'Selected: copy it with the keyboard.',
  clock: (clock) => `By ${clock}.`,
  errors: (count) => (count === 1 ? 'Error: one answer is to be mended' : `Error: ${count} answers are to be mended`),
}
