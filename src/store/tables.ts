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
import { lazily } from './port/lazily.ts'
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
type Make<T> = (db: Kysely<Database>, settings: SettingsCache, memory?: WriterMemory) => T

const nouns: { readonly [N in keyof Transaction]: Make<Transaction[N]> } = {
  inbox: inboxTable,
  appointments: appointmentsTable,
  patients: patientsTable,
  told: toldTable,
  notifications: notificationsTable,
  attempts: attemptsTable,
  links: linksTable,
  writeBacks: writeBacksTable,
  settings: settingsTable,
  optOuts: optOutsTable,
  unset: unsetKeysTable,
  toCall: toCallTable,
  toDo: toDoTable,
  inboundTexts: inboundTextsTable,
  questions: questionsTable,
  wrongNumbers: wrongNumbersTable,
  usage: usageTable,
  statistics: statisticsTable,
  massHolds: massHoldsTable,
  consents: consentsTable,
  preferences: preferencesTable,
  guesses: guessesTable,
  questionnaireDrafts: questionnaireDraftsTable,
  marks: marksTable,
  blocks: blocksTable,
  users: usersTable,
  invitations: invitationsTable,
  sessions: sessionsTable,
  apiKeys: apiKeysTable,
  webhooks: webhooksTable,
  idempotency: idempotencyTable,
  audit: (db, _, memory) => auditTable(db, undefined, memory),
  restoreHolds: restoreHoldsTable,
  erasures: erasuresTable,
  forgetting: forgettingTable,
  shadow: incumbentLogTable,
}

const names = Object.keys(nouns)

export const tables: Make<Transaction> = (...given) =>
  lazily<Transaction>(
    () => names,
    (noun) => nouns[noun]?.(...given),
  )
