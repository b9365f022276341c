import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/browser/**', 'test/peers/**', 'test/prove/**'],
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 20_000,
    env: { TZ: 'Pacific/Auckland' },
  },
})
