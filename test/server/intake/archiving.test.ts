import { expect, test } from 'vitest'
import { createArchiving } from '../../../src/server/intake/archiving.ts'
import { bookedChange } from '../../support/clinic.ts'
import { openRappel } from '../../support/rappel.ts'

const going = new AbortController().signal

test('what is settled moves to the archive; the last word of an appointment and what a person must look at stay', async () => {
  const rappel = await openRappel()
  const { hear, ingest, ehr, archive, appointment, read } = rappel
  await hear(bookedChange())
  await hear(bookedChange({}, 1))
  await ingest.receive({ ...ehr.envelope({ kind: 'hint' }), body: new Uint8Array([1, 2]) })
  await ingest.receive(ehr.envelope({ kind: 'hint' }))
  expect(await createArchiving(rappel).step(going)).toBe(false)
  expect(archive.bodies.size).toBe(1)
  const last = (await appointment())?.envelopeId ?? ''
  expect((await read((tx) => tx.inbox.find(last)))?.archived).toBe(false)
  const [row] = await read((tx) => tx.inbox.quarantined({ limit: 1 }))
  expect(row?.envelope.body).toEqual(new Uint8Array([1, 2]))
})

test('a crash between the archive and the store loses nothing', async () => {
  const rappel = await openRappel()
  const { hear, archive, failCommits, read } = rappel
  await hear(bookedChange())
  const first = (await rappel.appointment())?.envelopeId ?? ''
  await hear(bookedChange({}, 1))
  const { body } = (await read((tx) => tx.inbox.find(first)))?.envelope ?? {}
  failCommits(1)
  await expect(createArchiving(rappel).step(going)).rejects.toThrow('disk full')
  expect((await read((tx) => tx.inbox.find(first)))?.envelope.body).toEqual(body)
  await createArchiving(rappel).step(going)
  expect(await archive.get(first)).toEqual(body)
  expect((await read((tx) => tx.inbox.find(first)))?.envelope.body).toHaveLength(0)
})

test('a stop ends it between two envelopes', async () => {
  const rappel = await openRappel()
  for (let minute = 0; minute < 5; minute += 1) await rappel.hear(bookedChange({}, minute))
  expect(await createArchiving(rappel).step(AbortSignal.abort())).toBe(false)
  expect(rappel.archive.bodies.size).toBe(0)
})
