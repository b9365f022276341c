/**
 * The tables as the queries see them. Columns that end in `_at` hold microseconds since 1970 (`instant.ts`);
 * `doc` holds the record itself, and the columns beside it only what a query looks for: a text with a NUL comes back cut from a column, whole from a document.
 */
export interface Database {
  inbox: {
    /** Sorts by time. */
    id: string
    connector_id: string
    identity: string | null
    hash: string
    state: string
    tries: number
    /** Set while the row is `received`. */
    pending_at: number | null
    next_try_at: number
    settled_at: number | null
    archived: number
    /** 1 while it is the last envelope of an appointment; kept by triggers. */
    pinned: number
    /** The envelope without its body. */
    doc: string
    /** Reason and fault. */
    outcome: string | null
  }
  inbox_bodies: { id: string; body: Uint8Array }
  /** How many rows are in each state; kept by triggers, because counting a million rows takes 50 ms. */
  inbox_counts: { state: string; rows: number }
  appointments: {
    id: string
    clinic_id: string
    patient_id: string | null
    start_at: number | null
    envelope_id: string | null
    /** A document: connector and visit number. */
    visit_key: string | null
    /** A document: the EHR chose the words. */
    agenda_key: string | null
    /** What it counts as in the figures, and on which local day (since 1970) of which agenda and motif, both documents; null: nothing. */
    counted_day: number | null
    counted_as: string | null
    counted_agenda: string | null
    counted_motif: string | null
    counted_lead: string | null
    /** Its hold codes; null where nothing holds it. */
    held_for: string | null
    doc: string
  }
  /** `phones`, `kin` and `terms` are documents: the numbers of `contacts` and of guardians, the ids of relatives, and what a search finds it by, or null where there is none. */
  patients: { id: string; clinic_id: string; phones: string | null; kin: string | null; terms: string | null; doc: string }
  /** Names and birth dates as they are looked for, of all patients; kept by triggers. */
  patient_terms: { clinic_id: string; term: string; patient_id: string }
  /** Whom a record was merged into; `survivor` is a document. */
  aliases: { prior_id: string; survivor_id: string; survivor: string; merged_at: number }
  /** Whose record names whom; kept by triggers. */
  kin: { patient_id: string; relative_id: string }
  told: { appointment_id: string; doc: string }
  /** The phone numbers of all patients, whose they are; kept by triggers. */
  contacts: { clinic_id: string; value: string; patient_id: string }
  notifications: {
    id: string
    clinic_id: string
    appointment_id: string
    /** The due time of what is still to come, and null after. */
    pending_at: number | null
    /** When a change, a cancellation or a correction was planned; null for every other kind, as are the two that follow. */
    notice_at: number | null
    notice_kind: string | null
    /** A document: the EHR chose the words. */
    agenda_key: string | null
    /** The reason while it is `held`, and null after. */
    held_for: string | null
    state: string
    changed_at: number
    /** As of appointments. */
    counted_day: number | null
    counted_as: string | null
    counted_agenda: string | null
    counted_motif: string | null
    counted_lead: string | null
    doc: string
  }
  attempts: {
    id: string
    notification_id: string
    started_at: number
    finished_at: number | null
    /** When its provider is next asked what became of it; null where nobody asks. */
    ask_at: number | null
    doc: string
    outcome: string | null
  }
  links: { token_hash: string; appointment_id: string | null; doc: string }
  /** `pending_at` is the next try of what is unfinished, and null after. */
  write_backs: {
    id: string
    appointment_id: string
    connector_id: string
    state: string
    answered_at: number
    pending_at: number | null
    doc: string
  }
  /** `source` is a document. */
  settings: { clinic_id: string; version: number; saved_at: number; source: string | null; doc: string }
  opt_outs: { clinic_id: string; channel: string; contact: string; added_at: number }
  unset_keys: {
    clinic_id: string
    connector_id: string
    kind: string
    key: string
    text: string | null
    doc: string
    count: number
    first_seen_at: number
  }
  to_call: {
    id: string
    clinic_id: string
    appointment_id: string
    start_at: number | null
    created_at: number
    done: number
    doc: string
  }
  usage: {
    attempt_id: string
    clinic_id: string
    channel: string
    automatic: number
    refused: number
    contact_hash: string
    sent_at: number
    /** The same, of what the daily cap counts; null for the rest. */
    counted_at: number | null
    segments: number
    price: number
    currency: string
    doc: string
  }
  /** The sums of `usage` by hour since 1970; kept by triggers. */
  usage_hours: {
    clinic_id: string
    hour_at: number
    channel: string
    automatic: number
    refused: number
    currency: string
    messages: number
    segments: number
    price: number
  }
  /** How many rows count as what on each day, by clinic and, of it, by agenda, motif or lead; kept by triggers. */
  daily_counts: { clinic_id: string; scope: string; name: string; day: number; counted_as: string; number: number }
  /** `open` is 1 while it is `held`. */
  mass_holds: { clinic_id: string; since_at: number; open: number; doc: string }
  consents: { clinic_id: string; channel: string; contact: string; doc: string }
  preferences: { patient_id: string; doc: string }
  guesses: { subject: string; doc: string }
  questionnaire_drafts: { appointment_id: string; forget_at: number; doc: string }
  /** `agenda_key` is a document: the EHR chose the words. */
  blocks: { clinic_id: string; agenda_key: string; end_at: number; start_at: number; said_at: number; doc: string }
  /** `value` is a document. */
  marks: { connector_id: string; name: string; value: string; saved_at: number }
  /** `hash` covers the row before, `doc` and `detail_hash`, never `detail`: that may be erased without breaking the chain (R31). */
  audit: { seq: number; subject: string; doc: string; detail: string | null; salt: string | null; detail_hash: string | null; hash: string }
  to_do: { id: string; clinic_id: string; created_at: number; forget_at: number; done: number; doc: string }
  /** Texts that came, by the provider's name of them; `contact_hash` is of the number they came from, and `said` a code of what was answered. */
  inbound_texts: { id: string; contact_hash: string; received_at: number; said: string | null }
  /** What each number was last asked. */
  questions: { contact: string; until_at: number | null; doc: string }
  wrong_numbers: { clinic_id: string; contact: string; marked_at: number }
  webhook_endpoints: { id: string; clinic_id: string; doc: string }
  webhook_events: { id: string; clinic_id: string; at: number; doc: string }
  /** `pending_at` is the next try of what is on its way, and null after. */
  webhook_deliveries: { endpoint_id: string; event_id: string; created_at: number; pending_at: number | null; state: string; doc: string }
  /** What requests with an Idempotency-Key were answered. */
  idempotency: { key: string; forget_at: number; doc: string }
  /** `login` is of our own alphabet; `subject` a hash. */
  users: { id: string; login: string; subject: string | null; sees_all: number; doc: string }
  invitations: { token_hash: string; user_id: string | null; expires_at: number; doc: string }
  sessions: { id: string; user_id: string; ends_at: number; doc: string }
  api_keys: { id: string; doc: string }
  /** `open` is 1 while it is `held`. */
  restore_holds: { since_at: number; open: number; doc: string }
  /** `open` is 1 while it is `confirmed`. */
  erasures: { id: string; clinic_id: string; open: number; doc: string }
  /** What was decided while only watching. */
  shadow_watched: {
    notification_id: string
    clinic_id: string
    appointment_id: string
    patient_id: string
    at: number
    forget_at: number
    doc: string
  }
  /** What the former system says it sent. */
  incumbent_log: {
    id: string
    clinic_id: string
    appointment_id: string | null
    patient_id: string | null
    at: number
    forget_at: number
    doc: string
  }
  incumbent_imports: { id: string; clinic_id: string; at: number; forget_at: number; doc: string }
  probe: { at: number; body: Uint8Array }
}
