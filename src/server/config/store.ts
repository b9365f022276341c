import { existsSync } from 'node:fs'
import { z } from 'zod'
import type { SecretSource } from './values.ts'
import { isLoopback, secretSchema, timeout } from './values.ts'

export type StoreConfig = z.output<ReturnType<typeof storeSchema>>

/** `postgres://user:password@host:5432/database` is a secret whole: it holds the password. */
function postgresSchema(source: SecretSource) {
  return z
    .strictObject({
      url: secretSchema(source).refine((text) => text === '' || hostOf(text) !== undefined, {
        error: 'not the address of a database: postgres://user:password@host:5432/database',
      }),
      /** Of the authority that signed the server's certificate, where the machine does not know it. */
      caFile: z.string().min(1).exactOptional(),
      insecure: z.boolean().default(false),
      poolSize: z.int().min(3).max(100).default(8),
      lease: timeout.refine((value) => value.total('seconds') >= 2, { error: 'PT2S at least' }).prefault('PT20S'),
    })
    .transform(({ caFile, insecure, ...rest }, context) => {
      const isLocal = isLoopback(hostOf(rest.url) ?? '')
      const ca = caFile === undefined ? undefined : readQuietly(source, caFile)
      if (caFile !== undefined && ca === undefined) context.addIssue({ code: 'custom', path: ['caFile'], message: 'is missing or empty' })
      const inClear = insecure || (isLocal && caFile === undefined)
      return { ...rest, ...(!inClear && { tls: { ...(ca !== undefined && { ca }) } }) }
    })
}

/** One file, or a database that several nodes may share. `key` seals the archive in both, and the file. */
export function storeSchema(source: SecretSource) {
  return z
    .strictObject({
      path: z.string().min(1).exactOptional(),
      postgres: postgresSchema(source).exactOptional(),
      key: secretSchema(source, 32).exactOptional(),
    })
    .refine(({ path, postgres }) => (path === undefined) !== (postgres === undefined), {
      path: ['path'],
      error: 'give path, for a store in one file, or postgres, and not both',
    })
    .transform(({ path = '', ...rest }) => ({ ...rest, path }))
}

/** Whether there is anything to look at; a database is asked when it is opened. */
export function hasStore({ path, postgres }: StoreConfig): boolean {
  return postgres !== undefined || existsSync(path)
}

/** How the store is called to a person; an address may hold a password. */
export function nameOfStore({ path, postgres }: StoreConfig): string {
  return postgres ? `PostgreSQL at ${hostOf(postgres.url) ?? 'that address'}` : path
}

function hostOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined
  const { protocol, hostname, pathname } = new URL(address)
  return /^postgres(ql)?:$/.test(protocol) && hostname !== '' && pathname.length > 1 ? hostname : undefined
}

function readQuietly(source: SecretSource, path: string): string | undefined {
  try {
    return source.readFile(path) || undefined
  } catch {
    return undefined
  }
}
