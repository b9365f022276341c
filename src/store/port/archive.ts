/** Envelopes that are settled, sealed and out of the way. Losing it loses history only. */
export interface Archive {
  put(id: string, body: Uint8Array): Promise<void>
  get(id: string): Promise<Uint8Array | undefined>
  /** Where there is none, nothing happens. */
  remove(id: string): Promise<void>
  close(): Promise<void>
}
