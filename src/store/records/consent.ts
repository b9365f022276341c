import { instant, oneOf, record, text } from '../codec.ts'
import type { Consent } from '../port/contacts.ts'

export const consentRecord = record<Consent>({ state: oneOf<Consent['state']>({ given: true, withdrawn: true }), at: instant, by: text })
