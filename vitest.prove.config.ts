import { defineConfig } from 'vitest/config'
import { proofReporter } from './test/prove/reporter.ts'

/** One promise after the other: each wants the machine to itself. See docs/promises.md. */
export default defineConfig({
  test: {
    include: ['test/prove/*.prove.ts'],
    pool: 'forks',
    fileParallelism: false,
    reporters: [proofReporter()],
    expect: { poll: { timeout: 15_000 } },
    env: { TZ: 'Pacific/Auckland' },
  },
})
