/** An object whose parts are made when they are first asked for: a work uses few of the store's nouns. Whoever spreads it has them all made. */
export function lazily<T extends object>(names: () => readonly (string | symbol)[], make: <K extends keyof T>(name: K) => T[K]): T {
  const made: Partial<T> = {}
  const get = (name: string | symbol) => {
    const key = name as keyof T
    made[key] ??= make(key)
    return made[key]
  }
  return new Proxy(made, {
    get: (_, name) => get(name),
    ownKeys: () => names(),
    getOwnPropertyDescriptor: (_, name) => ({ value: get(name), enumerable: true, configurable: true, writable: true }),
  }) as T
}

/** The same parts, but for some. */
export function overlaid<T extends object>(parts: T, others: { readonly [K in keyof T]?: () => T[K] }): T {
  return lazily(
    () => Reflect.ownKeys(parts),
    (name) => others[name]?.() ?? parts[name],
  )
}
