import type { Kysely } from 'kysely'
import { apiKeysTable } from './api-keys.ts'
import { appointmentsTable } from './appointments.ts'
import { attemptsTable } from './attempts.ts'
import { auditTable } from './audit.ts'
import { blocksTable } from './blocks.ts'
import { consentsTable } from './consents.ts'
import { erasuresTable } from './erasures.ts'
import { forgettingTable } from './forgetting.ts'
import { guessesTable } from './guesses.ts'
import { idempotencyTable } from './idempotency.ts'
import { inboundTextsTable } from './inbound-texts.ts'
import { inboxTable } from './inbox.ts'
import { incumbentLogTable } from './incumbent-log.ts'
import { linksTable } from './links.ts'
import { marksTable } from './marks.ts'
import { massHoldsTable } from './mass-holds.ts'
import { notificationsTable } from './notifications.ts'
import { optOutsTable } from './opt-outs.ts'
import { patientsTable } from './patients.ts'
import { preferencesTable } from './preferences.ts'
import { questionnaireDraftsTable } from './questionnaire-drafts.ts'
import { questionsTable } from './questions.ts'
import { restoreHoldsTable } from './restore-holds.ts'
import type { Database } from './schema.ts'
import { sessionsTable } from './sessions.ts'
import { type SettingsCache, settingsTable } from './settings.ts'
import { statisticsTable } from './statistics.ts'
import type { Transaction } from './store.ts'
import { toCallTable } from './to-call.ts'
import { toDoTable } from './to-do.ts'
import { toldTable } from './told.ts'
import { unsetKeysTable } from './unset-keys.ts'
import { usageTable } from './usage.ts'
import { invitationsTable, usersTable } from './users.ts'
import { webhooksTable } from './webhooks.ts'
import { writeBacksTable } from './write-backs.ts'
import type { WriterMemory } from './writer-memory.ts'
import { wrongNumbersTable } from './wrong-numbers.ts'

/** `memory`: what this transaction knows without asking, where it is the only one that writes. */
export function tables(db: Kysely<Database>, settings: SettingsCache, memory?: WriterMemory): Transaction {
  return {
    inbox: inboxTable(db),
    appointments: appointmentsTable(db),
    patients: patientsTable(db),
    told: toldTable(db),
    notifications: notificationsTable(db),
    attempts: attemptsTable(db),
    links: linksTable(db),
    writeBacks: writeBacksTable(db),
    settings: settingsTable(db, settings, memory),
    optOuts: optOutsTable(db),
    unset: unsetKeysTable(db),
    toCall: toCallTable(db),
    toDo: toDoTable(db),
    inboundTexts: inboundTextsTable(db),
    questions: questionsTable(db),
    wrongNumbers: wrongNumbersTable(db),
    usage: usageTable(db),
    statistics: statisticsTable(db),
    massHolds: massHoldsTable(db),
    consents: consentsTable(db),
    preferences: preferencesTable(db),
    guesses: guessesTable(db),
    questionnaireDrafts: questionnaireDraftsTable(db),
    marks: marksTable(db),
    blocks: blocksTable(db),
    users: usersTable(db),
    invitations: invitationsTable(db),
    sessions: sessionsTable(db),
    apiKeys: apiKeysTable(db),
    webhooks: webhooksTable(db),
    idempotency: idempotencyTable(db),
    audit: auditTable(db, undefined, memory),
    restoreHolds: restoreHoldsTable(db),
    erasures: erasuresTable(db),
    forgetting: forgettingTable(db),
    shadow: incumbentLogTable(db),
  }
}
