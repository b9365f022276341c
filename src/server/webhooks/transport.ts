/** Why nothing is sent to an address, as far as its spelling tells. */
export type AddressRefusal = 'not_https' | 'credentials' | 'address_refused'

/** How a webhook leaves. */
export interface WebhookTransport {
  refusal(url: string): AddressRefusal | undefined
  /** One POST; resolves with whatever was answered, which is not read. Rejects, with a `code`, where there was no answer, or none may be asked for (R23). */
  post(url: string, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal): Promise<{ readonly status: number }>
}
