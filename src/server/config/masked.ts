import { stringify } from 'yaml'
import type { Config } from './config.ts'
import type { SecretSource } from './values.ts'

/** Remembers which secrets a configuration asked for, and where they come from. */
export interface WatchedSource extends SecretSource {
  /** `env NAME`, `file /path`, by value. */
  readonly secrets: ReadonlyMap<string, string>
}

export function watched({ env, readFile }: SecretSource): WatchedSource {
  const secrets = new Map<string, string>()
  return {
    secrets,
    env: new Proxy(env, {
      get(from, name) {
        const value = from[String(name)]
        if (value !== undefined && value !== '') secrets.set(value, `env ${String(name)}`)
        return value
      },
    }),
    readFile(path) {
      const text = readFile(path)
      if (text.trim() !== '') secrets.set(text.trim(), `file ${path}`)
      return text
    },
  }
}

/** As YAML, defaults written out; each secret is `(env NAME)` or `(file /path)`. */
export function showMasked(config: Config, secrets: ReadonlyMap<string, string>): string {
  const plain = JSON.parse(JSON.stringify(config), (_, value: unknown) => {
    const source = typeof value === 'string' ? secrets.get(value) : undefined
    return source === undefined ? value : `(${source})`
  }) as unknown
  return stringify(plain, { lineWidth: 0 })
}
