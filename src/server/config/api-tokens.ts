import { z } from 'zod'
import type { SecretSource } from './values.ts'
import { name, secretSchema } from './values.ts'

/** Keys of the API, each with its role and the clinics it may see; the name is what the audit says of who called. */
export function apiTokensSchema(source: SecretSource) {
  return z
    .array(
      z.strictObject({
        name,
        role: z.enum(['operator', 'admin', 'appointments', 'reader', 'integrator']),
        token: secretSchema(source, 32),
        clinics: z.array(name).min(1).exactOptional(),
      }),
    )
    .max(200)
    .superRefine((rows, context) => {
      for (const [index, row] of rows.entries()) {
        const twin = rows.slice(0, index).find((other) => other.name === row.name || (row.token !== '' && other.token === row.token))
        if (!twin) continue
        const [key, message] =
          twin.name === row.name ? ['name', `${row.name} is named twice`] : ['token', `the same secret as ${twin.name}: give each its own`]
        context.addIssue({ code: 'custom', path: [index, key], message })
      }
    })
    .default([])
}

interface ServerTokens {
  readonly apiToken?: string
  readonly apiTokens: z.output<ReturnType<typeof apiTokensSchema>>
}

/** The operator's secret is nobody else's. */
export function isOperatorsAlone({ apiToken, apiTokens }: ServerTokens): boolean {
  return !apiToken || !apiTokens.some(({ token }) => token === apiToken)
}

/** All of them; `apiToken` is an operator's, of all clinics. */
export function tokensOf({ apiToken, apiTokens }: ServerTokens) {
  return [...(apiToken === undefined ? [] : [{ name: 'apiToken', role: 'operator' as const, token: apiToken }]), ...apiTokens]
}
