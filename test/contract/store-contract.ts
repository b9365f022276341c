import fc from 'fast-check'
import type { Temporal } from 'temporal-polyfill'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { NotificationState } from '../../src/core/notification.ts'
import type { InboxState, Store, Transaction } from '../../src/store/store.ts'
import { StoreUnavailable } from '../../src/store/store.ts'
import {
  aNotification,
  anAppointment,
  anAttempt,
  anInboxRow,
  aPatient,
  at,
  aWriteBack,
  minutes,
  nine,
  someSettings,
} from '../store/samples.ts'
import {
  anyAppointment,
  anyAttempt,
  anyInstant,
  anyNotification,
  anyPatient,
  anySendOutcome,
  anySettings,
  anyText,
  anyTold,
  anyWriteBack,
} from '../support/arbitraries.ts'

const ids = (rows: readonly { readonly id: string }[]) => rows.map((row) => row.id)

/** One side waits until the other gives it. */
function signal(): { readonly given: Promise<void>; give(): void } {
  let give: () => void = () => undefined
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  return { given, give: () => give() }
}

/** What every store does. `open` gives an empty one each time. */
export function storeContract(name: string, open: () => Promise<Store>): void {
  describe(`${name} keeps the store contract`, () => {
    let store: Store
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())

    /** Writes in one transaction, reads in another. */
    const write = <T>(work: (tx: Transaction) => Promise<T>) => store.transact(work)
    const read = <T>(work: (tx: Transaction) => Promise<T>) => store.read(work)

    describe('transactions', () => {
      test('give back what the work gives back', async () => {
        expect(await write(async () => 'done')).toBe('done')
        expect(await read(async () => 42)).toBe(42)
      })

      test('see what they wrote before they are committed', async () => {
        const seen = await write(async (tx) => {
          await tx.patients.save(aPatient('1'))
          return tx.patients.find('tilleuls:1')
        })
        expect(seen).toEqual(aPatient('1'))
      })

      test('that throw are undone alone: their neighbours commit', async () => {
        const outcomes = await Promise.allSettled(
          ['1', '2', '3'].map((ehrId) =>
            write(async (tx) => {
              await tx.patients.save(aPatient(ehrId))
              if (ehrId === '2') throw new Error('second thoughts')
            }),
          ),
        )
        expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
        expect(outcomes[1]).toMatchObject({ reason: new Error('second thoughts') })
        const kept = await read((tx) => Promise.all(['1', '2', '3'].map((ehrId) => tx.patients.find(`tilleuls:${ehrId}`))))
        expect(kept.map((patient) => patient?.ehrId)).toEqual(['1', undefined, '3'])
      })

      test('that throw before they first wait are undone too', async () => {
        const thrown = write(() => {
          throw new Error('at once')
        })
        await expect(thrown).rejects.toThrow('at once')
        expect(await write(async () => 'next')).toBe('next')
      })

      test('that throw after a failing statement leave the next ones whole', async () => {
        await write((tx) => tx.inbox.insert(anInboxRow('1')))
        const twice = write(async (tx) => {
          await tx.patients.save(aPatient('1'))
          await tx.inbox.insert(anInboxRow('1'))
        })
        const after = write((tx) => tx.inbox.insert(anInboxRow('2')))
        await expect(twice).rejects.toThrow()
        await after
        expect(await read((tx) => tx.patients.find('tilleuls:1'))).toBeUndefined()
        expect(await read((tx) => tx.inbox.find('2'))).toBeDefined()
      })

      test('that get over a failing statement keep the rest of what they did', async () => {
        await write((tx) => tx.inbox.insert(anInboxRow('1')))
        await write(async (tx) => {
          await tx.patients.save(aPatient('1'))
          await tx.inbox.insert(anInboxRow('1')).catch(() => undefined)
        })
        expect(await read((tx) => tx.patients.find('tilleuls:1'))).toBeDefined()
      })

      test('are closed to whoever kept one', async () => {
        let kept: Transaction | undefined
        await write(async (tx) => {
          kept = tx
        })
        await expect(kept?.patients.save(aPatient('1'))).rejects.toThrow('over')
      })

      test('run in the order in which they were asked for', async () => {
        const order: number[] = []
        await Promise.all(
          Array.from({ length: 600 }, (_, number) =>
            write(async (tx) => {
              await tx.told.find('none')
              order.push(number)
            }),
          ),
        )
        expect(order).toEqual(Array.from({ length: 600 }, (_, number) => number))
      })

      test('are not seen by a reader before they are committed', async () => {
        const [written, released] = [signal(), signal()]
        const writing = write(async (tx) => {
          await tx.patients.save(aPatient('1'))
          written.give()
          await released.given
        })
        await written.given
        expect(await read((tx) => tx.patients.find('tilleuls:1'))).toBeUndefined()
        released.give()
        await writing
        expect(await read((tx) => tx.patients.find('tilleuls:1'))).toBeDefined()
      })

      test('a reader sees one moment, whatever is committed meanwhile', async () => {
        const [looked, released] = [signal(), signal()]
        const reading = read(async (tx) => {
          const before = await tx.patients.find('tilleuls:1')
          looked.give()
          await released.given
          return [before, await tx.patients.find('tilleuls:1')]
        })
        await looked.given
        await write((tx) => tx.patients.save(aPatient('1')))
        released.give()
        expect(await reading).toEqual([undefined, undefined])
      })

      test('a reader writes nothing', async () => {
        await expect(read((tx) => tx.patients.save(aPatient('1')))).rejects.toThrow()
        expect(await read((tx) => tx.patients.find('tilleuls:1'))).toBeUndefined()
      })

      test('closing waits for what runs, then nothing is taken', async () => {
        const last = write((tx) => tx.patients.save(aPatient('1')))
        await store.close()
        await expect(last).resolves.toBeUndefined()
        await expect(write(async () => undefined)).rejects.toBeInstanceOf(StoreUnavailable)
        await expect(read(async () => undefined)).rejects.toBeInstanceOf(StoreUnavailable)
        await expect(store.check()).rejects.toBeInstanceOf(StoreUnavailable)
      })

      test('the check passes while commits are kept', async () => {
        await expect(store.check()).resolves.toBeUndefined()
        await expect(store.check()).resolves.toBeUndefined()
      })
    })

    describe('records come back as they were saved, to the microsecond, with every optional field', () => {
      const runs = { numRuns: 60 }

      test('appointments', () =>
        fc.assert(
          fc.asyncProperty(anyAppointment, async (appointment) => {
            await write((tx) => tx.appointments.save(appointment))
            expect(await read((tx) => tx.appointments.find(appointment.id))).toEqual(appointment)
          }),
          runs,
        ))

      test('patients', () =>
        fc.assert(
          fc.asyncProperty(anyPatient, async (patient) => {
            await write((tx) => tx.patients.save(patient))
            expect(await read((tx) => tx.patients.find(patient.id))).toEqual(patient)
          }),
          runs,
        ))

      test('notifications', () =>
        fc.assert(
          fc.asyncProperty(anyNotification, async (notification) => {
            await write((tx) => tx.notifications.save(notification))
            expect(await read((tx) => tx.notifications.find(notification.id))).toEqual(notification)
          }),
          runs,
        ))

      test('what the patient was told', () =>
        fc.assert(
          fc.asyncProperty(anyText, anyTold, async (id, told) => {
            await write((tx) => tx.told.save(id, told))
            expect(await read((tx) => tx.told.find(id))).toEqual(told)
          }),
          runs,
        ))

      test('attempts, whether saved whole or finished later', () =>
        fc.assert(
          fc.asyncProperty(anyAttempt, anySendOutcome, anyInstant, async (attempt, outcome, finishedAt) => {
            await write((tx) => tx.attempts.save(attempt))
            expect(await read((tx) => tx.attempts.find(attempt.id))).toEqual(attempt)
            await write((tx) => tx.attempts.finish(attempt.id, outcome, finishedAt))
            expect(await read((tx) => tx.attempts.find(attempt.id))).toEqual({ ...attempt, outcome, finishedAt })
          }),
          runs,
        ))

      test('write-backs', () =>
        fc.assert(
          fc.asyncProperty(anyWriteBack, async (writeBack) => {
            await write((tx) => tx.writeBacks.save(writeBack))
            expect(await read((tx) => tx.writeBacks.find(writeBack.id))).toEqual(writeBack)
          }),
          runs,
        ))

      test('settings', () => {
        let version = 0
        return fc.assert(
          fc.asyncProperty(anySettings, async (any) => {
            version += 1
            const settings = { ...any, version, clinic: { ...any.clinic, id: 'tilleuls' } }
            await write((tx) => tx.settings.save(settings, nine))
            expect(await read((tx) => tx.settings.current('tilleuls'))).toEqual(settings)
          }),
          runs,
        )
      })

      test('links', async () => {
        const link = {
          tokenHash: 'ab'.repeat(32),
          appointmentId: 'tilleuls:1',
          patientId: 'tilleuls:p1',
          notificationId: 'n',
          createdAt: at('2026-04-10T09:00:00.123456Z'),
          expiresAt: minutes(60),
        }
        await write((tx) => tx.links.save(link))
        expect(await read((tx) => tx.links.find(link.tokenHash))).toEqual(link)
        expect(await read((tx) => tx.links.find('cd'.repeat(32)))).toBeUndefined()
      })

      test('what was never saved is not found', async () => {
        const found = await read((tx) =>
          Promise.all([
            tx.inbox.find('1'),
            tx.appointments.find('1'),
            tx.patients.find('1'),
            tx.told.find('1'),
            tx.notifications.find('1'),
            tx.attempts.find('1'),
            tx.writeBacks.find('1'),
            tx.settings.current('1'),
          ]),
        )
        expect(found).toEqual(found.map(() => undefined))
      })
    })

    describe('inbox', () => {
      test('keeps the body byte for byte, and everything beside it', async () => {
        const row = anInboxRow('1', {
          envelope: {
            connectorId: 'tilleuls',
            receivedAt: at('2026-04-10T09:00:00.123456Z'),
            mediaType: 'application/fhir+json; charset=utf-8',
            body: Uint8Array.from({ length: 5_000 }, (_, index) => index % 256),
            request: { method: 'PUT', path: 'Appointment/12' },
          },
          identity: 'a\0b',
          nextTryAt: at('2026-04-10T09:00:00.654321Z'),
          tries: 2,
          reason: 'not yet',
          fault: { kind: 'content', code: '101', at: 'SCH-2', text: 'Required field missing' },
        })
        await write((tx) => tx.inbox.insert(row))
        expect(await read((tx) => tx.inbox.find('1'))).toEqual(row)
      })

      test('takes an empty body', async () => {
        const row = anInboxRow('1', { envelope: { ...anInboxRow('1').envelope, body: new Uint8Array(0) } })
        await write((tx) => tx.inbox.insert(row))
        expect(await read((tx) => tx.inbox.find('1'))).toEqual(row)
      })

      test('takes one row of an id', async () => {
        await write((tx) => tx.inbox.insert(anInboxRow('1')))
        await expect(write((tx) => tx.inbox.insert(anInboxRow('1')))).rejects.toThrow()
      })

      test.each([
        ['the same identity and bytes of the same connector', 'tilleuls', 'M1', 'h1', '1'],
        ['the same identity, other bytes', 'tilleuls', 'M1', 'h2', undefined],
        ['the same bytes, another identity', 'tilleuls', 'M2', 'h1', undefined],
        ['the same message of another connector', 'ofys', 'M1', 'h1', undefined],
      ])('a duplicate is %s', async (_, connectorId, identity, hash, found) => {
        await write(async (tx) => {
          await tx.inbox.insert(anInboxRow('2', { identity: 'M1', hash: 'h1' }))
          await tx.inbox.insert(anInboxRow('1', { identity: 'M1', hash: 'h1', state: 'quarantined', settledAt: nine }))
          await tx.inbox.insert(anInboxRow('0', { hash: 'h1', identity: 'M0' }))
        })
        expect((await read((tx) => tx.inbox.findDuplicate(connectorId, identity, hash)))?.id).toBe(found)
      })

      test('a row that was read again is nobody’s duplicate, the new reading of it is', async () => {
        await write(async (tx) => {
          await tx.inbox.insert(anInboxRow('1', { identity: 'M1', hash: 'h1', state: 'quarantined', settledAt: nine }))
          await tx.inbox.settle('1', { state: 'retried', at: nine })
        })
        expect(await read((tx) => tx.inbox.findDuplicate('tilleuls', 'M1', 'h1'))).toBeUndefined()
        await write((tx) => tx.inbox.insert(anInboxRow('2', { identity: 'M1', hash: 'h1' })))
        expect((await read((tx) => tx.inbox.findDuplicate('tilleuls', 'M1', 'h1')))?.id).toBe('2')
      })

      test('a row without identity is nobody’s duplicate', async () => {
        const { identity: _, ...row } = anInboxRow('1')
        await write((tx) => tx.inbox.insert(row))
        expect(await read((tx) => tx.inbox.findDuplicate('tilleuls', '', row.hash))).toBeUndefined()
        expect(await read((tx) => tx.inbox.find('1'))).toEqual(row)
      })

      test('what is received is pending from its next try on, the longest due first, so many at once', async () => {
        await write(async (tx) => {
          await tx.inbox.insert(anInboxRow('late', { nextTryAt: minutes(2) }))
          await tx.inbox.insert(anInboxRow('b', { nextTryAt: nine }))
          await tx.inbox.insert(anInboxRow('a', { nextTryAt: nine }))
          await tx.inbox.insert(anInboxRow('exact', { nextTryAt: minutes(1) }))
          await tx.inbox.insert(anInboxRow('done', { state: 'applied', settledAt: nine }))
        })
        expect(ids(await read((tx) => tx.inbox.pending(minutes(1), 10)))).toEqual(['a', 'b', 'exact'])
        expect(ids(await read((tx) => tx.inbox.pending(minutes(1), 2)))).toEqual(['a', 'b'])
        expect(ids(await read((tx) => tx.inbox.pending(minutes(1).subtract({ microseconds: 1 }), 10)))).toEqual(['a', 'b'])
        expect(await read((tx) => tx.inbox.nextDueAt())).toEqual(nine)
      })

      test('nothing pending is due at no time', async () => {
        expect(await read((tx) => tx.inbox.nextDueAt())).toBeUndefined()
      })

      test('a deferred row waits for its next try, counted', async () => {
        await write((tx) => tx.inbox.insert(anInboxRow('1')))
        await write((tx) => tx.inbox.defer('1', minutes(5), 'the EHR did not answer'))
        expect(await read((tx) => tx.inbox.pending(nine, 10))).toEqual([])
        expect(await read((tx) => tx.inbox.nextDueAt())).toEqual(minutes(5))
        expect(await read((tx) => tx.inbox.find('1'))).toEqual(
          anInboxRow('1', { tries: 1, nextTryAt: minutes(5), reason: 'the EHR did not answer' }),
        )
      })

      test('a settled row is not pending, and says what came of it', async () => {
        const fault = { kind: 'unsupported', code: '200', at: 'MSH-9', text: 'Unsupported message type' } as const
        await write((tx) => tx.inbox.insert(anInboxRow('1')))
        await write((tx) => tx.inbox.settle('1', { state: 'quarantined', fault, reason: 'unreadable', at: minutes(1) }))
        expect(await read((tx) => tx.inbox.pending(minutes(60), 10))).toEqual([])
        expect(await read((tx) => tx.inbox.find('1'))).toEqual(
          anInboxRow('1', { state: 'quarantined', fault, reason: 'unreadable', settledAt: minutes(1) }),
        )
      })

      test.each([
        ['settled', (tx: Transaction) => tx.inbox.settle('none', { state: 'applied', at: nine })],
        ['deferred', (tx: Transaction) => tx.inbox.defer('none', nine, 'later')],
      ])('a row that is not there cannot be %s', async (_, act) => {
        await expect(write(act)).rejects.toThrow('none')
      })

      test('a settled row cannot be deferred', async () => {
        await write((tx) => tx.inbox.insert(anInboxRow('1', { state: 'applied', settledAt: nine })))
        await expect(write((tx) => tx.inbox.defer('1', nine, 'later'))).rejects.toThrow('1')
      })

      test('the quarantine is paged, newest first', async () => {
        await write(async (tx) => {
          for (const id of ['1', '2', '3', '4', '5']) await tx.inbox.insert(anInboxRow(id, { state: 'quarantined', settledAt: nine }))
          await tx.inbox.insert(anInboxRow('6', { state: 'applied', settledAt: nine }))
          await tx.inbox.settle('4', { state: 'retried', at: nine })
        })
        expect(ids(await read((tx) => tx.inbox.quarantined({ limit: 2 })))).toEqual(['5', '3'])
        expect(ids(await read((tx) => tx.inbox.quarantined({ limit: 2, before: '3' })))).toEqual(['2', '1'])
        expect(ids(await read((tx) => tx.inbox.quarantined({ limit: 2, before: '1' })))).toEqual([])
      })

      test('the states add up to what was received, undone works left out (R2)', async () => {
        expect(await read((tx) => tx.inbox.countByState())).toEqual({})
        const states: readonly InboxState[] = ['received', 'received', 'received', 'applied', 'ignored']
        await write(async (tx) => {
          for (const [index, state] of states.entries()) await tx.inbox.insert(anInboxRow(String(index), { state }))
        })
        const undone = write(async (tx) => {
          await tx.inbox.insert(anInboxRow('undone'))
          throw new Error('undone')
        })
        await expect(undone).rejects.toThrow('undone')
        await write((tx) => tx.inbox.settle('0', { state: 'applied', at: nine }))
        await write((tx) => tx.inbox.settle('1', { state: 'quarantined', at: nine }))
        expect(await read((tx) => tx.inbox.countByState())).toEqual({ received: 1, applied: 2, ignored: 1, quarantined: 1 })
      })

      test('what may be archived is settled and the last envelope of no appointment, whichever was written first', async () => {
        const applied = (id: string) => anInboxRow(id, { state: 'applied', settledAt: nine })
        await write(async (tx) => {
          await tx.inbox.insert(anInboxRow('0-waits'))
          await tx.inbox.insert(applied('1-replaced'))
          await tx.appointments.save(anAppointment('a', { envelopeId: '1-replaced' }))
          await tx.appointments.save(anAppointment('b', { envelopeId: '2-shared' }))
          await tx.appointments.save(anAppointment('c', { envelopeId: '2-shared' }))
          await tx.inbox.insert(applied('2-shared'))
          await tx.inbox.insert(applied('3-last'))
          await tx.inbox.insert(anInboxRow('4-ignored', { state: 'ignored', settledAt: nine }))
          await tx.inbox.insert(anInboxRow('5-quarantined', { state: 'quarantined', settledAt: nine }))
        })
        expect(ids(await read((tx) => tx.inbox.archivable(10)))).toEqual(['3-last', '4-ignored'])
        await write(async (tx) => {
          await tx.appointments.save(anAppointment('a', { envelopeId: '3-last' }))
          await tx.appointments.save(anAppointment('b', { envelopeId: '3-last' }))
        })
        expect(ids(await read((tx) => tx.inbox.archivable(10)))).toEqual(['1-replaced', '4-ignored'])
        expect(ids(await read((tx) => tx.inbox.archivable(1)))).toEqual(['1-replaced'])
        await write((tx) => tx.appointments.save(anAppointment('c')))
        expect(ids(await read((tx) => tx.inbox.archivable(10)))).toEqual(['1-replaced', '2-shared', '4-ignored'])
      })

      test('a row whose body went to the archive stays, without it', async () => {
        const row = anInboxRow('1', { state: 'ignored', settledAt: nine })
        await write((tx) => tx.inbox.insert(row))
        await write((tx) => tx.inbox.dropBody('1'))
        const left = { ...row, archived: true, envelope: { ...row.envelope, body: new Uint8Array(0) } }
        expect(await read((tx) => tx.inbox.find('1'))).toEqual(left)
        expect((await read((tx) => tx.inbox.findDuplicate('tilleuls', '1', row.hash)))?.id).toBe('1')
        expect(await read((tx) => tx.inbox.archivable(10))).toEqual([])
      })
    })

    describe('appointments', () => {
      test('are replaced by id', async () => {
        await write((tx) => tx.appointments.save(anAppointment('1')))
        const { practitioner: _, ...moved } = anAppointment('1', { revision: 2, start: minutes(0) })
        await write((tx) => tx.appointments.save(moved))
        expect(await read((tx) => tx.appointments.find(moved.id))).toEqual(moved)
      })

      test('of one patient from an instant on, soonest first, so many at once', async () => {
        await write(async (tx) => {
          await tx.appointments.save(anAppointment('third', { start: minutes(3) }))
          await tx.appointments.save(anAppointment('first', { start: minutes(1) }))
          await tx.appointments.save(anAppointment('second', { start: minutes(2) }))
          await tx.appointments.save(anAppointment('other', { start: minutes(1), patientId: 'tilleuls:p2' }))
          const { start: _, ...unknownTime } = anAppointment('unknown-time')
          await tx.appointments.save(unknownTime)
        })
        const of = (from: Temporal.Instant, limit: number) => read((tx) => tx.appointments.ofPatient('tilleuls:p1', from, limit))
        expect((await of(minutes(1), 10)).map((one) => one.ehrId)).toEqual(['first', 'second', 'third'])
        expect((await of(minutes(1).add({ microseconds: 1 }), 10)).map((one) => one.ehrId)).toEqual(['second', 'third'])
        expect((await of(minutes(0), 1)).map((one) => one.ehrId)).toEqual(['first'])
      })
    })

    describe('notifications', () => {
      test.each<[NotificationState, boolean]>([
        ['planned', true],
        ['parked', true],
        ['held', true],
        ['sending', false],
        ['sent', false],
        ['delivered', false],
        ['failed', false],
        ['suppressed', false],
        ['merged_into', false],
        ['expired', false],
        ['withdrawn', false],
        ['in_doubt', false],
      ])('%s is due: %s', async (state, isDue) => {
        await write((tx) => tx.notifications.save(aNotification('a', { state: 'planned' })))
        await write((tx) => tx.notifications.save(aNotification('a', { state })))
        expect(await read((tx) => tx.notifications.due(nine, 10))).toHaveLength(isDue ? 1 : 0)
        expect(await read((tx) => tx.notifications.nextDueAt())).toEqual(isDue ? nine : undefined)
      })

      test('are due at their instant and not a microsecond before, soonest first, so many at once', async () => {
        await write(async (tx) => {
          await tx.notifications.save(aNotification('c', { dueAt: minutes(3) }))
          await tx.notifications.save(aNotification('b', { dueAt: minutes(2).subtract({ microseconds: 1 }) }))
          await tx.notifications.save(aNotification('a', { dueAt: minutes(1) }))
        })
        const due = async (now: Temporal.Instant, limit: number) =>
          (await read((tx) => tx.notifications.due(now, limit))).map((one) => one.appointmentId)
        expect(await due(minutes(3), 10)).toEqual(['a', 'b', 'c'])
        expect(await due(minutes(3).subtract({ microseconds: 1 }), 10)).toEqual(['a', 'b'])
        expect(await due(minutes(3), 2)).toEqual(['a', 'b'])
        expect(await due(nine, 10)).toEqual([])
        expect(await read((tx) => tx.notifications.nextDueAt())).toEqual(minutes(1))
      })

      test('of one appointment', async () => {
        await write(async (tx) => {
          await tx.notifications.save(aNotification('a', { channel: 'sms' }))
          await tx.notifications.save(aNotification('a', { channel: 'email', state: 'sent' }))
          await tx.notifications.save(aNotification('b'))
        })
        const found = await read((tx) => tx.notifications.ofAppointment('a'))
        expect(found.map((one) => one.channel).sort()).toEqual(['email', 'sms'])
      })
    })

    describe('attempts', () => {
      test('started and never finished, oldest first', async () => {
        await write(async (tx) => {
          await tx.attempts.save(anAttempt('n3', 1, { startedAt: minutes(3) }))
          await tx.attempts.save(anAttempt('n1', 1, { startedAt: minutes(1) }))
          await tx.attempts.save(anAttempt('n2', 1, { startedAt: minutes(2) }))
          await tx.attempts.finish('n2#1', { kind: 'accepted', providerId: 'SM1' }, minutes(3))
        })
        expect(ids(await read((tx) => tx.attempts.unfinished(10)))).toEqual(['n1#1', 'n3#1'])
        expect(ids(await read((tx) => tx.attempts.unfinished(1)))).toEqual(['n1#1'])
      })

      test('that were never started cannot be finished', async () => {
        await expect(write((tx) => tx.attempts.finish('none', { kind: 'unknown', reason: '' }, nine))).rejects.toThrow('none')
      })

      test('of one appointment, oldest first', async () => {
        const sms = aNotification('a')
        const email = aNotification('a', { channel: 'email' })
        const other = aNotification('b')
        await write(async (tx) => {
          for (const notification of [sms, email, other]) await tx.notifications.save(notification)
          await tx.attempts.save(anAttempt(sms.id, 2, { startedAt: minutes(2) }))
          await tx.attempts.save(anAttempt(email.id, 1, { startedAt: minutes(1) }))
          await tx.attempts.save(anAttempt(sms.id, 1, { startedAt: minutes(0) }))
          await tx.attempts.save(anAttempt(other.id, 1))
        })
        const found = await read((tx) => tx.attempts.ofAppointment('a'))
        expect(ids(found)).toEqual([`${sms.id}#1`, `${email.id}#1`, `${sms.id}#2`])
      })
    })

    describe('write-backs', () => {
      const due = async (now: Temporal.Instant, limit = 10) => ids(await read((tx) => tx.writeBacks.due(now, limit)))
      const saveAll = (...all: readonly ReturnType<typeof aWriteBack>[]) =>
        write(async (tx) => {
          for (const one of all) await tx.writeBacks.save(one)
        })

      test('of one appointment, oldest answer first', async () => {
        await saveAll(
          aWriteBack('a', '2', { answeredAt: minutes(2) }),
          aWriteBack('a', '1', { answeredAt: minutes(1), state: 'verified' }),
          aWriteBack('b', '1'),
        )
        expect(ids(await read((tx) => tx.writeBacks.ofAppointment('a')))).toEqual(['a:confirm:1', 'a:confirm:2'])
      })

      test('are due from their next try on, oldest answer first, so many at once', async () => {
        await saveAll(
          aWriteBack('a', '1', { answeredAt: minutes(3), nextTryAt: minutes(10) }),
          aWriteBack('b', '1', { answeredAt: minutes(1), nextTryAt: minutes(11), state: 'sending' }),
          aWriteBack('c', '1', { answeredAt: minutes(2), nextTryAt: minutes(12) }),
        )
        expect(await due(minutes(12))).toEqual(['b:confirm:1', 'c:confirm:1', 'a:confirm:1'])
        expect(await due(minutes(12), 2)).toEqual(['b:confirm:1', 'c:confirm:1'])
        expect(await due(minutes(10))).toEqual(['a:confirm:1'])
        expect(await due(minutes(10).subtract({ microseconds: 1 }))).toEqual([])
        expect(await read((tx) => tx.writeBacks.nextDueAt())).toEqual(minutes(10))
      })

      test('one of each appointment, its oldest; the next follows when that one is done', async () => {
        const first = aWriteBack('a', '1', { answeredAt: minutes(1) })
        await saveAll(first, aWriteBack('a', '2', { answeredAt: minutes(2) }), aWriteBack('b', '1', { answeredAt: minutes(3) }))
        expect(await due(nine)).toEqual(['a:confirm:1', 'b:confirm:1'])
        await saveAll({ ...first, state: 'acknowledged' })
        expect(await due(nine)).toEqual(['a:confirm:2', 'b:confirm:1'])
      })

      test('none of an appointment whose oldest waits for its next try, and nobody wakes for the others', async () => {
        await saveAll(
          aWriteBack('a', '1', { answeredAt: minutes(1), nextTryAt: minutes(30) }),
          aWriteBack('a', '2', { answeredAt: minutes(2), nextTryAt: nine }),
        )
        expect(await due(minutes(29))).toEqual([])
        expect(await read((tx) => tx.writeBacks.nextDueAt())).toEqual(minutes(30))
        expect(await due(minutes(30))).toEqual(['a:confirm:1'])
      })

      test('given in the same instant go one after the other', async () => {
        await saveAll(aWriteBack('a', '2'), aWriteBack('a', '1'))
        expect(await due(nine)).toEqual(['a:confirm:1'])
      })

      test('that are finished are never due', async () => {
        const finished = ['acknowledged', 'verified', 'withdrawn', 'stale', 'failed'] as const
        await saveAll(...finished.map((state) => aWriteBack(state, '1', { state })))
        expect(await due(minutes(60))).toEqual([])
        expect(await read((tx) => tx.writeBacks.nextDueAt())).toBeUndefined()
      })
    })

    describe('settings', () => {
      test('the highest version of a clinic is the current one', async () => {
        await write((tx) => tx.settings.save(someSettings(1), nine))
        await write((tx) => tx.settings.save(someSettings(2, { communications: false }), nine))
        await write((tx) => tx.settings.save(someSettings(9, { clinic: { ...someSettings(9).clinic, id: 'ofys' } }), nine))
        expect(await read((tx) => tx.settings.current('tilleuls'))).toEqual(someSettings(2, { communications: false }))
      })

      test('a version that exists is refused, and stays as it was', async () => {
        await write((tx) => tx.settings.save(someSettings(1), nine))
        await expect(write((tx) => tx.settings.save(someSettings(1, { communications: false }), nine))).rejects.toThrow('version 1')
        expect(await read((tx) => tx.settings.current('tilleuls'))).toEqual(someSettings(1))
      })

      test('a version that was undone is nobody’s, even once read', async () => {
        await write((tx) => tx.settings.save(someSettings(1), nine))
        const undone = write(async (tx) => {
          await tx.settings.save(someSettings(2, { communications: false }), nine)
          await tx.settings.current('tilleuls')
          throw new Error('undone')
        })
        await expect(undone).rejects.toThrow('undone')
        expect(await read((tx) => tx.settings.current('tilleuls'))).toEqual(someSettings(1))
        await write((tx) => tx.settings.save(someSettings(2), nine))
        expect(await read((tx) => tx.settings.current('tilleuls'))).toEqual(someSettings(2))
      })
    })

    describe('opt-outs', () => {
      test('hold for one clinic, channel and contact, however often they are added', async () => {
        await write((tx) => tx.optOuts.add('tilleuls', 'sms', '+33612345678', nine))
        await write((tx) => tx.optOuts.add('tilleuls', 'sms', '+33612345678', minutes(1)))
        const has = await read((tx) =>
          Promise.all([
            tx.optOuts.has('tilleuls', 'sms', '+33612345678'),
            tx.optOuts.has('ofys', 'sms', '+33612345678'),
            tx.optOuts.has('tilleuls', 'email', '+33612345678'),
            tx.optOuts.has('tilleuls', 'sms', '+33612345679'),
          ]),
        )
        expect(has).toEqual([true, false, false, false])
      })
    })

    describe('unset agendas and motifs', () => {
      test('are counted, with the last words the EHR had for them, the most frequent first', async () => {
        const key = { clinicId: 'tilleuls', connectorId: 'tilleuls', kind: 'agenda' } as const
        await write(async (tx) => {
          await tx.unset.count({ ...key, key: 'a\0b' }, nine)
          await tx.unset.count({ ...key, key: 'MOREAU', text: 'Moreau' }, nine)
          await tx.unset.count({ ...key, key: 'MOREAU', text: 'Dre Moreau' }, minutes(1))
          await tx.unset.count({ ...key, key: 'MOREAU' }, minutes(2))
          await tx.unset.count({ ...key, kind: 'motif', key: 'MOREAU' }, minutes(3))
          await tx.unset.count({ ...key, kind: 'motif', key: 'MOREAU' }, minutes(4))
          await tx.unset.count({ ...key, clinicId: 'ofys', key: 'MOREAU' }, nine)
        })
        expect(await read((tx) => tx.unset.list('tilleuls'))).toEqual([
          { ...key, key: 'MOREAU', text: 'Dre Moreau', count: 3, firstSeenAt: nine },
          { ...key, kind: 'motif', key: 'MOREAU', count: 2, firstSeenAt: minutes(3) },
          { ...key, key: 'a\0b', count: 1, firstSeenAt: nine },
        ])
      })
    })

    describe('audit', () => {
      test('is read by subject, newest first, so many at once', async () => {
        const entry = (action: string, subject: string) => ({ at: at('2026-04-10T09:00:00.000001Z'), actor: 'operator', action, subject })
        const detailed = { ...entry('sent', 'a'), detail: { attempt: 2, channel: 'sms', dry: false } }
        await write(async (tx) => {
          await tx.audit.append(entry('planned', 'a'))
          await tx.audit.append(entry('planned', 'b'))
          await tx.audit.append(detailed)
        })
        expect(await read((tx) => tx.audit.of('a', 10))).toEqual([detailed, entry('planned', 'a')])
        expect(await read((tx) => tx.audit.of('a', 1))).toEqual([detailed])
        expect(await read((tx) => tx.audit.of('c', 1))).toEqual([])
      })
    })
  })
}
