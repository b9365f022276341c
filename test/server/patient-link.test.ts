import { setImmediate } from 'node:timers/promises'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { openLink } from '../../src/server/patient-link.ts'
import type { Transaction } from '../../src/store/store.ts'
import { manualClock } from '../support/fakes.ts'

test('a store that refuses an appointment while the patient is still looked for is heard by whoever opens the link, and by nobody else', async () => {
  const refused = new Error('another node is at it')
  const link = { appointmentId: 'ehr:A1', patientId: 'ehr:P1', expiresAt: Temporal.Instant.from('2027-01-01T00:00:00Z') }
  const tx = {
    links: { find: async () => link },
    appointments: { find: () => Promise.reject(refused) },
    // answers only after the refusal
    patients: { survivorOf: () => setImmediate('ehr:P1'), find: async () => undefined },
  } as unknown as Transaction
  const unheard: unknown[] = []
  const hear = (error: unknown) => void unheard.push(error)
  process.on('unhandledRejection', hear)
  await expect(openLink(tx, { clock: manualClock('2026-11-20T13:00:00Z'), connectors: new Map() }, 'token')).rejects.toBe(refused)
  await setImmediate()
  process.off('unhandledRejection', hear)
  expect(unheard).toEqual([])
})
