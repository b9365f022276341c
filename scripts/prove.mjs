// Runs the proofs of the promises: npm run prove -- [topic ...] [--only R1,R7] [--long R1,R3] [--seed 42] [--write]
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'

const usage = `npm run prove -- [topic ...] [options]

  topic          the proofs of these files alone: simulation access
  --only R1,R7   these promises alone; R1b: one of the proofs of R1
  --long R1,R3   these at the long size, and alone unless --only says otherwise
  --seed 42      the run of that seed again
  --write        puts the table into docs/promises.md
`
const { values, positionals } = read()
if (values.help) {
  process.stdout.write(usage)
  process.exit(0)
}
const only = values.only ?? values.long ?? ''
for (const list of [only, values.long ?? '']) if (!/^(R\d+[a-z]?(,R\d+[a-z]?)*)?$/.test(list)) fail(`not a list of promises: ${list}`)
const files = positionals.map((topic) => `test/prove/${topic}.prove.ts`)
for (const file of files) if (!existsSync(file)) fail(`no proofs in ${file}`)
if (values.seed !== undefined && !/^\d+$/.test(values.seed)) fail(`not a seed: ${values.seed}`)
const env = {
  ...process.env,
  PROVE_ONLY: only,
  PROVE_LONG: values.long ?? '',
  PROVE_SEED: values.seed ?? String(randomInt(2 ** 31)),
  PROVE_WRITE: values.write ? '1' : '',
}
// real processes run what is built
const built = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' })
if (built.status !== 0) process.exit(built.status ?? 1)
const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.prove.config.ts', ...files], {
  stdio: 'inherit',
  env,
})
process.exit(status ?? 1)

function read() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        only: { type: 'string' },
        long: { type: 'string' },
        seed: { type: 'string' },
        write: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    return fail(error.message)
  }
}

function fail(message) {
  process.stderr.write(`${message}\n\n${usage}`)
  process.exit(2)
}
