import { createHash, createPrivateKey, type webcrypto } from 'node:crypto'
import type { Configuration } from 'openid-client'
import { isLoopback } from '../config/values.ts'
import type { ClaimRules } from './claims.ts'

export interface ProviderOptions extends ClaimRules {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret?: string
  readonly privateKey?: string
  readonly keyId?: string
  readonly label: string
  readonly scopes: readonly string[]
  readonly newAccounts: 'create' | 'refuse'
  /** Where the provider sends people back to. */
  readonly returnTo: string
}

/** What a browser keeps between its way out and its way back; nobody else sees it. */
export interface Errand {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** Somebody, as the provider says. */
export interface ProvedIdentity {
  readonly issuer: string
  readonly subject: string
  readonly claims: Readonly<Record<string, unknown>>
}

/** OpenID Connect: code flow with PKCE, state and nonce, and the token's signature held against the provider's keys. */
export interface Provider {
  readonly options: ProviderOptions
  begin(): Promise<{ readonly address: string; readonly errand: Errand }>
  /** Throws where anything is not as it was asked for. */
  finish(query: URLSearchParams, errand: Errand): Promise<ProvedIdentity>
  /** Where one signs out of the provider too; undefined where it has no such page. */
  leaving(to: string): Promise<string | undefined>
  /** Back-channel logout: whose sessions end. Throws where the token is not the provider's. */
  loggedOut(token: string): Promise<Pick<ProvedIdentity, 'issuer' | 'subject'>>
}

const timeoutSeconds = 10

/** Read when somebody first signs in that way: where nobody does, no start waits for it. */
const openid = () => import('openid-client')

export function oidcProvider(options: ProviderOptions): Provider {
  const { issuer, clientId, returnTo } = options
  let known: Promise<Configuration> | undefined

  /** Asked for once it is needed, and again after a failure: the service starts without its provider. */
  function configuration(): Promise<Configuration> {
    known ??= discover(options).catch((error: unknown) => {
      known = undefined
      throw error
    })
    return known
  }

  return {
    options,
    async begin() {
      const [oidc, config] = [await openid(), await configuration()]
      const errand = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() }
      const address = oidc.buildAuthorizationUrl(config, {
        redirect_uri: returnTo,
        scope: options.scopes.join(' '),
        state: errand.state,
        nonce: errand.nonce,
        code_challenge: createHash('sha256').update(errand.verifier).digest('base64url'),
        code_challenge_method: 'S256',
      })
      return { address: address.href, errand }
    },
    async finish(query, { state, nonce, verifier }) {
      const answer = new URL(returnTo)
      answer.search = query.toString()
      const { authorizationCodeGrant } = await openid()
      const tokens = await authorizationCodeGrant(await configuration(), answer, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (!claims) throw new Error('no identity came')
      return { issuer: claims.iss, subject: claims.sub, claims }
    },
    async leaving(to) {
      const config = await configuration()
      if (!config.serverMetadata().end_session_endpoint) return undefined
      const { buildEndSessionUrl } = await openid()
      return buildEndSessionUrl(config, { post_logout_redirect_uri: to }).href
    },
    async loggedOut(token) {
      const { jwks_uri } = (await configuration()).serverMetadata()
      if (!jwks_uri) throw new Error('the provider shows no keys')
      const { createRemoteJWKSet, jwtVerify } = await import('jose')
      const keys = createRemoteJWKSet(new URL(jwks_uri), { timeoutDuration: timeoutSeconds * 1_000 })
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience: clientId,
        maxTokenAge: '5 minutes',
        algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      })
      const events = payload.events
      const isLogout =
        typeof events === 'object' && events !== null && Object.hasOwn(events, 'http://schemas.openid.net/event/backchannel-logout')
      if (!isLogout || payload.nonce !== undefined || payload.sub === undefined) throw new Error('not a logout token of somebody')
      return { issuer, subject: payload.sub }
    },
  }
}

async function discover({ issuer, clientId, clientSecret, privateKey, keyId }: ProviderOptions): Promise<Configuration> {
  const oidc = await openid()
  const address = new URL(issuer)
  const config = await oidc.discovery(
    address,
    clientId,
    {},
    privateKey
      ? oidc.PrivateKeyJwt({ key: await signingKey(privateKey), ...(keyId !== undefined && { kid: keyId }) })
      : clientSecret
        ? oidc.ClientSecretBasic(clientSecret)
        : oidc.None(),
    {
      timeout: timeoutSeconds,
      // only ever on this machine: the configuration refuses plain http elsewhere
      execute: address.protocol === 'http:' && isLoopback(address.hostname) ? [oidc.allowInsecureRequests] : [],
    },
  )
  config.timeout = timeoutSeconds
  // TLS alone would be enough for OpenID Connect Core 3.1.3.7; a signature is better than a proxy's word
  oidc.enableNonRepudiationChecks(config)
  return config
}

async function signingKey(pem: string): Promise<webcrypto.CryptoKey> {
  const { importPKCS8 } = await import('jose')
  const { asymmetricKeyType } = createPrivateKey(pem)
  const algorithm = asymmetricKeyType === 'ec' ? 'ES256' : asymmetricKeyType === 'ed25519' ? 'EdDSA' : 'RS256'
  return importPKCS8(pem, algorithm)
}
