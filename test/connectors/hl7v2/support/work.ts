export interface WorkCounter {
  /** How many characters and bytes the built-in searches look at while it runs. */
  count(run: () => void): number
  stop(): void
}

/** Counts work instead of seconds, so that a slow machine proves as much as a fast one: by the strings and buffers themselves. */
export function countWork(): WorkCounter {
  let work = 0
  let counting = false
  const restore: (() => void)[] = []

  // The searches are told apart by what they must look at: all of it, or what lies before the hit.
  function watch(
    owner: object,
    name: string,
    cost: (self: { readonly length: number }, args: readonly unknown[], result: unknown) => number,
  ) {
    const original = Reflect.get(owner, name) as (...args: unknown[]) => unknown
    Reflect.set(owner, name, function (this: { readonly length: number }, ...args: unknown[]) {
      const result = Reflect.apply(original, this, args)
      if (counting) work += 1 + cost(this, args, result)
      return result
    })
    restore.push(() => Reflect.set(owner, name, original))
  }

  const whole = (self: { readonly length: number }) => self.length
  const search = (self: { readonly length: number }, [, from]: readonly unknown[], result: unknown) => {
    const start = typeof from === 'number' ? from : 0
    return Math.max(0, (typeof result === 'number' && result >= 0 ? result : self.length) - start)
  }
  const text = (_: unknown, [input]: readonly unknown[]) => String(input).length

  function start(): void {
    for (const name of ['split', 'replaceAll', 'replace', 'toLowerCase', 'toUpperCase', 'normalize', 'includes'])
      watch(String.prototype, name, whole)
    watch(String.prototype, 'indexOf', search)
    watch(String.prototype, 'charCodeAt', () => 0)
    watch(RegExp.prototype, 'test', text)
    watch(RegExp.prototype, 'exec', text)
    watch(Buffer.prototype, 'indexOf', search)
    watch(Buffer.prototype, 'toString', whole)
    for (const name of ['find', 'findIndex', 'filter', 'map', 'flatMap', 'some', 'slice']) watch(Array.prototype, name, whole)
  }

  return {
    count(run) {
      if (restore.length === 0) start()
      work = 0
      counting = true
      try {
        run()
      } finally {
        counting = false
      }
      return work
    },
    stop() {
      for (const undo of restore.splice(0)) undo()
    },
  }
}
