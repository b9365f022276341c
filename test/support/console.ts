import type { Role } from '../../src/core/access.ts'
import type { Settings } from '../../src/core/settings.ts'
import type { ConsoleGuardDeps } from '../../src/server/console/guard.ts'
import { PUBLIC_URL } from './rappel.ts'

/** A cookie of somebody of this role, who sees this clinic, or all of them: read by the fake sessions below alone. */
export function cookieOf(role: Role, clinic: string | 'all' = 'tilleuls'): string {
  return `__Host-rappel=${role}.${clinic}`
}

/** What a browser sends with a form of one of our pages. */
export function signedIn(role: Role, clinic: string | 'all' = 'tilleuls'): Record<string, string> {
  return { cookie: cookieOf(role, clinic), 'sec-fetch-site': 'same-origin', 'accept-language': 'fr' }
}

/** The console of a test: who has signed in is what their cookie says. */
export function consoleOf({ clinic }: Settings): ConsoleGuardDeps {
  return {
    publicUrl: PUBLIC_URL,
    clinicNames: async () => [{ id: clinic.id, name: clinic.name }],
    sessions: {
      async find(cookie) {
        const [role, scope] = cookie.split('.')
        if (!role || !scope) return undefined
        const caller = { name: `${role}@${scope}`, role: role as Role, ...(scope !== 'all' && { clinics: [scope] }) }
        return { id: cookie, caller }
      },
    },
  }
}
