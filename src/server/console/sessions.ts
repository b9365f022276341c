import type { Caller } from '../../core/access.ts'
import type { Language } from '../../core/words/language.ts'

/** Somebody who has signed in to the console. */
export interface Session {
  readonly id: string
  readonly caller: Caller
  /** Absent: as their browser asks for. */
  readonly language?: Language
}

export interface ClinicName {
  readonly id: string
  readonly name: string
}

/** Who has signed in; kept by whatever knows the accounts. */
export interface Sessions {
  /** Whose cookie this is; undefined for one that is unknown, has ended or was revoked. */
  find(cookie: string): Promise<Session | undefined>
}

/** Bound to its host by the browser itself where there is TLS. */
export function sessionCookie(publicUrl: string): string {
  return publicUrl.startsWith('https:') ? '__Host-rappel' : 'rappel'
}
