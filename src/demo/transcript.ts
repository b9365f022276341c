/** What a played script prints and counts. */
export interface Transcript {
  /** Runs one step and prints how it went. A step that fails ends its scenario. */
  step<T>(name: string, work: () => T | Promise<T>): Promise<T>
  /** Runs steps that build on each other. */
  scenario(work: () => Promise<void>): Promise<void>
  result(): { readonly passed: number; readonly failed: number }
}

class StepFailed extends Error {
  override readonly name = 'StepFailed'
}

export function transcript(print: (line: string) => void): Transcript {
  let passed = 0
  let failed = 0
  return {
    async step(name, work) {
      try {
        const value = await work()
        passed += 1
        print(`ok    ${name}`)
        return value
      } catch (error) {
        failed += 1
        print(`FAIL  ${name}: ${error instanceof Error ? error.message : String(error)}`)
        throw new StepFailed(name, { cause: error })
      }
    },
    async scenario(work) {
      try {
        await work()
      } catch (error) {
        if (!(error instanceof StepFailed)) throw error
      }
    },
    result: () => ({ passed, failed }),
  }
}

/** Throws, with what was expected, where a step does not hold. */
export function expectThat(holds: boolean, expected: string): void {
  if (!holds) throw new Error(`expected that ${expected}`)
}
