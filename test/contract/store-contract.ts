import fc from 'fast-check'
import type { Temporal } from 'temporal-polyfill'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { NotificationKind } from '../../src/core/kind.ts'
import type { Notification, NotificationState } from '../../src/core/notification.ts'
import type { SaidElsewhere, Watched } from '../../src/core/rollout-log.ts'
import type { WebhookEndpoint, WebhookEvent } from '../../src/core/webhook.ts'
import { newDelivery, settleDelivery } from '../../src/core/webhook.ts'
import type { WriteBack } from '../../src/core/write-back.ts'
import type { InboxState } from '../../src/store/port/inbox.ts'
import type { PatientPlace, PatientSearch } from '../../src/store/port/patients.ts'
import type { ToDoTable } from '../../src/store/port/staff-lists.ts'
import type { UsageRow } from '../../src/store/port/usage.ts'
import type { Store, Transaction } from '../../src/store/store.ts'
import { StoreUnavailable } from '../../src/store/store.ts'
import { anApiKey, anyApiKey, anySession, anyUser, aSession, aUser } from '../store/identity-samples.ts'
import {
  aMassHold,
  aNotification,
  anAppointment,
  anAttempt,
  anInboxRow,
  aPatient,
  aToCall,
  aToDo,
  at,
  aUsageRow,
  aWriteBack,
  minutes,
  nine,
  someSettings,
} from '../store/samples.ts'
import {
  anyAppointment,
  anyAttempt,
  anyConsent,
  anyGuesses,
  anyInstant,
  anyMassHold,
  anyNotification,
  anyPatient,
  anyPreferences,
  anySendOutcome,
  anySettings,
  anyText,
  anyToCall,
  anyToDo,
  anyTold,
  anyUsageRow,
  anyWriteBack,
} from '../support/arbitraries.ts'
import { anyDraft } from '../support/questionnaires.ts'
import { figuresContract } from './figures-contract.ts'

const ids = (rows: readonly { readonly id: string }[]) => rows.map((row) => row.id)

/** One side waits until the other gives it. */
function signal(): { readonly given: Promise<void>; give(): void } {
  let give: () => void = () => undefined
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  return { given, give: () => give() }
}

