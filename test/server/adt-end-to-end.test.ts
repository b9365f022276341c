import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { clinicSettings, start } from '../support/clinic.ts'
import type { Fact } from '../support/ehrs.ts'
import { siuEhr } from '../support/ehrs.ts'
import { openRappel } from '../support/rappel.ts'

const booking = Temporal.Instant.from('2026-11-23T15:00:00Z')
const anne: Fact = {
  id: 'A1',
  patient: { id: 'P1', given: 'Anne', mobile: '+14185550177' },
  start,
  agenda: 'moreau',
  motif: 'CONSULT',
  origin: 'staff',
  status: 'booked',
}

async function open(cancelDebounce = 'PT0S') {
  const ehr = siuEhr(() => rappel.clock.now())
  const rappel = await openRappel({ settings: clinicSettings(), now: booking.toString(), connectors: [ehr.connector], cancelDebounce })
  let count = 100
  return {
    ...rappel,
    say: (fact: Fact) => rappel.ingest.receive(ehr.say(fact, rappel.clock.now())),
    /** An ADT message of HL7 v2.5.1 (ch. 3). */
    adt(event: string, ...segments: string[]) {
      count += 1
      const at = rappel.clock.now().toZonedDateTimeISO('America/Toronto').toPlainDateTime()
      const time = at.toString({ smallestUnit: 'second' }).replace(/[-T:]/g, '')
      const lines = [`MSH|^~\\&|EHR|TILLEULS|RAPPEL||${time}||ADT^${event}|${count}|P|2.5.1`, `EVN|${event}|${time}`, ...segments]
      const body = new TextEncoder().encode(`${lines.join('\r')}\r`)
      return rappel.ingest.receive({ connectorId: 'siu', receivedAt: rappel.clock.now(), mediaType: 'application/hl7-v2', body })
    },
    texts: () => rappel.sms.sent.map(({ to, notificationId }) => `${to} ${notificationId.split(':').slice(1, 3).join(' ')}`),
  }
}

const pid = (id: string, telecom = '') => `PID|1||${id}^^^TILLEULS^MR||Roy^Anne||||||||${telecom}`

test('acceptance 13: ADT^A40 between the planning of a reminder and its sending: it goes once, to the survivor’s number', async () => {
  const rappel = await open()
  await rappel.say(anne)
  await rappel.send()
  rappel.clock.advance({ minutes: 5 })
  expect(await rappel.adt('A31', pid('P9', '+14185550199^PRN^CP'))).toMatchObject({ disposition: 'applied' })
  rappel.clock.advance({ minutes: 5 })
  expect(await rappel.adt('A40', pid('P9'), 'MRG|P1^^^TILLEULS^MR')).toMatchObject({ disposition: 'applied' })
  rappel.clock.set(start.subtract({ hours: 36 }).toString())
  await rappel.say(anne)
  await rappel.send()
  expect(rappel.texts()).toEqual(['+14185550177 A1 confirmation', '+14185550199 A1 previsit'])
  expect((await rappel.appointment('siu:A1'))?.holds).toEqual([])
})

test('D27: ADT^A10 of its visit silences the rest, and ADT^A11 takes it back', async () => {
  const rappel = await open()
  await rappel.say(anne)
  await rappel.send()
  rappel.clock.advance({ minutes: 5 })
  await rappel.adt('A10', pid('P1'), `PV1|1|O|||||||||||||||||A1`)
  expect((await rappel.appointment('siu:A1'))?.status).toBe('arrived')
  rappel.clock.advance({ minutes: 5 })
  await rappel.adt('A11', pid('P1'), `PV1|1|O|||||||||||||||||A1`)
  expect((await rappel.appointment('siu:A1'))?.status).toBe('booked')
  await rappel.adt('A10', pid('P1'), 'PV1|1|O|||||||||||||||||X9')
  expect((await rappel.appointment('siu:A1'))?.status).toBe('booked')
})

test('acceptance 5: SIU^S15 of the old and SIU^S12 of the new within the debounce: one change', async () => {
  const rappel = await open('PT5M')
  await rappel.say(anne)
  await rappel.send()
  rappel.clock.advance({ minutes: 5 })
  await rappel.say({ ...anne, status: 'cancelled' })
  rappel.clock.advance({ minutes: 1 })
  await rappel.say({ ...anne, id: 'A2', start: start.add({ hours: 24 }) })
  for (let minute = 0; minute < 10; minute += 1) {
    await rappel.send()
    rappel.clock.advance({ minutes: 1 })
  }
  expect(rappel.texts()).toEqual(['+14185550177 A1 confirmation', '+14185550177 A2 change'])
})
