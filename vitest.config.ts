import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/browser/**', 'test/peers/**', 'test/prove/**'],
    // `npm test -- rules` lists the rulebook, id by id
    reporters: process.argv.includes('rules') ? ['tree'] : ['default'],
    pool: 'forks',
    // one process reads a module once for all its files: none keeps state of its own at its top
    isolate: false,
    setupFiles: ['test/support/seed.ts'],
    // much of a test is waiting for a disk or a socket: more of them than processors
    maxWorkers: 3,
    globalSetup: ['test/support/postgres/global-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    expect: { poll: { timeout: 15_000 } },
    env: { TZ: 'Pacific/Auckland' },
  },
})
