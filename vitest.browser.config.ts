import { defineConfig } from 'vitest/config'

/** In a real browser, one file and one browser at a time. Pictures of what it showed are left in test/browser/artifacts. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    env: { TZ: 'Pacific/Auckland' },
  },
})
