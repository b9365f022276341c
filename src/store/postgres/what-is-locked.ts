import { lazily } from '../port/lazily.ts'
import type { Transaction } from '../store.ts'
import type { Locks } from './locks.ts'

type Method = (...args: never) => unknown
/** The lock that a call needs; undefined: none. */
type NameOf<M> = M extends (...args: infer A) => unknown ? (...args: A) => string | undefined : never
type Names<T> = { readonly [M in keyof T]?: NameOf<T[M]> }

/** Ids begin with their connector: all that is said of its patients and appointments is one after the other. */
const connector = (id: string): string => `connector ${id}`
const ofRecord = (id: string): string => connector(id.slice(0, Math.max(0, id.indexOf(':'))))
const clinic = (id: string): string => `clinic ${id}`
/** One statement that is right by itself, a page for a person to look at, or what never changes. */
const none = (): undefined => undefined

/**
 * What a transaction takes hold of before it looks or writes: read committed sees what others have committed since, so whatever follows from a look must
 * keep others from changing it. A clinic is a handful of messages a second; nobody waits for another clinic. A noun or a method that is not named here
 * locks the whole noun: right, and slow.
 */
const names: { readonly [N in keyof Transaction]?: Names<Transaction[N]> } = {
  inbox: {
    insert: ({ envelope }) => connector(envelope.connectorId),
    find: (id) => `inbox ${id}`,
    findDuplicate: connector,
    take: none,
    pending: none,
    nextDueAt: none,
    settle: none,
    defer: none,
    quarantined: none,
    countByState: none,
    archivable: none,
    dropBody: none,
  },
  appointments: {
    find: ofRecord,
    save: ({ id }) => ofRecord(id),
    ofPatient: ofRecord,
    ofVisit: connector,
    startingAt: clinic,
    ahead: clinic,
  },
  patients: {
    find: ofRecord,
    save: ({ id }) => ofRecord(id),
    sharing: clinic,
    related: ofRecord,
    survivorOf: ofRecord,
    mergeInto: ofRecord,
  },
  told: { find: ofRecord, save: ofRecord, forget: ofRecord },
  notifications: {
    find: ofRecord,
    save: ({ id }) => ofRecord(id),
    ofAppointment: ofRecord,
    due: none,
    take: none,
    nextDueAt: none,
    noticesPlanned: clinic,
    heldFor: clinic,
    inState: none,
  },
  attempts: {
    // it holds what the attempt is of (`claims.ts`)
    find: none,
    save: ({ notificationId }) => ofRecord(notificationId),
    finish: none,
    unfinished: none,
    ofAppointment: ofRecord,
    ask: none,
    toAsk: none,
    nextAskAt: none,
  },
  links: { save: none, find: none },
  writeBacks: {
    find: ofRecord,
    save: ({ id }) => ofRecord(id),
    ofAppointment: ofRecord,
    due: none,
    nextDueAt: none,
    inState: none,
  },
  // a save holds what it follows from (`nouns.ts`)
  settings: { current: none, save: none, at: none, history: none },
  optOuts: { has: clinic, among: clinic, add: clinic, remove: clinic },
  unset: { count: none, list: none },
  toCall: { find: ofRecord, save: ({ id }) => ofRecord(id), open: none, ofAppointment: ofRecord },
  toDo: { find: (id) => `to-do ${id}`, save: ({ id }) => `to-do ${id}`, open: none, forget: none, nextForgetAt: none },
  inboundTexts: { insert: none, answer: none, answersTo: (contactHash) => `texts ${contactHash}` },
  questions: { find: question, save: ({ contact }) => question(contact), close: question },
  wrongNumbers: { has: clinic, mark: clinic, lift: clinic },
  usage: { save: ({ clinicId }) => clinic(clinicId), find: none, countTo: clinic, sums: clinic },
  massHolds: { open: clinic, latest: clinic, save: ({ clinicId }) => clinic(clinicId) },
  consents: { find: clinic, save: clinic },
  preferences: { find: ofRecord, save: ofRecord },
  guesses: { find: guesses, save: guesses },
  questionnaireDrafts: {
    find: ofRecord,
    save: ({ appointmentId }) => ofRecord(appointmentId),
    remove: ofRecord,
    toForget: none,
    nextForgetAt: none,
  },
  marks: { find: mark, save: mark },
  blocks: { save: ({ clinicId }) => clinic(clinicId), covering: clinic },
  sessions: { find: none, insert: none, update: none, remove: none, ofUser: none, removeOfUser: none, forget: none },
  restoreHolds: { latest: none, waiting: none },
  webhooks: {
    find: webhook,
    save: ({ id }) => webhook(id),
    ofClinic: clinic,
    remove: webhook,
    insertEvent: none,
    findEvent: none,
    events: none,
    saveDelivery: ({ endpointId }) => webhook(endpointId),
    findDelivery: webhook,
    due: none,
    nextDueAt: none,
    deliveries: none,
    forget: none,
  },
  shadow: {
    watch: ({ appointmentId }) => ofRecord(appointmentId),
    watched: none,
    watchedOf: ofRecord,
    hear: none,
    heard: none,
    saveImport: none,
    imports: none,
    forget: none,
    nextForgetAt: none,
    forgetOf: none,
  },
  idempotency: { find: request, save: ({ key }) => request(key), remove: request, forget: none },
  audit: { append: none, of: none, latest: none },
}

function question(contact: string): string {
  return `question ${contact}`
}

function guesses(subject: string): string {
  return `guesses ${subject}`
}

function mark(connectorId: string, name: string): string {
  return `mark ${connectorId} ${name}`
}

function webhook(endpointId: string): string {
  return `webhook ${endpointId}`
}

function request(key: string): string {
  return `request ${key}`
}

/** The same nouns, each call behind its lock. */
export function withLocks(tx: Transaction, locks: Locks): Transaction {
  return lazily<Transaction>(
    () => Reflect.ownKeys(tx),
    (noun) => lockedNoun(noun, tx[noun], locks),
  )
}

function lockedNoun<N extends keyof Transaction>(noun: N, methods: Transaction[N], locks: Locks): Transaction[N] {
  const namesOf = names[noun] as Readonly<Record<string, (...args: unknown[]) => string | undefined>> | undefined
  return Object.fromEntries(
    Object.entries(methods as unknown as Readonly<Record<string, Method>>).map(([name, method]) => {
      const nameOf = namesOf?.[name] ?? (() => noun)
      const call = method as (...args: unknown[]) => unknown
      const behind = async (...args: unknown[]) => {
        const lock = nameOf(...args)
        if (lock !== undefined) await locks.hold(lock)
        return call(...args)
      }
      return [name, behind]
    }),
  ) as unknown as Transaction[N]
}
