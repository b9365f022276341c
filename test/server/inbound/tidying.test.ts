import { expect, test } from 'vitest'
import { createTidying } from '../../../src/server/inbound/tidying.ts'
import { openRappel } from '../../support/rappel.ts'

test('R39: what a patient wrote is gone after ninety days, done or not, and not before', async () => {
  const rappel = await openRappel()
  const signed = { 'x-signature': 'for https://rdv.example/callbacks/sms/inbound' }
  for (const id of ['SM1', 'SM2'])
    await rappel.post('/callbacks/sms/inbound', { id, from: '+14185550177', text: 'Je suis souffrante' }, signed)
  await rappel.call('appointments', 'POST /api/v1/inbox/reply:SM1/done')
  const tidying = createTidying(rappel)
  rappel.clock.advance({ hours: 90 * 24 - 1 })
  await tidying.step(new AbortController().signal)
  expect(await rappel.dump()).toContain('souffrante')
  expect(await tidying.nextDueAt()).toEqual(rappel.clock.now().add({ hours: 1 }))
  rappel.clock.advance({ hours: 1 })
  await tidying.step(new AbortController().signal)
  expect(await rappel.dump()).not.toContain('souffrante')
  expect(await tidying.nextDueAt()).toBeUndefined()
})
