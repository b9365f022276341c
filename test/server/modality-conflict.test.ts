import { expect, test } from 'vitest'
import { explainAppointment } from '../../src/server/explain/explain.ts'
import { bookedChange } from '../support/clinic.ts'
import { openRappel } from '../support/rappel.ts'

const video = { value: 'video', joinUrl: 'https://video.example/r/7' } as const

test('section 4, modality guard: the text asserts neither way, the page neither place nor link, and the audit has it once for each revision', async () => {
  const { hear, send, sms, email, get, lastToken, read, clock } = await openRappel()
  const conflicts = async () =>
    (await read((tx) => tx.audit.of('tilleuls:A1', 20))).filter(({ action }) => action === 'appointment.modality-conflict')
  await hear(bookedChange({ modality: video }))
  await hear(bookedChange({ modality: video }, 1))
  expect(await conflicts()).toMatchObject([{ detail: { ehr: 'video', motif: 'onsite', revision: 1 } }])
  await send()
  expect(sms.sent[0]?.words.sms).toMatch(/: RDV jeu\. 26\/11 9h40 avec Dre Claire Moreau\./)
  expect(JSON.stringify(email.sent[0]?.words)).not.toMatch(/vidéo|à la clinique|Adresse/)
  const page = await (await get(`/${lastToken()}`)).text()
  expect(page).toContain('/confirm"')
  expect(page).not.toMatch(/video\.example|openstreetmap|vidéo/)

  await hear(bookedChange({ modality: video, practitioner: { name: 'Dr Paul Petit' } }, 2))
  expect(await conflicts()).toMatchObject([{ detail: { revision: 2 } }, { detail: { revision: 1 } }])
  const explained = await read((tx) => explainAppointment(tx, 'tilleuls:A1', new Set(['sms'] as const), clock.now()))
  expect(explained?.heard.map(({ aspects }) => aspects)).toEqual([
    expect.any(String),
    'modality-conflict',
    'practitioner',
    'modality-conflict',
  ])

  await hear(bookedChange({}, 3))
  expect(await conflicts()).toHaveLength(2)
})
