import { afterAll, describe, expect, test } from 'vitest'
import { connect } from '../../src/store/sqlite-connection.ts'
import type { Transaction } from '../../src/store/store.ts'
import { aFolder, openWatched } from './open-files.ts'
import { nine } from './samples.ts'

const { nextPath } = await aFolder()
const path = nextPath()
const { store, statements } = await openWatched(path)
/** Its own connection: libsql never ends an EXPLAIN, and what comes after it then holds the file. */
const explaining = await connect({ path })
afterAll(async () => {
  explaining.close()
  await store.close()
})

const page = { from: nine, until: nine, limit: 10 }

/** How SQLite goes about the last query of a work. */
async function plan(work: (tx: Transaction) => Promise<unknown>): Promise<string> {
  statements.length = 0
  await store.transact(work)
  const query = statements.findLast((sql) => sql.startsWith('select')) ?? ''
  const parameters = Array.from({ length: query.split('?').length - 1 }, () => 1)
  return explaining
    .query(`explain query plan ${query}`, parameters)
    .map((step) => String(step.detail))
    .join('\n')
}

describe('every query that is asked often finds its rows by an index', () => {
  test.each<[string, (tx: Transaction) => Promise<unknown>, string]>([
    ['what was received and is due', (tx) => tx.inbox.pending(nine, 10), 'inbox_pending'],
    ['when the inbox is due', (tx) => tx.inbox.nextDueAt(), 'inbox_pending'],
    ['a duplicate', (tx) => tx.inbox.findDuplicate('c', 'i', 'h'), 'inbox_by_identity'],
    ['the quarantine', (tx) => tx.inbox.quarantined({ limit: 10 }), 'inbox_quarantined'],
    ['what arrived in a time', (tx) => tx.inbox.arrived({ from: 'a', until: 'b', limit: 10 }), 'SEARCH inbox USING PRIMARY KEY'],
    ['what may be archived', (tx) => tx.inbox.archivable(10), 'inbox_archivable'],
    ['notifications that are due', (tx) => tx.notifications.due(nine, 10), 'notifications_pending'],
    ['when notifications are due', (tx) => tx.notifications.nextDueAt(), 'notifications_pending'],
    ['notifications of an appointment', (tx) => tx.notifications.ofAppointment('a'), 'notifications_by_appointment'],
    ['changes planned in an hour', (tx) => tx.notifications.noticesPlanned('c', nine, nine), 'USING COVERING INDEX notifications_noticed'],
    ['what is held for a reason', (tx) => tx.notifications.heldFor('c', 'r', 10), 'notifications_held'],
    ['the appointments of what is held', (tx) => tx.notifications.heldFor('c', 'r', 10), 'sqlite_autoindex_appointments'],
    ['who shares a number', (tx) => tx.patients.sharing('c', 'p', 10), 'SEARCH contacts USING PRIMARY KEY'],
    ['the patients who share a number', (tx) => tx.patients.sharing('c', 'p', 10), 'sqlite_autoindex_patients'],
    ['attempts that never finished', (tx) => tx.attempts.unfinished(10), 'attempts_unfinished'],
    ['attempts of an appointment', (tx) => tx.attempts.ofAppointment('a'), 'attempts_by_notification'],
    ['write-backs that are due', (tx) => tx.writeBacks.due(nine, 10), 'write_backs_pending'],
    ['when write-backs are due', (tx) => tx.writeBacks.nextDueAt(), 'write_backs_pending'],
    ['appointments of a patient', (tx) => tx.appointments.ofPatient('p', nine, 10), 'appointments_by_patient'],
    ['the first appointments ahead', (tx) => tx.appointments.ahead('c', nine, undefined, 10), 'appointments_ahead'],
    ['the next appointments ahead', (tx) => tx.appointments.ahead('c', nine, 'a', 10), 'appointments_ahead'],
    ['the audit of a subject', (tx) => tx.audit.of('s', 10), 'audit_by_subject'],
    ['the current settings', (tx) => tx.settings.current('c'), 'USING COVERING INDEX settings_history'],
    ['settings of a version', (tx) => tx.settings.at('c', 1), 'sqlite_autoindex_settings'],
    ['the history of the settings', (tx) => tx.settings.history('c', 10), 'USING COVERING INDEX settings_history'],
    ['whom to call', (tx) => tx.toCall.open('c', 10), 'to_call_open'],
    ['whom to call of an appointment', (tx) => tx.toCall.ofAppointment('a'), 'to_call_by_appointment'],
    ['the staff’s inbox', (tx) => tx.toDo.open('c', 10), 'to_do_open'],
    ['the next page of the staff’s inbox', (tx) => tx.toDo.open('c', 10, { id: 'a', createdAt: nine }), 'to_do_open'],
    ['when the staff’s inbox is tidied', (tx) => tx.toDo.nextForgetAt(), 'to_do_to_forget'],
    ['what was watched', (tx) => tx.shadow.watched('c', { from: nine, until: nine, limit: 10 }), 'shadow_watched_by_time'],
    ['what was watched of an appointment', (tx) => tx.shadow.watchedOf('a'), 'shadow_watched_of_appointment'],
    ['what the former system said', (tx) => tx.shadow.heard('c', { from: nine, until: nine, limit: 10 }), 'incumbent_log_by_time'],
    ['when the former system’s log is tidied', (tx) => tx.shadow.nextForgetAt(), 'incumbent_imports_to_forget'],
    ['what was answered to a number', (tx) => tx.inboundTexts.answersTo('h', nine), 'USING COVERING INDEX inbound_texts_answered'],
    ['what a number was asked', (tx) => tx.questions.find('p'), 'SEARCH questions USING PRIMARY KEY'],
    ['what patients typed and is to be forgotten', (tx) => tx.questionnaireDrafts.toForget(nine, 10), 'questionnaire_drafts_to_forget'],
    ['when that is to be forgotten', (tx) => tx.questionnaireDrafts.nextForgetAt(), 'questionnaire_drafts_to_forget'],
    ['what a patient typed', (tx) => tx.questionnaireDrafts.find('a'), 'SEARCH questionnaire_drafts USING PRIMARY KEY'],
    ['a wrong number', (tx) => tx.wrongNumbers.has('c', 'p'), 'SEARCH wrong_numbers USING PRIMARY KEY'],
    ['attempts whose provider is to be asked', (tx) => tx.attempts.toAsk(nine, 10), 'attempts_to_ask'],
    ['when a provider is to be asked', (tx) => tx.attempts.nextAskAt(), 'attempts_to_ask'],
    ['what was sent to a contact', (tx) => tx.usage.countTo('c', 'h', nine), 'USING COVERING INDEX usage_counted'],
    ['the sums of whole hours', (tx) => tx.usage.sums('c', nine, nine), 'SEARCH usage_hours USING PRIMARY KEY'],
    ['the messages of the hours at both ends', (tx) => tx.usage.sums('c', nine, nine), 'USING COVERING INDEX usage_by_time'],
    ['the figures of a span of days', (tx) => tx.statistics.days('c', { scope: 'all' }, 0, 9), 'SEARCH daily_counts USING PRIMARY KEY'],
    ['the sums of a span of days', (tx) => tx.statistics.sums('c', { scope: 'all' }, 0, 9), 'SEARCH daily_counts USING PRIMARY KEY'],
    ['how many wait for a person', async (tx) => (await tx.statistics.waiting('c')).sendsHeld, 'appointments_held'],
    ['appointments that are held', (tx) => tx.appointments.held('c', 10), 'appointments_held'],
    ['the mass hold of a clinic', (tx) => tx.massHolds.open('c'), 'SEARCH mass_holds USING PRIMARY KEY'],
    ['the last mass hold of a clinic', (tx) => tx.massHolds.latest('c'), 'SEARCH mass_holds USING PRIMARY KEY'],
    ['a merged record', (tx) => tx.patients.survivorOf('p'), 'SEARCH aliases USING PRIMARY KEY'],
    ['whom a record names', (tx) => tx.patients.related('p', 10), 'SEARCH kin USING'],
    ['appointments of a visit', (tx) => tx.appointments.ofVisit('c', 'v', 10), 'appointments_by_visit'],
    ['what closes a diary', (tx) => tx.blocks.covering('c', 'a', nine), 'SEARCH blocks USING PRIMARY KEY'],
    ['a mark', (tx) => tx.marks.find('c', 'n'), 'SEARCH marks USING PRIMARY KEY'],
    ['what a patient chose', (tx) => tx.preferences.find('p'), 'SEARCH preferences USING PRIMARY KEY'],
    ['a patient with what they chose', (tx) => tx.patients.find('p'), 'SEARCH preferences USING PRIMARY KEY'],
    [
      'opt-outs of a person’s contacts',
      (tx) => tx.optOuts.among('c', { email: 'e', sms: 'p' }),
      'SEARCH opt_outs USING PRIMARY KEY (clinic_id=? AND channel=? AND contact=?)',
    ],
    ['guesses', (tx) => tx.guesses.find('s'), 'SEARCH guesses USING PRIMARY KEY'],
    ['appointments of an hour', (tx) => tx.appointments.startingAt('c', nine, 10), 'appointments_by_hour'],
    [
      'how many appointments of a time',
      (tx) => tx.appointments.countStarting('c', { from: nine, until: nine }),
      'USING COVERING INDEX appointments_by_hour',
    ],
    [
      'a slice of them',
      (tx) => tx.appointments.slice('c', { from: nine, until: nine }, 100, 10),
      'USING COVERING INDEX appointments_by_hour',
    ],
    ['a user by login', (tx) => tx.users.byLogin('l'), 'users_by_login'],
    ['a user by subject', (tx) => tx.users.bySubject('i', 's'), 'users_by_subject'],
    ['who sees all', (tx) => tx.users.whoSeeAll(2), 'users_who_see_all'],
    ['a session', (tx) => tx.sessions.find('s'), 'sqlite_autoindex_sessions'],
    ['sessions of a user', (tx) => tx.sessions.ofUser('u', 10), 'sessions_of_user'],
    ['an invitation', (tx) => tx.invitations.find('i'), 'sqlite_autoindex_invitations'],
    ['a key of the API', (tx) => tx.apiKeys.find('k'), 'sqlite_autoindex_api_keys'],
    ['appointments of a time', (tx) => tx.appointments.starting('c', page), 'appointments_by_hour'],
    ['appointments of a time and an agenda', (tx) => tx.appointments.starting('c', { ...page, agendaKey: 'a' }), 'appointments_by_agenda'],
    ['patients by name', (tx) => tx.patients.search('c', { name: 'n' }, 10), 'SEARCH patient_terms USING PRIMARY KEY'],
    ['notifications of a state', (tx) => tx.notifications.inState('c', 'failed', { limit: 10 }), 'notifications_listed'],
    ['write-backs of a state', (tx) => tx.writeBacks.inState('c', 'failed', { limit: 10 }), 'write_backs_listed'],
    ['the endpoints of a clinic', (tx) => tx.webhooks.ofClinic('c', 10), 'webhook_endpoints_of_clinic'],
    ['the events of a time', (tx) => tx.webhooks.events('c', page), 'webhook_events_of_clinic'],
    ['an event', (tx) => tx.webhooks.findEvent('m'), 'SEARCH webhook_events USING PRIMARY KEY'],
    ['events on their way', (tx) => tx.webhooks.due(nine, 10), 'webhook_deliveries_pending'],
    ['when an event is to be told', (tx) => tx.webhooks.nextDueAt(), 'webhook_deliveries_pending'],
    ['what was told to an endpoint', (tx) => tx.webhooks.deliveries('e', 'failed', { limit: 10 }), 'webhook_deliveries_listed'],
    ['an answered request', (tx) => tx.idempotency.find('k'), 'SEARCH idempotency USING PRIMARY KEY'],
    ['the audit of everybody', (tx) => tx.audit.latest(10, 7), 'SEARCH audit USING INTEGER PRIMARY KEY'],
    ['a consent', (tx) => tx.consents.find('c', 'sms', 'p'), 'SEARCH consents USING PRIMARY KEY'],
  ])('%s', async (_, work, index) => {
    const steps = await plan(work)
    expect(steps).toContain(index)
    expect(steps).not.toMatch(/^SCAN (?!parts|.*USING)/m)
  })

  test.each<[string, (tx: Transaction) => Promise<unknown>]>([
    ['what was received and is due', (tx) => tx.inbox.pending(nine, 10)],
    ['notifications that are due', (tx) => tx.notifications.due(nine, 10)],
    ['attempts that never finished', (tx) => tx.attempts.unfinished(10)],
    ['the quarantine', (tx) => tx.inbox.quarantined({ limit: 10 })],
    ['what may be archived', (tx) => tx.inbox.archivable(10)],
    ['appointments of a patient', (tx) => tx.appointments.ofPatient('p', nine, 10)],
    ['appointments of an hour', (tx) => tx.appointments.startingAt('c', nine, 10)],
    ['appointments ahead', (tx) => tx.appointments.ahead('c', nine, 'a', 10)],
    ['the audit of a subject', (tx) => tx.audit.of('s', 10)],
    ['who shares a number', (tx) => tx.patients.sharing('c', 'p', 10)],
    ['the history of the settings', (tx) => tx.settings.history('c', 10)],
    ['whom to call', (tx) => tx.toCall.open('c', 10)],
    ['whom to call of an appointment', (tx) => tx.toCall.ofAppointment('a')],
    ['the staff’s inbox', (tx) => tx.toDo.open('c', 10, { id: 'a', createdAt: nine })],
    ['attempts whose provider is to be asked', (tx) => tx.attempts.toAsk(nine, 10)],
    ['the mass hold of a clinic', (tx) => tx.massHolds.open('c')],
    ['the last mass hold of a clinic', (tx) => tx.massHolds.latest('c')],
    ['appointments of a time', (tx) => tx.appointments.starting('c', page)],
    ['appointments of a time and an agenda', (tx) => tx.appointments.starting('c', { ...page, agendaKey: 'a' })],
    ['patients by name', (tx) => tx.patients.search('c', { name: 'n' }, 10)],
    ['notifications of a state', (tx) => tx.notifications.inState('c', 'failed', { limit: 10 })],
    ['write-backs of a state', (tx) => tx.writeBacks.inState('c', 'failed', { limit: 10 })],
    ['the events of a time', (tx) => tx.webhooks.events('c', page)],
    ['events on their way', (tx) => tx.webhooks.due(nine, 10)],
    ['what was told to an endpoint', (tx) => tx.webhooks.deliveries('e', 'failed', { limit: 10 })],
    ['the audit of everybody', (tx) => tx.audit.latest(10, 7)],
    ['what was watched', (tx) => tx.shadow.watched('c', { from: nine, until: nine, limit: 10 })],
    ['what the former system said', (tx) => tx.shadow.heard('c', { from: nine, until: nine, limit: 10 })],
    ['the former system’s files', (tx) => tx.shadow.imports('c', 10)],
  ])('%s: read in the index’s order, never sorted', async (_, work) => {
    expect(await plan(work)).not.toContain('TEMP B-TREE')
  })
})
