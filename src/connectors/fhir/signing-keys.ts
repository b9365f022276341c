import { createPrivateKey, createPublicKey, type KeyObject, randomUUID } from 'node:crypto'
import type { JSONWebKeySet, JWK } from 'jose'
import type { Temporal } from 'temporal-polyfill'

/** Read with the first key: a connector without one never waits for it. */
const jose = () => import('jose')

/** One private key of ours: PKCS #8 PEM, RSA of 2048 bits or more (RS384) or EC P-384 (ES384). */
export interface SigningKey {
  readonly pem: string
  /** Default: the RFC 7638 thumbprint. */
  readonly kid?: string
}

interface ReadKey {
  readonly key: KeyObject
  readonly alg: 'RS384' | 'ES384'
  readonly kid?: string
}

export interface SigningKeys {
  /** `private_key_jwt` of SMART Backend Services, good for five minutes and for one use, signed by the first key. */
  sign(clientId: string, audience: string, now: Temporal.Instant): Promise<string>
  /** The public half of every key: publish the new one before it signs. */
  publicKeys(): Promise<JSONWebKeySet>
}

/** Throws on a key that cannot sign; the text never quotes it. `jku`: where our public keys are published, if the server wants to be told. */
export function signingKeys(keys: readonly SigningKey[], jku: string | undefined): SigningKeys {
  const read = keys.map(readKey)
  const [first] = read
  if (!first) throw new Error('auth.keys is empty')
  return {
    async sign(clientId, audience, now) {
      const { calculateJwkThumbprint, SignJWT } = await jose()
      const kid = first.kid ?? (await calculateJwkThumbprint(publicJwk(first)))
      const seconds = Math.floor(now.epochMilliseconds / 1000)
      return await new SignJWT()
        .setProtectedHeader({ alg: first.alg, kid, typ: 'JWT', ...(jku !== undefined && { jku }) })
        .setIssuer(clientId)
        .setSubject(clientId)
        .setAudience(audience)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + 240)
        .setJti(randomUUID())
        .sign(first.key)
    },
    async publicKeys() {
      const { calculateJwkThumbprint } = await jose()
      const published = read.map(async (each): Promise<JWK> => {
        const jwk = publicJwk(each)
        return { ...jwk, kid: each.kid ?? (await calculateJwkThumbprint(jwk)), alg: each.alg, use: 'sig', key_ops: ['verify'] }
      })
      return { keys: await Promise.all(published) }
    },
  }
}

function readKey({ pem, kid }: SigningKey, index: number): ReadKey {
  const at = `auth.keys[${index}]`
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch {
    throw new Error(`${at} is not a private key in PEM`)
  }
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {}
  const named = kid === undefined ? {} : { kid }
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= 2048) return { key, alg: 'RS384', ...named }
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'secp384r1') return { key, alg: 'ES384', ...named }
  throw new Error(`${at} is neither RSA of 2048 bits or more nor EC P-384`)
}

function publicJwk({ key }: ReadKey): JWK {
  return createPublicKey(key).export({ format: 'jwk' }) as JWK
}
