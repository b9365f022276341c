/** An object whose parts are made when they are first asked for: a work uses few of the store's nouns. */
export function lazily<T extends object>(make: <K extends keyof T>(name: K) => T[K]): T {
  const made: Partial<T> = {}
  return new Proxy(made, {
    get(_, name) {
      const key = name as keyof T
      made[key] ??= make(key)
      return made[key]
    },
  }) as T
}

/** The same parts, but for some. */
export function overlaid<T extends object>(parts: T, others: { readonly [K in keyof T]?: () => T[K] }): T {
  return lazily((name) => others[name]?.() ?? parts[name])
}
