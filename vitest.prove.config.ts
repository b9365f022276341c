import { defineConfig } from 'vitest/config'
import { proofReporter } from './test/prove/reporter.ts'

/** Two at a time: most of a proof is waiting. A figure of speed that is to be believed is asked for alone (`--only R18`). See docs/promises.md. */
export default defineConfig({
  test: {
    include: ['test/prove/*.prove.ts'],
    pool: 'forks',
    maxWorkers: 2,
    reporters: [proofReporter()],
    expect: { poll: { timeout: 15_000 } },
    env: { TZ: 'Pacific/Auckland' },
  },
})
