import { defineConfig } from 'vitest/config'

/** Against programs that share no code with this one. Python 3 with venv is needed; HAPI FHIR, and HAPI HL7v2 as a second judge, want Maven and Java. */
export default defineConfig({
  // one after the other: each starts a service, and some a server as heavy
  test: { include: ['test/peers/**/*.test.ts'], pool: 'forks', fileParallelism: false, testTimeout: 180_000, hookTimeout: 60_000 },
})