/** What every store does. `open` gives an empty one each time; after `die` all that was under way is a dead process's. */
export function storeContract(name: string, open: () => Promise<Store>, die: () => Promise<void> = async () => undefined): void {
  figuresContract(name, open)
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
            expect(await read((tx) => tx.settings.at('tilleuls', version))).toEqual(settings)
          }),
          runs,
        )
      })

      test('the day and the source of a version of the settings', () => {
        let version = 0
        return fc.assert(
          fc.asyncProperty(anyInstant, anyText, async (savedAt, source) => {
            version += 1
            await write((tx) => tx.settings.save(someSettings(version), savedAt, source))
            expect(await read((tx) => tx.settings.history('tilleuls', 1))).toEqual([{ version, at: savedAt, source }])
          }),
          runs,
        )
      })

      test('whom to call', () =>
        fc.assert(
          fc.asyncProperty(anyToCall, async (entry) => {
            await write((tx) => tx.toCall.save(entry))
            expect(await read((tx) => tx.toCall.find(entry.id))).toEqual(entry)
          }),
          runs,
        ))

      test('lines of the staff’s inbox', () =>
        fc.assert(
          fc.asyncProperty(anyToDo, async (line) => {
            await write((tx) => tx.toDo.save(line))
            expect(await read((tx) => tx.toDo.find(line.id))).toEqual(line)
          }),
          runs,
        ))

      test('what was sent', () =>
        fc.assert(
          fc.asyncProperty(anyUsageRow, async (row) => {
            await write((tx) => tx.usage.save(row))
            expect(await read((tx) => tx.usage.find(row.attemptId))).toEqual(row)
          }),
          runs,
        ))

      test('mass holds', () =>
        fc.assert(
          fc.asyncProperty(anyMassHold, async (any) => {
            const hold = { ...any, state: 'held' as const }
            await write((tx) => tx.massHolds.save(hold))
            expect(await read((tx) => tx.massHolds.open(hold.clinicId))).toEqual(hold)
            await write((tx) => tx.massHolds.save({ ...hold, state: 'dropped' }))
            expect(await read((tx) => tx.massHolds.open(hold.clinicId))).toBeUndefined()
          }),
          runs,
        ))

      test('consents', () =>
        fc.assert(
          fc.asyncProperty(anyText, anyConsent, async (contact, consent) => {
            await write((tx) => tx.consents.save('tilleuls', 'sms', contact, consent))
            expect(await read((tx) => tx.consents.find('tilleuls', 'sms', contact))).toEqual(consent)
          }),
          runs,
        ))

      test('what patients chose, beside their record and untouched by it', () =>
        fc.assert(
          fc.asyncProperty(anyPatient, anyPreferences, async (patient, preferences) => {
            await write((tx) => tx.preferences.save(patient.id, preferences))
            await write((tx) => tx.patients.save(patient))
            await write((tx) => tx.patients.save({ ...patient, preferences: { language: 'xx' } }))
            expect(await read((tx) => tx.preferences.find(patient.id))).toEqual(preferences)
            expect(await read((tx) => tx.patients.find(patient.id))).toEqual({ ...patient, preferences })
          }),
          runs,
        ))

      test('guesses', () =>
        fc.assert(
          fc.asyncProperty(anyText, anyGuesses, async (subject, guesses) => {
            await write((tx) => tx.guesses.save(subject, guesses))
            expect(await read((tx) => tx.guesses.find(subject))).toEqual(guesses)
          }),
          runs,
        ))

      test('what patients typed', () =>
        fc.assert(
          fc.asyncProperty(anyDraft, async (draft) => {
            await write((tx) => tx.questionnaireDrafts.save(draft))
            expect(await read((tx) => tx.questionnaireDrafts.find(draft.appointmentId))).toEqual(draft)
          }),
          runs,
        ))

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
            tx.settings.at('1', 1),
            tx.toCall.find('1'),
            tx.toDo.find('1'),
            tx.questions.find('1'),
            tx.attempts.nextAskAt(),
            tx.usage.find('1'),
            tx.massHolds.open('1'),
            tx.consents.find('1', 'sms', '1'),
            tx.preferences.find('1'),
            tx.guesses.find('1'),
            tx.questionnaireDrafts.find('1'),
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

      test('of one clinic from an instant on, page by page in the order of their ids', async () => {
        await write(async (tx) => {
          for (const [ehrId, minute] of [
            ['d', 1],
            ['b', 3],
            ['a', 2],
            ['c', 0],
          ] as const)
            await tx.appointments.save(anAppointment(ehrId, { start: minutes(minute) }))
          await tx.appointments.save(anAppointment('e', { start: minutes(9), clinicId: 'ofys' }))
          const { start: _, ...unknownTime } = anAppointment('f')
          await tx.appointments.save(unknownTime)
        })
        const ahead = (from: Temporal.Instant, after: string | undefined, limit: number) =>
          read(async (tx) => ids(await tx.appointments.ahead('tilleuls', from, after, limit)))
        expect(await ahead(minutes(1), undefined, 2)).toEqual(['tilleuls:a', 'tilleuls:b'])
        expect(await ahead(minutes(1), 'tilleuls:b', 2)).toEqual(['tilleuls:d'])
        expect(await ahead(minutes(1), 'tilleuls:d', 2)).toEqual([])
        await write((tx) => tx.appointments.save(anAppointment('e', { start: minutes(9) })))
        expect(await ahead(minutes(3), 'tilleuls:a', 9)).toEqual(['tilleuls:b', 'tilleuls:e'])
      })
    })

    describe('patients', () => {
      const phone = (value: string) => ({ kind: 'phone', value, mobile: 'yes' }) as const
      const home = '+33145678901'
      const sharing = async (clinicId = 'tilleuls', limit = 10) => ids(await read((tx) => tx.patients.sharing(clinicId, home, limit)))
      const saveAll = (...all: readonly ReturnType<typeof aPatient>[]) =>
        write(async (tx) => {
          for (const patient of all) await tx.patients.save(patient)
        })

      test('who share a phone number are of one clinic, in the order of their ids, so many at once', async () => {
        await saveAll(
          aPatient('3', { contacts: [phone('+33612345678'), phone(home)] }),
          aPatient('1', { contacts: [{ kind: 'phone', value: home, mobile: 'no', use: 'old' }] }),
          aPatient('2', { contacts: [phone(home), phone(home)] }),
          aPatient('other-clinic', { clinicId: 'ofys', contacts: [phone(home)] }),
          aPatient('other-number', { contacts: [phone('+33145678902')] }),
          aPatient('no-number', { contacts: [{ kind: 'phone' }] }),
          aPatient('e-mail', { contacts: [{ kind: 'email', value: home }] }),
        )
        expect(await sharing()).toEqual(['tilleuls:1', 'tilleuls:2', 'tilleuls:3'])
        expect(await sharing('tilleuls', 2)).toEqual(['tilleuls:1', 'tilleuls:2'])
        expect(await sharing('ofys')).toEqual(['tilleuls:other-clinic'])
        expect(await sharing('elsewhere')).toEqual([])
        expect(await read((tx) => tx.patients.sharing('tilleuls', '+33612345678', 1))).toEqual([
          aPatient('3', { contacts: [phone('+33612345678'), phone(home)] }),
        ])
      })

      test.each<[string, ReturnType<typeof aPatient>, string[]]>([
        ['who keeps the number and takes another', aPatient('1', { contacts: [phone('+33612345678'), phone(home)] }), ['tilleuls:1']],
        ['whose name alone changes', aPatient('1', { familyName: 'Inventée', contacts: [phone(home)] }), ['tilleuls:1']],
        ['who gives the number up', aPatient('1', { contacts: [phone('+33612345678')] }), []],
        ['who has no contact any more', aPatient('1', { contacts: [] }), []],
        ['who is of another clinic now', aPatient('1', { clinicId: 'ofys', contacts: [phone(home)] }), []],
      ])('%s is found by the numbers of today', async (_, changed, found) => {
        await saveAll(aPatient('1', { contacts: [phone(home)] }))
        await saveAll(changed)
        expect(await sharing()).toEqual(found)
        await saveAll(aPatient('1', { contacts: [phone(home)] }))
        expect(await sharing()).toEqual(['tilleuls:1'])
      })

      test('whose change is undone keep their numbers', async () => {
        await saveAll(aPatient('1', { contacts: [phone(home)] }))
        const undone = write(async (tx) => {
          await tx.patients.save(aPatient('1', { contacts: [] }))
          throw new Error('undone')
        })
        await expect(undone).rejects.toThrow('undone')
        expect(await sharing()).toEqual(['tilleuls:1'])
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

      const aNotice = (appointmentId: string, change: Partial<Notification> = {}) =>
        aNotification(appointmentId, { kind: 'cancellation', step: 'notice', basis: '1', agendaKey: 'MOREAU', ...change })

      const saveAll = (...all: readonly Notification[]) =>
        write(async (tx) => {
          for (const notification of all) await tx.notifications.save(notification)
        })

      test.each<[NotificationKind, boolean]>([
        ['change', true],
        ['cancellation', true],
        ['correction', true],
        ['confirmation', false],
        ['reminder', false],
        ['previsit', false],
        ['no_show', false],
        ['manual', false],
      ])('%s is a notice that is counted: %s', async (kind, isCounted) => {
        await saveAll(aNotice('a', { kind }))
        expect(await read((tx) => tx.notifications.noticesPlanned('tilleuls', nine, minutes(1)))).toEqual(
          isCounted ? [{ agendaKey: 'MOREAU', kind, count: 1 }] : [],
        )
      })

      test('notices are counted by agenda and kind, one for each appointment, of one clinic', async () => {
        await saveAll(
          aNotice('a', { channel: 'sms' }),
          aNotice('a', { channel: 'email' }),
          aNotice('b', { state: 'withdrawn' }),
          aNotice('c', { state: 'sent', kind: 'change' }),
          aNotice('d', { agendaKey: 'a\0b' }),
          aNotice('e', { agendaKey: 'a\0c' }),
          aNotice('other-clinic', { clinicId: 'ofys' }),
        )
        const { agendaKey: _, ...withoutAgenda } = aNotice('f')
        await saveAll(withoutAgenda)
        const counts = await read((tx) => tx.notifications.noticesPlanned('tilleuls', nine, minutes(1)))
        expect(counts).toHaveLength(5)
        expect(counts).toEqual(
          expect.arrayContaining([
            { agendaKey: 'MOREAU', kind: 'cancellation', count: 2 },
            { agendaKey: 'MOREAU', kind: 'change', count: 1 },
            { agendaKey: 'a\0b', kind: 'cancellation', count: 1 },
            { agendaKey: 'a\0c', kind: 'cancellation', count: 1 },
            { agendaKey: '', kind: 'cancellation', count: 1 },
          ]),
        )
      })

      test('notices are counted from the first instant to just before the last, by when they were planned', async () => {
        await saveAll(
          aNotice('before', { plannedAt: nine.subtract({ microseconds: 1 }) }),
          aNotice('first', { plannedAt: nine, dueAt: minutes(90) }),
          aNotice('last', { plannedAt: minutes(60).subtract({ microseconds: 1 }) }),
          aNotice('after', { plannedAt: minutes(60) }),
        )
        const counted = async (from: Temporal.Instant, until: Temporal.Instant) =>
          (await read((tx) => tx.notifications.noticesPlanned('tilleuls', from, until))).reduce((sum, { count }) => sum + count, 0)
        expect(await counted(nine, minutes(60))).toBe(2)
        expect(await counted(minutes(60), minutes(61))).toBe(1)
        expect(await counted(minutes(61), minutes(62))).toBe(0)
      })

      test('what is held for a reason, the soonest start first, those without a start last, so many at once', async () => {
        await write(async (tx) => {
          const { start: _, ...withoutStart } = anAppointment('without-start')
          await tx.appointments.save(withoutStart)
          await tx.appointments.save(anAppointment('late', { start: minutes(3) }))
          await tx.appointments.save(anAppointment('soon', { start: minutes(9) }))
          await tx.appointments.save(anAppointment('moved', { start: minutes(1) }))
          await tx.appointments.save(anAppointment('soon', { start: minutes(2) }))
          for (const ehrId of ['without-start', 'late', 'unknown', 'soon', 'moved'])
            await tx.notifications.save(aNotice(`tilleuls:${ehrId}`, { state: 'held', reason: 'mass_change' }))
          await tx.appointments.save(anAppointment('moved', { start: minutes(4) }))
        })
        const held = async (limit: number) =>
          (await read((tx) => tx.notifications.heldFor('tilleuls', 'mass_change', limit))).map(({ appointmentId }) => appointmentId)
        expect(await held(10)).toEqual(['tilleuls:soon', 'tilleuls:late', 'tilleuls:moved', 'tilleuls:unknown', 'tilleuls:without-start'])
        expect(await held(2)).toEqual(['tilleuls:soon', 'tilleuls:late'])
      })

      test('only what is held, for that reason, of that clinic', async () => {
        const { reason: _, ...withoutReason } = aNotice('without-reason', { state: 'held' })
        await saveAll(
          aNotice('held', { state: 'held', reason: 'mass_change' }),
          aNotice('other-reason', { state: 'held', reason: 'H-NO-TIME' }),
          withoutReason,
          aNotice('parked', { state: 'parked', reason: 'mass_change' }),
          aNotice('released', { state: 'held', reason: 'mass_change' }),
          aNotice('other-clinic', { clinicId: 'ofys', state: 'held', reason: 'mass_change' }),
        )
        await saveAll(aNotice('released', { state: 'planned', reason: 'mass_change' }))
        const held = async (clinicId: string, reason: string) =>
          (await read((tx) => tx.notifications.heldFor(clinicId, reason, 10))).map(({ appointmentId }) => appointmentId)
        expect(await held('tilleuls', 'mass_change')).toEqual(['held'])
        expect(await held('tilleuls', 'H-NO-TIME')).toEqual(['other-reason'])
        expect(await held('ofys', 'mass_change')).toEqual(['other-clinic'])
        expect(await held('tilleuls', '')).toEqual([])
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
        await die()
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

      test('every version stays to be read, of its own clinic, and says when it came and from what, newest first, so many at once', async () => {
        await write((tx) => tx.settings.save(someSettings(1), nine, 'configuration:ab12'))
        await write((tx) => tx.settings.save(someSettings(2, { communications: false }), minutes(1)))
        await write((tx) => tx.settings.save(someSettings(3), minutes(2), 'rollback:1'))
        await write((tx) => tx.settings.save(someSettings(9, { clinic: { ...someSettings(9).clinic, id: 'ofys' } }), nine, 'api'))
        const history = (limit: number) => read((tx) => tx.settings.history('tilleuls', limit))
        expect(await history(10)).toEqual([
          { version: 3, at: minutes(2), source: 'rollback:1' },
          { version: 2, at: minutes(1) },
          { version: 1, at: nine, source: 'configuration:ab12' },
        ])
        expect(await history(1)).toEqual([{ version: 3, at: minutes(2), source: 'rollback:1' }])
        const found = await read((tx) => Promise.all([2, 3, 4, 9].map((version) => tx.settings.at('tilleuls', version))))
        expect(found).toEqual([someSettings(2, { communications: false }), someSettings(3), undefined, undefined])
      })

      test('a version that is being undone is seen by nobody else', async () => {
        const [saved, released] = [signal(), signal()]
        const undone = write(async (tx) => {
          await tx.settings.save(someSettings(1), nine)
          await tx.settings.current('tilleuls')
          saved.give()
          await released.given
          throw new Error('undone')
        })
        await saved.given
        expect(await read((tx) => tx.settings.at('tilleuls', 1))).toBeUndefined()
        expect(await read((tx) => tx.settings.history('tilleuls', 10))).toEqual([])
        released.give()
        await expect(undone).rejects.toThrow('undone')
        expect(await read((tx) => tx.settings.at('tilleuls', 1))).toBeUndefined()
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

      test('of one person’s contacts are told apart by channel', async () => {
        const [email, sms] = ['anne@example.org', '+33612345670']
        await write((tx) => tx.optOuts.add('tilleuls', 'email', email, nine))
        await write((tx) => tx.optOuts.add('ofys', 'sms', sms, nine))
        const among = (clinicId: string, contacts: { email?: string; sms?: string }) => read((tx) => tx.optOuts.among(clinicId, contacts))
        expect(await among('tilleuls', { email, sms })).toEqual(new Set(['email']))
        expect(await among('ofys', { email, sms })).toEqual(new Set(['sms']))
        expect(await among('tilleuls', { email: sms, sms: email })).toEqual(new Set())
        expect(await among('tilleuls', { sms })).toEqual(new Set())
        expect(await among('tilleuls', {})).toEqual(new Set())
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

    describe('the staff’s inbox', () => {
      const open = async (...page: Parameters<ToDoTable['open']>) => ids(await read((tx) => tx.toDo.open(...page)))

      test('is open until done, of one clinic, oldest first, page by page', async () => {
        await write(async (tx) => {
          await tx.toDo.save(aToDo('b'))
          await tx.toDo.save(aToDo('a'))
          await tx.toDo.save(aToDo('later', { createdAt: minutes(1) }))
          await tx.toDo.save(aToDo('other', { clinicId: 'ofys' }))
          await tx.toDo.save(aToDo('done', { doneAt: minutes(2), doneBy: 'accueil' }))
        })
        expect(await open('tilleuls', 10)).toEqual(['a', 'b', 'later'])
        expect(await open('tilleuls', 1)).toEqual(['a'])
        expect(await open('tilleuls', 10, aToDo('a'))).toEqual(['b', 'later'])
        expect(await open('tilleuls', 10, aToDo('later', { createdAt: minutes(1) }))).toEqual([])
        await write((tx) => tx.toDo.save(aToDo('a', { doneAt: minutes(3) })))
        expect(await open('tilleuls', 10)).toEqual(['b', 'later'])
      })

      test('is forgotten once its time has come, so much at once', async () => {
        await write(async (tx) => {
          for (const [id, minute] of [
            ['a', 1],
            ['b', 2],
            ['c', 3],
          ] as const)
            await tx.toDo.save(aToDo(id, { forgetAt: minutes(minute) }))
        })
        expect(await read((tx) => tx.toDo.nextForgetAt())).toEqual(minutes(1))
        expect(await write((tx) => tx.toDo.forget(minutes(2), 1))).toBe(1)
        expect(await open('tilleuls', 10)).toEqual(['b', 'c'])
        expect(await write((tx) => tx.toDo.forget(minutes(2), 10))).toBe(1)
        expect(await write((tx) => tx.toDo.forget(minutes(2), 10))).toBe(0)
        expect(await open('tilleuls', 10)).toEqual(['c'])
      })
    })

    describe('texts that come', () => {
      const text = { id: 'SM1', contactHash: 'h', receivedAt: nine }

      test('R30: the same text is heard once, fifty at once too', async () => {
        const heard = await Promise.all(Array.from({ length: 50 }, () => write((tx) => tx.inboundTexts.insert(text))))
        expect(heard.filter(Boolean)).toEqual([true])
      })

      test('what was answered to a number since then, and to no other', async () => {
        await write(async (tx) => {
          await tx.inboundTexts.insert(text)
          await tx.inboundTexts.insert({ ...text, id: 'SM2', receivedAt: minutes(1) })
          await tx.inboundTexts.insert({ ...text, id: 'SM3', receivedAt: minutes(2) })
          await tx.inboundTexts.insert({ ...text, id: 'SM4', contactHash: 'other' })
          await tx.inboundTexts.answer('SM1', 'help')
          await tx.inboundTexts.answer('SM2', 'confirmed')
          await tx.inboundTexts.answer('SM4', 'stop')
        })
        expect(await read((tx) => tx.inboundTexts.answersTo('h', nine))).toEqual(['help', 'confirmed'])
        expect(await read((tx) => tx.inboundTexts.answersTo('h', minutes(1)))).toEqual(['confirmed'])
      })

      test('of one number the last question alone is open', async () => {
        const question = {
          contact: '+14185550177',
          about: 'cancel' as const,
          options: [{ appointmentId: 'tilleuls:1', basis: 'a\0b' }],
          askedAt: nine,
          until: minutes(60),
        }
        await write((tx) => tx.questions.save({ ...question, about: 'confirm', options: [] }))
        await write((tx) => tx.questions.save(question))
        expect(await read((tx) => tx.questions.find(question.contact))).toEqual(question)
        await write((tx) => tx.questions.close(question.contact))
        expect(await read((tx) => tx.questions.find(question.contact))).toBeUndefined()
      })

      test('a wrong number is one of one clinic, until it is lifted', async () => {
        await write((tx) => tx.wrongNumbers.mark('tilleuls', '+1', nine))
        await write((tx) => tx.wrongNumbers.mark('tilleuls', '+1', minutes(1)))
        expect(await read((tx) => tx.wrongNumbers.has('tilleuls', '+1'))).toBe(true)
        expect(await read((tx) => tx.wrongNumbers.has('ofys', '+1'))).toBe(false)
        await write((tx) => tx.wrongNumbers.lift('tilleuls', '+1'))
        expect(await read((tx) => tx.wrongNumbers.has('tilleuls', '+1'))).toBe(false)
      })
    })

    describe('what patients typed', () => {
      test('is forgotten by its time, the oldest first, and saved again takes its new time', async () => {
        const draft = (appointmentId: string, forgetAt: Temporal.Instant) =>
          ({ appointmentId, patientId: 'p', reference: 'Questionnaire/q', typed: {}, savedAt: nine, forgetAt }) as const
        await write(async (tx) => {
          await tx.questionnaireDrafts.save(draft('b', minutes(1)))
          await tx.questionnaireDrafts.save(draft('a', minutes(2)))
          await tx.questionnaireDrafts.save(draft('c', minutes(1)))
          await tx.questionnaireDrafts.save(draft('c', minutes(3)))
        })
        const due = async (at: Temporal.Instant) =>
          (await read((tx) => tx.questionnaireDrafts.toForget(at, 9))).map(({ appointmentId }) => appointmentId)
        expect(await due(minutes(2))).toEqual(['b', 'a'])
        expect(await read((tx) => tx.questionnaireDrafts.nextForgetAt())).toEqual(minutes(1))
        await write((tx) => tx.questionnaireDrafts.remove('b'))
        expect(await due(minutes(9))).toEqual(['a', 'c'])
      })
    })

    describe('attempts whose provider is to be asked', () => {
      test('are found by their hour, soonest first, whatever is saved of them meanwhile', async () => {
        await write(async (tx) => {
          for (const each of ['1', '2', '3']) await tx.attempts.save(anAttempt(each, 1))
          await tx.attempts.ask(anAttempt('1', 1).id, minutes(2))
          await tx.attempts.ask(anAttempt('2', 1).id, minutes(1))
        })
        expect(await read((tx) => tx.attempts.nextAskAt())).toEqual(minutes(1))
        expect(await read((tx) => tx.attempts.toAsk(nine, 10))).toEqual([])
        await write((tx) => tx.attempts.save(anAttempt('1', 1)))
        expect(await read((tx) => tx.attempts.toAsk(minutes(2), 10))).toEqual([anAttempt('2', 1), anAttempt('1', 1)])
        await write((tx) => tx.attempts.ask(anAttempt('2', 1).id, undefined))
        expect(ids(await read((tx) => tx.attempts.toAsk(minutes(2), 10)))).toEqual([anAttempt('1', 1).id])
      })
    })

    describe('whom to call', () => {
      const saveAll = (...all: readonly ReturnType<typeof aToCall>[]) =>
        write(async (tx) => {
          for (const entry of all) await tx.toCall.save(entry)
        })
      const open = async (clinicId: string, limit = 10) => ids(await read((tx) => tx.toCall.open(clinicId, limit)))

      test('is open until done, of one clinic, the soonest appointment first, those without a start last, so many at once', async () => {
        const { start: _, ...withoutStart } = aToCall('without-start')
        await saveAll(
          withoutStart,
          aToCall('late', { start: minutes(3) }),
          aToCall('soon', { start: minutes(2), createdAt: minutes(1) }),
          aToCall('done', { start: minutes(1) }),
          aToCall('other-clinic', { clinicId: 'ofys' }),
        )
        await saveAll(aToCall('done', { start: minutes(1), doneAt: minutes(5), doneBy: 'accueil' }))
        expect(await open('tilleuls')).toEqual(['tilleuls:1:soon', 'tilleuls:1:late', 'tilleuls:1:without-start'])
        expect(await open('tilleuls', 2)).toEqual(['tilleuls:1:soon', 'tilleuls:1:late'])
        expect(await open('ofys')).toEqual(['tilleuls:1:other-clinic'])
        expect(await open('elsewhere')).toEqual([])
      })

      test('of one appointment, done or not, oldest first', async () => {
        await saveAll(
          aToCall('second', { createdAt: minutes(2) }),
          aToCall('first', { createdAt: minutes(1), doneAt: minutes(3), doneBy: 'accueil' }),
          aToCall('other', { appointmentId: 'tilleuls:2' }),
        )
        expect(ids(await read((tx) => tx.toCall.ofAppointment('tilleuls:1')))).toEqual(['tilleuls:1:first', 'tilleuls:1:second'])
        expect(await read((tx) => tx.toCall.ofAppointment('tilleuls:3'))).toEqual([])
      })
    })

    describe('usage', () => {
      const saveAll = (...all: readonly UsageRow[]) =>
        write(async (tx) => {
          for (const row of all) await tx.usage.save(row)
        })

      test.each<[string, Partial<UsageRow>, number]>([
        ['an automatic reminder', {}, 1],
        ['by e-mail too', { channel: 'email' }, 1],
        ['at that very instant', { sentAt: nine }, 1],
        ['not a microsecond before', { sentAt: nine.subtract({ microseconds: 1 }) }, 0],
        ['not of a kind that the cap leaves alone', { kind: 'cancellation', capped: false }, 0],
        ['not by a person', { automatic: false }, 0],
        ['not what reached nobody', { refused: true }, 0],
        ['not of another contact', { contactHash: 'cd34' }, 0],
        ['not of another clinic', { clinicId: 'ofys' }, 0],
      ])('the daily cap counts %s', async (_, change, count) => {
        await saveAll(aUsageRow('1', { sentAt: minutes(1), ...change }))
        expect(await read((tx) => tx.usage.countTo('tilleuls', 'ab12', nine))).toBe(count)
      })

      test('the daily cap counts each message once, and one that is refused in the end no more', async () => {
        await saveAll(aUsageRow('1'), aUsageRow('1'), aUsageRow('2'), aUsageRow('3'))
        expect(await read((tx) => tx.usage.countTo('tilleuls', 'ab12', nine))).toBe(3)
        await saveAll(aUsageRow('3', { refused: true }))
        expect(await read((tx) => tx.usage.countTo('tilleuls', 'ab12', nine))).toBe(2)
      })

      test('sums are apart by channel, by whether a person sent it, by refusal and by currency; refused ones cost nothing', async () => {
        await saveAll(
          aUsageRow('1', { segments: 2, price: 2_000 }),
          aUsageRow('2', { segments: 1, price: 1_000, sentAt: minutes(40) }),
          aUsageRow('3', { automatic: false, kind: 'manual' }),
          aUsageRow('4', { refused: true, segments: 3, price: 3_000 }),
          aUsageRow('5', { currency: 'CAD', price: 500 }),
          aUsageRow('6', { channel: 'email', price: 0, currency: 'XXX' }),
          aUsageRow('7', { clinicId: 'ofys' }),
        )
        const sms = { channel: 'sms', automatic: true, refused: false, currency: 'EUR' }
        expect(await read((tx) => tx.usage.sums('tilleuls', nine, minutes(60)))).toEqual([
          { ...sms, channel: 'email', messages: 1, segments: 1, price: 0, currency: 'XXX' },
          { ...sms, messages: 1, segments: 1, price: 500, currency: 'CAD' },
          { ...sms, messages: 2, segments: 3, price: 3_000 },
          { ...sms, refused: true, messages: 1, segments: 3, price: 0 },
          { ...sms, automatic: false, messages: 1, segments: 1, price: 1_000 },
        ])
        expect(await read((tx) => tx.usage.sums('elsewhere', nine, minutes(60)))).toEqual([])
      })

      test('a row that is saved again is summed as it is now', async () => {
        await saveAll(aUsageRow('1'), aUsageRow('2'))
        await saveAll(aUsageRow('1', { refused: true }), aUsageRow('2', { sentAt: minutes(90), segments: 2, price: 2_000 }))
        const sums = await read((tx) => tx.usage.sums('tilleuls', nine, minutes(120)))
        expect(sums.map(({ refused, messages, segments, price }) => ({ refused, messages, segments, price }))).toEqual([
          { refused: false, messages: 1, segments: 2, price: 2_000 },
          { refused: true, messages: 1, segments: 1, price: 0 },
        ])
        expect(await read((tx) => tx.usage.sums('tilleuls', nine, minutes(60)))).toMatchObject([{ refused: true, messages: 1 }])
        expect(await read((tx) => tx.usage.sums('tilleuls', minutes(60), minutes(120)))).toMatchObject([{ refused: false, messages: 1 }])
      })

      test('sums are those of the messages from the first instant to just before the last, wherever the hours begin', async () => {
        const anyMoment = fc.integer({ min: 0, max: 300 }).map((passed) => minutes(passed).add({ microseconds: passed % 3 }))
        let clinic = 0
        await fc.assert(
          fc.asyncProperty(fc.array(anyMoment, { maxLength: 20 }), anyMoment, anyMoment, async (sent, a, b) => {
            clinic += 1
            const clinicId = `clinic-${clinic}`
            const [from, until] = a.epochNanoseconds <= b.epochNanoseconds ? [a, b] : [b, a]
            await saveAll(...sent.map((sentAt, index) => aUsageRow(`${clinicId}:${index}`, { clinicId, sentAt })))
            const within = sent.filter(({ epochNanoseconds: at }) => at >= from.epochNanoseconds && at < until.epochNanoseconds).length
            const sums = await read((tx) => tx.usage.sums(clinicId, from, until))
            expect(sums.map(({ messages, segments, price }) => [messages, segments, price])).toEqual(
              within === 0 ? [] : [[within, within, within * 1_000]],
            )
          }),
          { numRuns: 60 },
        )
      })
    })

    describe('mass holds', () => {
      const open = (clinicId: string) => read((tx) => tx.massHolds.open(clinicId))

      test.each(['released', 'dropped'] as const)('one is open, of one clinic, until it is %s', async (state) => {
        await write((tx) => tx.massHolds.save(aMassHold(nine)))
        expect(await open('tilleuls')).toEqual(aMassHold(nine))
        expect(await open('ofys')).toBeUndefined()
        await write((tx) => tx.massHolds.save(aMassHold(nine, { state, settledAt: minutes(5), settledBy: 'accueil' })))
        expect(await open('tilleuls')).toBeUndefined()
      })

      test('the newest that is still held is the open one', async () => {
        await write(async (tx) => {
          await tx.massHolds.save(aMassHold(minutes(2)))
          await tx.massHolds.save(aMassHold(minutes(1)))
          await tx.massHolds.save(aMassHold(minutes(3), { state: 'released' }))
        })
        expect(await open('tilleuls')).toEqual(aMassHold(minutes(2)))
        await write((tx) => tx.massHolds.save(aMassHold(minutes(2), { state: 'dropped' })))
        expect(await open('tilleuls')).toEqual(aMassHold(minutes(1)))
        expect(await read((tx) => tx.massHolds.latest('tilleuls'))).toEqual(aMassHold(minutes(3), { state: 'released' }))
        expect(await read((tx) => tx.massHolds.latest('ofys'))).toBeUndefined()
      })
    })

    describe('preferences', () => {
      test('come with whoever shares a number or is related, and go with the last word', async () => {
        const chosen = { language: 'en', channels: 'sms' } as const
        const phone = { kind: 'phone', value: '+33612345678' } as const
        const relatives = [{ ehrId: '2', guardian: true, contacts: [] }]
        await write(async (tx) => {
          await tx.patients.save(aPatient('1', { contacts: [phone], relatives }))
          await tx.patients.save(aPatient('2', { contacts: [] }))
          for (const id of ['tilleuls:1', 'tilleuls:2']) await tx.preferences.save(id, { channels: 'email' })
          await tx.preferences.save('tilleuls:1', chosen)
        })
        const found = await read((tx) =>
          Promise.all([tx.patients.sharing('tilleuls', '+33612345678', 9), tx.patients.related('tilleuls:1', 9)]),
        )
        expect(found.map((patients) => patients.map(({ preferences }) => preferences))).toEqual([[chosen], [{ channels: 'email' }]])
      })
    })

    describe('appointments of an hour', () => {
      test('are those of one clinic that start then, and no other', async () => {
        const starts = { a: nine, b: minutes(1), c: nine, d: nine }
        await write(async (tx) => {
          for (const [id, start] of Object.entries(starts))
            await tx.appointments.save(anAppointment(id, { start, ...(id === 'd' && { clinicId: 'ofys' }) }))
        })
        expect(ids(await read((tx) => tx.appointments.startingAt('tilleuls', nine, 9)))).toEqual(['tilleuls:a', 'tilleuls:c'])
        expect(ids(await read((tx) => tx.appointments.startingAt('tilleuls', nine, 1)))).toEqual(['tilleuls:a'])
      })

      test('of a time are counted, and read from any place among them', async () => {
        const span = { from: nine, until: minutes(3) }
        await write(async (tx) => {
          for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) await tx.appointments.save(anAppointment(id, { start: minutes(index) }))
          await tx.appointments.save(anAppointment('e', { start: nine, clinicId: 'ofys' }))
        })
        expect(await read((tx) => tx.appointments.countStarting('tilleuls', span))).toBe(3)
        expect(ids(await read((tx) => tx.appointments.slice('tilleuls', span, 1, 1)))).toEqual(['tilleuls:b'])
        expect(ids(await read((tx) => tx.appointments.slice('tilleuls', span, 1, 9))).toSorted()).toEqual(['tilleuls:b', 'tilleuls:c'])
        expect(await read((tx) => tx.appointments.slice('tilleuls', span, 3, 9))).toEqual([])
      })
    })

    describe('consents', () => {
      test('hold for one clinic, channel and contact, and the last word counts', async () => {
        const given = { state: 'given', at: nine, by: 'accueil' } as const
        const withdrawn = { state: 'withdrawn', at: minutes(1), by: 'patient' } as const
        await write((tx) => tx.consents.save('tilleuls', 'sms', '+33612345678', given))
        await write((tx) => tx.consents.save('tilleuls', 'email', '+33612345678', given))
        await write((tx) => tx.consents.save('tilleuls', 'sms', '+33612345678', withdrawn))
        const found = await read((tx) =>
          Promise.all([
            tx.consents.find('tilleuls', 'sms', '+33612345678'),
            tx.consents.find('tilleuls', 'email', '+33612345678'),
            tx.consents.find('ofys', 'sms', '+33612345678'),
            tx.consents.find('tilleuls', 'sms', '+33612345679'),
          ]),
        )
        expect(found).toEqual([withdrawn, given, undefined, undefined])
      })
    })

    describe('merged records', () => {
      const survivor = (id: string) => read((tx) => tx.patients.survivorOf(id))

      test('lead to the survivor of every merge, in whatever order they came', async () => {
        expect(await survivor('tilleuls:1')).toBe('tilleuls:1')
        await write(async (tx) => {
          await tx.patients.mergeInto('tilleuls:2', 'tilleuls:3', nine)
          await tx.patients.mergeInto('tilleuls:1', 'tilleuls:2', nine)
          await tx.patients.mergeInto('tilleuls:1', 'tilleuls:3', nine)
          await tx.patients.mergeInto('tilleuls:3', 'tilleuls:4\u0000’', minutes(1))
        })
        for (const id of ['tilleuls:1', 'tilleuls:2', 'tilleuls:3']) expect(await survivor(id)).toBe('tilleuls:4\u0000’')
        expect(await survivor('tilleuls:4')).toBe('tilleuls:4')
      })
    })

    describe('relatives', () => {
      const relative = (ehrId: string) => ({ ehrId, guardian: true, contacts: [] })
      const related = async (id: string) => ids(await read((tx) => tx.patients.related(id, 10)))

      test('are found from both sides, by the records of today', async () => {
        await write(async (tx) => {
          await tx.patients.save(aPatient('mother'))
          await tx.patients.save(
            aPatient('child', { relatives: [relative('mother'), relative('nobody'), { guardian: false, contacts: [] }] }),
          )
          await tx.patients.save(aPatient('brother', { relatives: [relative('mother'), relative('child')] }))
        })
        expect(await related('tilleuls:mother')).toEqual(['tilleuls:brother', 'tilleuls:child'])
        expect(await related('tilleuls:child')).toEqual(['tilleuls:mother', 'tilleuls:brother'])
        await write((tx) => tx.patients.save(aPatient('brother')))
        expect(await related('tilleuls:child')).toEqual(['tilleuls:mother'])
        expect(await related('tilleuls:brother')).toEqual([])
      })
    })

    describe('visits', () => {
      test('are found by connector and number, while the appointment has it', async () => {
        const found = async (connectorId: string, visit: string) => ids(await read((tx) => tx.appointments.ofVisit(connectorId, visit, 10)))
        await write(async (tx) => {
          await tx.appointments.save(anAppointment('1', { visit: 'V1' }))
          await tx.appointments.save(anAppointment('2', { visit: 'V1' }))
          await tx.appointments.save(anAppointment('3', { visit: 'V2' }))
        })
        expect(await found('tilleuls', 'V1')).toEqual(['tilleuls:1', 'tilleuls:2'])
        expect(await found('ofys', 'V1')).toEqual([])
        await write((tx) => tx.appointments.save(anAppointment('1')))
        expect(await found('tilleuls', 'V1')).toEqual(['tilleuls:2'])
      })
    })

    describe('closed diaries', () => {
      const block = (closed: boolean, from: number, until: number, said: number) => ({
        clinicId: 'tilleuls',
        agendaKey: 'MOREAU',
        start: minutes(from),
        end: minutes(until),
        closed,
        stamp: { at: minutes(said) },
      })
      const isClosed = async (minute: number, agendaKey = 'MOREAU', clinicId = 'tilleuls') =>
        (await read((tx) => tx.blocks.covering(clinicId, agendaKey, minutes(minute))))?.closed

      test('hold from their start until just before their end, of one agenda and clinic', async () => {
        await write((tx) => tx.blocks.save(block(true, 60, 120, 0)))
        expect([await isClosed(59), await isClosed(60), await isClosed(119), await isClosed(120)]).toEqual([
          undefined,
          true,
          true,
          undefined,
        ])
        expect([await isClosed(90, 'PETIT'), await isClosed(90, 'MOREAU', 'ofys')]).toEqual([undefined, undefined])
      })

      test('follow the word said last, whatever the order of arrival', async () => {
        await write(async (tx) => {
          await tx.blocks.save(block(false, 60, 120, 5))
          await tx.blocks.save(block(true, 60, 120, 1))
          await tx.blocks.save(block(true, 0, 300, 3))
        })
        expect([await isClosed(30), await isClosed(90)]).toEqual([true, false])
      })
    })

    test('what a patient was told can be forgotten, and an opt-out taken back', async () => {
      await write(async (tx) => {
        await tx.told.save('tilleuls:1', { facts: { stands: true, zone: 'UTC', modality: 'onsite' }, version: 1, by: 'x', at: nine })
        await tx.told.forget('tilleuls:1')
        await tx.optOuts.add('tilleuls', 'sms', '+33612345678', nine)
        await tx.optOuts.add('tilleuls', 'email', '+33612345678', nine)
        await tx.optOuts.remove('tilleuls', 'sms', '+33612345678')
      })
      expect(await read((tx) => tx.told.find('tilleuls:1'))).toBeUndefined()
      expect(await read((tx) => tx.optOuts.has('tilleuls', 'sms', '+33612345678'))).toBe(false)
      expect(await read((tx) => tx.optOuts.has('tilleuls', 'email', '+33612345678'))).toBe(true)
    })

    describe('users, sessions and keys', () => {
      const found = (id: string) => read((tx) => tx.sessions.find(id))

      test('come back as they were', () =>
        fc.assert(
          fc.asyncProperty(anyUser, anySession, anyApiKey, async (user, session, key) => {
            await write((tx) => Promise.all([tx.users.save(user), tx.sessions.insert(session), tx.apiKeys.save(key)]))
            const back = await read((tx) => Promise.all([tx.users.find(user.id), tx.sessions.find(session.id), tx.apiKeys.find(key.id)]))
            expect(back).toEqual([user, session, key])
            await write((tx) => tx.sessions.remove(session.id))
          }),
          { numRuns: 30 },
        ))

      test('a user is found by login and by subject, and no second one may have either', async () => {
        const provider = { issuer: 'https://id.example', subject: 'a' }
        await write((tx) => tx.users.save(aUser('1', { login: 'nadia', provider })))
        expect(ids([await read((tx) => tx.users.byLogin('nadia'))].flatMap((user) => user ?? []))).toEqual(['1'])
        expect((await read((tx) => tx.users.bySubject('https://id.example', 'a')))?.id).toBe('1')
        expect(await read((tx) => tx.users.bySubject('https://id.example,a', ''))).toBeUndefined()
        await expect(write((tx) => tx.users.save(aUser('2', { login: 'nadia' })))).rejects.toThrow()
        await expect(write((tx) => tx.users.save(aUser('3', { login: 'other', provider })))).rejects.toThrow()
        await write((tx) => tx.users.save(aUser('1', { login: 'nadia.roy' })))
        expect(await read((tx) => tx.users.byLogin('nadia'))).toBeUndefined()
      })

      test('who sees all is an operator of all clinics who can sign in', async () => {
        await write(async (tx) => {
          const password = 'hash'
          await tx.users.save(aUser('1', { role: 'operator', password }))
          await tx.users.save(aUser('2', { role: 'operator', password, clinics: ['tilleuls'] }))
          await tx.users.save(aUser('3', { role: 'operator', password, disabledAt: nine }))
          await tx.users.save(aUser('4', { role: 'admin', password }))
          await tx.users.save(aUser('5', { role: 'operator' }))
          await tx.users.save(aUser('6', { role: 'operator', provider: { issuer: 'i', subject: 's' } }))
        })
        expect(ids(await read((tx) => tx.users.whoSeeAll(9)))).toEqual(['1', '6'])
        expect(ids(await read((tx) => tx.users.list(2)))).toEqual(['1', '2'])
        expect(ids(await read((tx) => tx.users.list(9, '2')))).toEqual(['3', '4', '5', '6'])
      })

      test('a session that was ended is not brought back by a request under way', async () => {
        await write((tx) => tx.sessions.insert(aSession('1')))
        await write((tx) => tx.sessions.remove('1'))
        await write((tx) => tx.sessions.update(aSession('1', { seenAt: minutes(5) })))
        expect(await found('1')).toBeUndefined()
      })

      test('a user’s sessions end together, or all but one; nobody else’s', async () => {
        await write(async (tx) => {
          for (const id of ['1', '2', '3']) await tx.sessions.insert(aSession(id, { endsAt: minutes(Number(id)) }))
          await tx.sessions.insert(aSession('4', { userId: 'other' }))
        })
        expect(ids(await read((tx) => tx.sessions.ofUser('u', 9)))).toEqual(['3', '2', '1'])
        expect(await write((tx) => tx.sessions.removeOfUser('u', '2'))).toBe(2)
        expect(ids(await read((tx) => tx.sessions.ofUser('u', 9)))).toEqual(['2'])
        expect(await write((tx) => tx.sessions.removeOfUser('u'))).toBe(1)
        expect(await found('4')).toBeDefined()
      })

      test('sessions and invitations are forgotten once they are over, so many at once', async () => {
        await write(async (tx) => {
          for (const id of ['1', '2', '3']) {
            await tx.sessions.insert(aSession(id, { endsAt: minutes(Number(id)) }))
            await tx.invitations.save({ tokenHash: id, expiresAt: minutes(Number(id)) })
          }
        })
        expect(await write((tx) => Promise.all([tx.sessions.forget(minutes(2), 1), tx.invitations.forget(minutes(2), 1)]))).toEqual([1, 1])
        expect(await write((tx) => Promise.all([tx.sessions.forget(minutes(2), 9), tx.invitations.forget(minutes(2), 9)]))).toEqual([1, 1])
        expect(await found('3')).toBeDefined()
        expect(await read((tx) => tx.invitations.find('3'))).toEqual({ tokenHash: '3', expiresAt: minutes(3) })
      })

      test('invitations are a user’s, or the first operator’s', async () => {
        await write(async (tx) => {
          await tx.invitations.save({ tokenHash: 'a', userId: 'u', expiresAt: nine })
          await tx.invitations.save({ tokenHash: 'b', expiresAt: nine })
          await tx.invitations.removeOfUser('u')
        })
        expect(await read((tx) => tx.invitations.find('a'))).toBeUndefined()
        await write((tx) => tx.invitations.remove('b'))
        expect(await read((tx) => tx.invitations.find('b'))).toBeUndefined()
      })

      test('keys are listed in pages', async () => {
        await write(async (tx) => {
          for (const id of ['1', '2', '3']) await tx.apiKeys.save(anApiKey(id))
        })
        expect(ids(await read((tx) => tx.apiKeys.list(2)))).toEqual(['1', '2'])
        expect(ids(await read((tx) => tx.apiKeys.list(9, '2')))).toEqual(['3'])
      })
    })

    describe('lists and searches', () => {
      const none = async (): Promise<readonly string[]> => []
      const walk = async <T, P>(ask: (place: P | undefined) => Promise<readonly T[]>, placeOf: (each: T) => P): Promise<readonly T[]> => {
        const seen: T[] = []
        for (let place: P | undefined; ; ) {
          const rows = await ask(place)
          seen.push(...rows)
          const end = rows.at(-1)
          if (!end) return seen
          place = placeOf(end)
        }
      }

      test('appointments of a time come soonest first, page by page, of one agenda where it is asked for', async () => {
        const starts = [5, 1, 3, 1, 9].map((count, index) =>
          anAppointment(String(index), { start: minutes(count), agenda: { key: index % 2 === 0 ? 'A"\0' : 'B' } }),
        )
        await write(async (tx) => {
          for (const each of starts) await tx.appointments.save(each)
          await tx.appointments.save(anAppointment('other', { clinicId: 'erables', start: minutes(2) }))
          await tx.appointments.save(anAppointment('moved', { start: minutes(2) }))
          await tx.appointments.save(anAppointment('moved', { start: minutes(90), agenda: { key: 'C' } }))
        })
        const span = { from: minutes(1), until: minutes(9), limit: 2 }
        const found = (more: { readonly agendaKey?: string }) =>
          walk(
            (after: { id: string; start: Temporal.Instant } | undefined) =>
              read((tx) => tx.appointments.starting('tilleuls', { ...span, ...more, ...(after && { after }) })),
            ({ id, start = nine }) => ({ id, start }),
          )
        expect(ids(await found({}))).toEqual(['tilleuls:1', 'tilleuls:3', 'tilleuls:2', 'tilleuls:0'])
        expect(ids(await found({ agendaKey: 'A"\0' }))).toEqual(['tilleuls:2', 'tilleuls:0'])
        expect(ids(await found({ agendaKey: 'nobody' }))).toEqual(await none())
      })

      test('notifications of one state come last changed first, page by page', async () => {
        await write(async (tx) => {
          for (const [index, count] of [2, 5, 2, 1].entries())
            await tx.notifications.save(aNotification(`s${index}`, { state: 'sent', changedAt: minutes(count) }))
          await tx.notifications.save(aNotification('f', { state: 'failed', changedAt: minutes(3) }))
          await tx.notifications.save(aNotification('theirs', { clinicId: 'erables', state: 'sent' }))
        })
        const sent = await walk(
          (before: Notification | undefined) =>
            read((tx) => tx.notifications.inState('tilleuls', 'sent', { limit: 1, ...(before && { before }) })),
          (each) => each,
        )
        expect(sent.map(({ changedAt }) => changedAt)).toEqual([minutes(5), minutes(2), minutes(2), minutes(1)])
      })

      test('write-backs of one state come newest answer first, page by page', async () => {
        await write(async (tx) => {
          for (const count of [1, 3, 2])
            await tx.writeBacks.save(
              aWriteBack('tilleuls:1', `w${count}`, { id: `w${count}`, state: 'failed', answeredAt: minutes(count) }),
            )
          await tx.writeBacks.save(aWriteBack('tilleuls:1', 'q', { id: 'q', state: 'queued' }))
        })
        const failed = await walk(
          (before: WriteBack | undefined) =>
            read((tx) => tx.writeBacks.inState('tilleuls', 'failed', { limit: 2, ...(before && { before }) })),
          (each) => each,
        )
        expect(ids(failed)).toEqual(['w3', 'w2', 'w1'])
      })

      test('patients are found by any word of their name, without accents, and by their birth date; each once', async () => {
        const named = (ehrId: string, familyName: string, givenName: string, birthDate = '1980-03-12') =>
          aPatient(ehrId, { familyName, givenName, birthDate })
        await write(async (tx) => {
          await tx.patients.save(named('1', 'Le Goff-Étienne', 'Anne'))
          await tx.patients.save(named('2', 'Anne', 'Annette', '1999-01-01'))
          await tx.patients.save(named('3', 'Roy', 'Zoé'))
          await tx.patients.save(named('3', 'Tremblay', 'Zoé'))
          await tx.patients.save({ ...named('4', 'Anne', 'X'), clinicId: 'erables' })
        })
        const search = async (what: PatientSearch, limit = 1) => {
          const found = await walk(
            (after: PatientPlace | undefined) => read((tx) => tx.patients.search('tilleuls', what, limit, after)),
            ({ patient, term }) => ({ id: patient.id, term }),
          )
          return found.map(({ patient }) => patient.ehrId).sort()
        }
        expect(await search({ name: 'anne' })).toEqual(['1', '2'])
        expect(await search({ name: 'ANNE' }, 50)).toEqual(['1', '2'])
        expect(await search({ name: 'goff etien' })).toEqual(['1'])
        expect(await search({ name: 'anne le g' })).toEqual(['1'])
        expect(await search({ name: 'trembl' })).toEqual(['3'])
        expect(await search({ name: 'roy' })).toEqual([])
        expect(await search({ birthDate: '1980-03-12' })).toEqual(['1', '3'])
      })

      test('the audit of everybody is read backwards', async () => {
        await write(async (tx) => {
          for (const action of ['a', 'b', 'c']) await tx.audit.append({ at: nine, actor: 'x', action, subject: action })
        })
        const rows = await read((tx) => tx.audit.latest(2))
        expect(rows.map(({ action }) => action)).toEqual(['c', 'b'])
        expect((await read((tx) => tx.audit.latest(2, rows.at(-1)?.seq))).map(({ action }) => action)).toEqual(['a'])
      })
    })

    describe('webhooks', () => {
      const event = (id: string, change: Partial<WebhookEvent> = {}): WebhookEvent => ({
        id,
        clinicId: 'tilleuls',
        type: 'notification.sent',
        at: nine,
        data: { channel: 'sms', count: 1, automatic: true },
        ...change,
      })

      test('an endpoint comes back as it was saved, and goes with what was on its way to it', async () => {
        const endpoint: WebhookEndpoint = {
          id: 'e1',
          clinicId: 'tilleuls',
          url: 'https://hooks.example/',
          events: ['to_call.opened'],
          description: 'caisse',
          secrets: [{ secret: 'whsec_b' }, { secret: 'whsec_a', until: minutes(5) }],
          state: 'disabled',
          reason: 'gone',
          createdAt: nine,
          createdBy: 'token:admin',
        }
        await write(async (tx) => {
          await tx.webhooks.save({ ...endpoint, state: 'enabled' })
          await tx.webhooks.save(endpoint)
          await tx.webhooks.save({ ...endpoint, id: 'e0' })
          await tx.webhooks.save({ ...endpoint, id: 'e2', clinicId: 'erables' })
          await tx.webhooks.saveDelivery(newDelivery('e1', event('m1'), nine))
        })
        expect(await read((tx) => tx.webhooks.find('e1'))).toEqual(endpoint)
        expect(ids(await read((tx) => tx.webhooks.ofClinic('tilleuls', 10)))).toEqual(['e0', 'e1'])
        await write((tx) => tx.webhooks.remove('e1'))
        expect(await read((tx) => tx.webhooks.find('e1'))).toBeUndefined()
        expect(await read((tx) => tx.webhooks.due(nine, 10))).toEqual([])
      })

      test('an event is written down once, and found by its time', async () => {
        expect(await write((tx) => tx.webhooks.insertEvent(event('b')))).toBe(true)
        expect(await write((tx) => tx.webhooks.insertEvent(event('b', { at: minutes(1) })))).toBe(false)
        await write((tx) => tx.webhooks.insertEvent(event('a')))
        await write((tx) => tx.webhooks.insertEvent(event('c', { at: minutes(2) })))
        expect(await read((tx) => tx.webhooks.findEvent('b'))).toEqual(event('b'))
        const first = await read((tx) => tx.webhooks.events('tilleuls', { from: nine, until: minutes(3), limit: 2 }))
        expect(ids(first)).toEqual(['a', 'b'])
        const next = { from: nine, until: minutes(3), limit: 2, after: event('b') }
        expect(ids(await read((tx) => tx.webhooks.events('tilleuls', next)))).toEqual(['c'])
        expect(await read((tx) => tx.webhooks.events('tilleuls', { from: nine, until: nine, limit: 2 }))).toEqual([])
      })

      test('what is on its way is due soonest first; what came to its end no more', async () => {
        const [one, two] = [newDelivery('e', event('m1'), minutes(2)), newDelivery('e', event('m2'), minutes(1))]
        await write(async (tx) => {
          await tx.webhooks.saveDelivery(one)
          await tx.webhooks.saveDelivery(two)
        })
        expect(await read((tx) => tx.webhooks.nextDueAt())).toEqual(minutes(1))
        expect(await read((tx) => tx.webhooks.due(minutes(1), 10))).toEqual([two])
        const answered = settleDelivery(two, { at: minutes(3), status: 204, ms: 12 }, minutes(3))
        await write((tx) => tx.webhooks.saveDelivery(answered))
        expect((await read((tx) => tx.webhooks.due(minutes(9), 10))).map(({ eventId }) => eventId)).toEqual(['m1'])
        expect(await read((tx) => tx.webhooks.findDelivery('e', 'm2'))).toEqual(answered)
        expect(await read((tx) => tx.webhooks.deliveries('e', 'delivered', { limit: 5 }))).toEqual([answered])
        const before = { id: 'm2', at: minutes(1) }
        expect(await read((tx) => tx.webhooks.deliveries('e', 'delivered', { limit: 5, before }))).toEqual([])
      })

      test('old events are forgotten with their deliveries, so many at most', async () => {
        await write(async (tx) => {
          for (const [index, id] of ['m1', 'm2', 'm3'].entries()) {
            await tx.webhooks.insertEvent(event(id, { at: minutes(index) }))
            await tx.webhooks.saveDelivery(newDelivery('e', event(id), nine))
          }
        })
        expect(await write((tx) => tx.webhooks.forget(minutes(2), 1))).toBe(1)
        expect(await write((tx) => tx.webhooks.forget(minutes(2), 5))).toBe(1)
        expect((await read((tx) => tx.webhooks.due(nine, 9))).map(({ eventId }) => eventId)).toEqual(['m3'])
      })
    })

    describe('requests that may be repeated', () => {
      test('keep what they were answered until their time is over', async () => {
        const started = { key: 'k', requestHash: 'h', startedAt: nine, forgetAt: minutes(5) }
        await write((tx) => tx.idempotency.save(started))
        expect(await read((tx) => tx.idempotency.find('k'))).toEqual(started)
        await write((tx) => tx.idempotency.save({ ...started, status: 202, body: '{}' }))
        expect(await read((tx) => tx.idempotency.find('k'))).toEqual({ ...started, status: 202, body: '{}' })
        expect(await write((tx) => tx.idempotency.forget(minutes(4), 9))).toBe(0)
        expect(await write((tx) => tx.idempotency.forget(minutes(5), 9))).toBe(1)
        await write((tx) => tx.idempotency.save(started))
        await write((tx) => tx.idempotency.remove('k'))
        expect(await read((tx) => tx.idempotency.find('k'))).toBeUndefined()
      })
    })

    describe('what was watched, and what the former system said', () => {
      const watched = (id: string, more: Partial<Watched> = {}): Watched => ({
        notificationId: id,
        clinicId: 'tilleuls',
        appointmentId: 'ehr:A1',
        patientId: 'ehr:P1',
        agendaKey: 'moreau',
        kind: 'reminder',
        channel: 'sms',
        at: minutes(1),
        would: 'suppressed',
        because: 'stop',
        contactHash: 'h',
        forgetAt: minutes(10),
        ...more,
      })
      const said = (id: string, more: Partial<SaidElsewhere> = {}): SaidElsewhere => ({
        id,
        clinicId: 'tilleuls',
        importId: 'i',
        at: minutes(1),
        kind: 'reminder',
        channel: 'email',
        outcome: 'failed',
        appointmentId: 'ehr:A1',
        patientId: 'ehr:P1',
        contactHash: 'h',
        forgetAt: minutes(10),
        ...more,
      })
      const span = { from: minutes(1), until: minutes(3), limit: 10 }

      test('come back as they were, of one clinic and time, the oldest first', async () => {
        await write(async (tx) => {
          await tx.shadow.watch(watched('b', { at: minutes(2) }))
          await tx.shadow.watch(watched('a'))
          await tx.shadow.watch(watched('late', { at: minutes(3) }))
          await tx.shadow.watch(watched('other', { clinicId: 'ofys' }))
          expect(await tx.shadow.hear(said('y', { at: minutes(2) }))).toBe(true)
          expect(await tx.shadow.hear(said('x'))).toBe(true)
          expect(await tx.shadow.hear(said('x', { at: minutes(2) }))).toBe(false)
        })
        expect(await read((tx) => tx.shadow.watched('tilleuls', span))).toEqual([watched('a'), watched('b', { at: minutes(2) })])
        expect(await read((tx) => tx.shadow.watched('tilleuls', { ...span, limit: 1 }))).toEqual([watched('a')])
        expect(await read((tx) => tx.shadow.heard('tilleuls', span))).toEqual([said('x'), said('y', { at: minutes(2) })])
        expect((await read((tx) => tx.shadow.watchedOf('ehr:A1'))).length).toBe(4)
      })

      test('and go in their time, or with their appointment or patient', async () => {
        const file = { id: 'i', clinicId: 'tilleuls', at: minutes(1), by: 'token:x', taken: 1, known: 0, refused: 1, forgetAt: minutes(4) }
        const kept = {
          ...file,
          faults: [
            { line: 3, reason: 'cells' as const },
            { line: 4, reason: 'nobody' as const, column: 'x' },
          ],
        }
        await write(async (tx) => {
          await tx.shadow.saveImport(kept)
          await tx.shadow.watch(watched('a', { forgetAt: minutes(5) }))
          await tx.shadow.watch(watched('p', { appointmentId: 'ehr:A2' }))
          await tx.shadow.hear(said('x'))
          await tx.shadow.hear(said('p', { appointmentId: 'ehr:A2' }))
        })
        expect(await read((tx) => tx.shadow.imports('tilleuls', 5))).toEqual([kept])
        expect(await read((tx) => tx.shadow.nextForgetAt())).toEqual(minutes(4))
        expect(await write((tx) => tx.shadow.forget(minutes(5), 10))).toBe(2)
        await write((tx) => tx.shadow.forgetOf({ appointmentId: 'ehr:A1' }))
        expect((await read((tx) => tx.shadow.heard('tilleuls', span))).map(({ id }) => id)).toEqual(['p'])
        await write((tx) => tx.shadow.forgetOf({ patientId: 'ehr:P1' }))
        expect(await read((tx) => tx.shadow.heard('tilleuls', span))).toEqual([])
        expect(await read((tx) => tx.shadow.watched('tilleuls', span))).toEqual([])
        expect(await read((tx) => tx.shadow.nextForgetAt())).toBeUndefined()
      })
    })

    describe('marks', () => {
      const marked = (connectorId: string, name: string) => read((tx) => tx.marks.find(connectorId, name))

      test('are kept by connector and name, and the last one counts', async () => {
        await write((tx) => tx.marks.save('tilleuls', 'poll', '2026-04-10T09:00:00Z', nine))
        await write((tx) => tx.marks.save('tilleuls', 'poll', 'any\u0000text’', minutes(1)))
        expect(await marked('tilleuls', 'poll')).toBe('any\u0000text’')
        expect(await marked('tilleuls', 'event')).toBeUndefined()
        expect(await marked('ofys', 'poll')).toBeUndefined()
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

      test('R31: its chain is verified slice by slice', async () => {
        const entry = { at: at('2026-04-10T09:00:00.000001Z'), actor: 'operator', action: 'planned', subject: 'a' }
        await write(async (tx) => {
          for (let number = 1; number <= 5; number++) await tx.audit.append(entry)
        })
        const first = await read((tx) => tx.audit.verify(3))
        expect(first).toMatchObject({ faults: [], last: { seq: 3 }, of: 5, done: false })
        expect(await read((tx) => tx.audit.verify(3, first.last))).toMatchObject({ faults: [], last: { seq: 5 }, of: 5, done: true })
        const wrong = await read((tx) => tx.audit.verify(3, { seq: 1, hash: 'another' }))
        expect(wrong.faults).toEqual([{ seq: 2, fault: 'edited' }])
      })
    })
  })
}
