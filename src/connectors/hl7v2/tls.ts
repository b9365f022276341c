/** PEM texts. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
  /** Of the authority that must have signed the other side. */
  readonly ca?: string
}

/** What a client needs: the authority, and its own certificate where the server asks for one. */
export type ClientTls = Partial<TlsFiles> & {
  /** Name in the server's certificate, when it is not the host we connect to. */
  readonly serverName?: string
}
