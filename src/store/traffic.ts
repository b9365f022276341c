import { inboxTable } from './inbox.ts'
import type { Archive } from './port/archive.ts'
import type { InboxRow } from './port/inbox.ts'
import { connect } from './sqlite-connection.ts'
import type { Store } from './store.ts'

export interface RecordedOptions {
  readonly path: string
  /** The store's. */
  readonly encryptionKey?: string
  /** Where the bodies of settled envelopes are. */
  readonly archive: Pick<Archive, 'get'>
}

const batch = 500

/**
 * All that a store ever received, in the order of arrival, with its body: from the store, or from the archive. Reads beside a service that runs,
 * and writes nothing. What was read anew from quarantine comes once; a body that the archive has lost is empty.
 */
export async function* recordedEnvelopes({ path, encryptionKey, archive }: RecordedOptions): AsyncGenerator<InboxRow> {
  const connection = await connect({ path, ...(encryptionKey !== undefined && { encryptionKey }), readonly: true })
  try {
    let last = ''
    for (;;) {
      const ids = connection.query('select id from inbox where id > ? order by id limit ?', [last, batch]).map(({ id }) => String(id))
      const scope = connection.openScope()
      for (const id of ids) {
        const row = await inboxTable(scope.db).find(id)
        if (row && row.state !== 'retried') yield row.archived ? await withBody(row, archive) : row
      }
      scope.close()
      last = ids.at(-1) ?? last
      if (ids.length < batch) return
    }
  } finally {
    connection.close()
  }
}

/** The same, of a store that is open: page by page, so that no reading lasts as long as the whole. */
export async function* recordedIn(store: Store, archive: Pick<Archive, 'get'>): AsyncGenerator<InboxRow> {
  for (let last = ''; ; ) {
    const page = await store.read((tx) => tx.forgetting.envelopesAfter(last, batch))
    for (const { row } of page) if (row.state !== 'retried') yield row.archived ? await withBody(row, archive) : row
    last = page.at(-1)?.row.id ?? last
    if (page.length < batch) return
  }
}

async function withBody(row: InboxRow, archive: Pick<Archive, 'get'>): Promise<InboxRow> {
  const body = await archive.get(row.id)
  return body ? { ...row, envelope: { ...row.envelope, body } } : row
}
