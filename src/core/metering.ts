import type { SmsPrice } from './settings.ts'

/** What a text costs on that day (`YYYY-MM-DD`, the clinic's): the latest price from then or before; free before the first one (O21). */
export function priceOf(prices: readonly SmsPrice[], day: string, segments: number): { readonly price: number; readonly currency: string } {
  const current = prices
    .filter(({ from }) => from <= day)
    .reduce<SmsPrice | undefined>((latest, each) => (latest && latest.from > each.from ? latest : each), undefined)
  return { price: (current?.perSegment ?? 0) * segments, currency: current?.currency ?? prices[0]?.currency ?? 'XXX' }
}
