import { defineConfig } from 'vitest/config'

/** Against programs that share no code with this one: Python 3 is needed, and nothing else. */
export default defineConfig({
  test: { include: ['test/peers/**/*.test.ts'], pool: 'forks', testTimeout: 180_000, hookTimeout: 60_000 },
})
