import { getExpectedTwilioSignature, validateRequest } from 'twilio/lib/webhooks/webhooks.js'

/** Form fields of a webhook, as decoded. */
export type FormFields = Readonly<Record<string, string>>

/**
 * Whether `X-Twilio-Signature` was made with our token for exactly this request (R30), compared in constant time.
 * `url` is the public one, query included, byte for byte as Twilio was given it: behind a proxy, the request's own URL is not it.
 */
export function isSignedByTwilio(authToken: string, url: string, fields: FormFields, signature: string | undefined): boolean {
  if (signature === undefined || !URL.canParse(url)) return false
  return validateRequest(authToken, signature, url, fields)
}

/** As Twilio signs: base64 of HMAC-SHA1 over the URL and the fields sorted by name, names and values run together. */
export function signLikeTwilio(authToken: string, url: string, fields: FormFields): string {
  return getExpectedTwilioSignature(authToken, url, fields)
}
