import { source } from 'axe-core'
import type { Page } from 'playwright-core'

/** WCAG 2.2, A and AA, and what axe's authors hold for good practice. */
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

const ask = `axe.run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] }).then(({ violations }) =>
  violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`

/** Puts axe beside the page; its policy forbids scripts of the page, not those of the browser's owner. */
export function bringAxe(page: Page): Promise<unknown> {
  return page.evaluate(source)
}

/** What would keep somebody from reading or using the page as it is shown now: rule and elements. */
export function seriousFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate<string[]>(ask)
}

export const widths = [320, 390, 1366] as const
const schemes = ['light', 'dark'] as const

/** The faults of one page at each width in each colour scheme; those wider than the window too. Leaves it on a phone by day. */
export async function faultsEverywhere(page: Page): Promise<readonly string[]> {
  await bringAxe(page)
  const faults: string[] = []
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme })
    for (const width of widths) {
      await page.setViewportSize({ width, height: 844 })
      const wider = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      const found = await seriousFaults(page)
      faults.push(
        ...[...found, ...(wider > 0 ? [`wider than the window by ${wider} px`] : [])].map((fault) => `${width} ${colorScheme}: ${fault}`),
      )
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 390, height: 844 })
  return faults
}
