import { createPrivateKey } from 'node:crypto'
import { z } from 'zod'
import { everyRole } from '../../core/access.ts'
import type { SecretSource } from './values.ts'
import { duration, isPlainAndRemote, name, secretSchema, webAddress } from './values.ts'

const claim = z.string().min(1).max(200)
const someTime = duration.refine((value) => value.sign > 0, { error: 'more than nothing' })

/** Who signs in to the console, and how: accounts of its own, an OpenID provider, or both. */
export function identitySchema(source: SecretSource) {
  return z
    .strictObject({
      /** A session ends after so long without a request, and after so long whatever is done. */
      idle: someTime.prefault('PT2H'),
      longest: someTime.prefault('PT12H'),
      /** Who cannot do without a second factor. */
      secondFactorFor: z.array(z.enum(everyRole)).default([]),
      /** False: nobody signs in by password. */
      localAccounts: z.boolean().default(true),
      oidc: oidcSchema(source).exactOptional(),
    })
    .refine(({ localAccounts, oidc }) => localAccounts || oidc, {
      path: ['localAccounts'],
      error: 'nobody could sign in: give oidc, or say true',
    })
    .prefault({})
}

function oidcSchema(source: SecretSource) {
  return z
    .strictObject({
      issuer: webAddress.refine((address) => !isPlainAndRemote(address), { error: 'who signs in would be read on the way: use https' }),
      clientId: z.string().min(1).max(200),
      clientSecret: secretSchema(source, 8).exactOptional(),
      /** PKCS #8, PEM: for `private_key_jwt`. */
      privateKey: secretSchema(source)
        .refine(isPrivateKey, { error: 'not a private key in PEM: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256' })
        .exactOptional(),
      keyId: z.string().min(1).max(200).exactOptional(),
      /** On the button. */
      label: z.string().min(1).max(60).default('OpenID'),
      scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/)).default(['openid', 'profile', 'email']),
      /** By which an account is known to people, and found where it was made beforehand. */
      loginClaim: claim.default('email'),
      nameClaim: claim.default('name'),
      /** Without which nobody gets in. */
      requiredClaim: z.strictObject({ claim, value: z.string().min(1).max(200) }).exactOptional(),
      /** Where the provider says what somebody may: `groups`, `realm_access.roles`. */
      roleClaim: claim.default('groups'),
      /** The first row whose value the claim has gives the role; the clinics are those of all rows of that role. Empty: roles are given here, by hand. */
      roles: z
        .array(
          z.strictObject({ value: z.string().min(1).max(200), role: z.enum(everyRole), clinics: z.array(name).min(1).exactOptional() }),
        )
        .max(200)
        .default([]),
      /** Whether who has no account gets one at their first sign-in. */
      newAccounts: z.enum(['create', 'refuse']).default('create'),
    })
    .refine(({ clientSecret, privateKey }) => !(clientSecret && privateKey), {
      path: ['privateKey'],
      error: 'one of clientSecret and privateKey',
    })
    .refine(({ newAccounts, roles }) => newAccounts === 'refuse' || roles.length > 0, {
      path: ['roles'],
      error: 'new accounts need a role: give roles, or say newAccounts: refuse and add people by hand',
    })
}

function isPrivateKey(text: string): boolean {
  try {
    return text === '' || createPrivateKey(text).type === 'private'
  } catch {
    return false
  }
}
