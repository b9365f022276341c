import { expect, test } from 'vitest'
import { recountFigures } from '../../src/server/statistics/recount.ts'
import { bookedChange } from '../support/clinic.ts'
import { openRappel } from '../support/rappel.ts'

test('figures that are counted again from what is kept come to the same', async () => {
  const { hear, send, store, read, clock } = await openRappel()
  for (const ehrId of ['A1', 'A2', 'A3']) await hear(bookedChange({ ehrId, patient: { ...bookedChange().patient, ehrId: `P${ehrId}` } }))
  await send()
  clock.advance({ hours: 1 })
  const figures = () => read((tx) => tx.statistics.days('tilleuls', { scope: 'agenda', key: 'moreau' }, 0, 99_999))
  const before = await figures()
  expect(before.length).toBeGreaterThan(1)
  expect(await recountFigures(store, 'tilleuls', 0, () => undefined)).toBeGreaterThan(6)
  expect(await figures()).toEqual(before)
})
