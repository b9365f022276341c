import type { Context, Handler } from 'hono'
import type { Identity } from '../../identity/identity.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { consoleRefusal } from '../refusal.tsx'
import { isOwnForm, visitorOf } from './visitor.ts'

/** Before somebody has signed in too: another site must not sign a browser in, or out (R29). */
export function onlyOwnForms(identity: Identity, handle: (c: Context) => Promise<Response>): Handler {
  return async (c) => {
    if (isOwnForm(c, identity)) return handle(c)
    const refused = c as unknown as Context<StaffEnv>
    refused.set('language', visitorOf(c, identity).language)
    return consoleRefusal(refused, 403, 'elsewhere')
  }
}
