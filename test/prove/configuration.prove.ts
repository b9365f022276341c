import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, spoilt } from '../server/config/starts.ts'
import { unsafeStarts } from '../server/config/unsafe-starts.ts'
import { type Ended, runToEnd } from '../support/service-process.ts'
import { prove } from './proof.ts'

interface Start {
  readonly name: string
  readonly text: string
  readonly at: number
  readonly says: RegExp
}

const starts: readonly Start[] = unsafeStarts.map(([name, line, by, says]) => ({ name, says, ...spoilt(line, by) }))

/** The program itself, told to serve with that file, or only to look at it. */
async function begin(command: 'serve' | 'check', text: string): Promise<Ended> {
  const folder = await mkdtemp(join(tmpdir(), 'rappel-unsafe-'))
  try {
    const file = join(folder, 'rappel.yaml')
    // where it would start, it would take a port, and make files: neither is anybody else’s
    await writeFile(file, text.replace('port: 8080', 'port: 0').replaceAll('/tmp/x', folder))
    return await runToEnd([command, '--config', file], { ...env })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Why a start is not refused as promised: with status 2, by a fault that says what to change, and where. */
function faultIn({ name, says, at }: Start, { status, error }: Ended): string | undefined {
  if (status !== 2) return `${name}: it ended with status ${status}`
  const fault = error.split('\n').find((line) => says.test(line))
  if (fault === undefined) return `${name}: ${error}`
  const line = Number(/rappel\.yaml:(\d+)/.exec(fault)?.[1] ?? 0)
  return Math.abs(line - at) <= 2 ? undefined : `${name}: it is said of line ${line}, and stands in ${at}`
}

const atOnce = 2

async function judge(asked: readonly Start[], start: (text: string) => Promise<Ended>): Promise<readonly string[]> {
  const faults: string[] = []
  for (let index = 0; index < asked.length; index += atOnce) {
    const some = asked.slice(index, index + atOnce)
    const found = await Promise.all(some.map(async (each) => faultIn(each, await start(each.text))))
    faults.push(...found.filter((fault) => fault !== undefined))
  }
  return faults
}

prove({
  id: 'R32',
  promise: 'an unsafe start is refused, and the refusal says what to change',
  timeoutMs: { landing: 600_000, long: 600_000 },
  async run() {
    const faults = await judge(starts, (text) => begin('serve', text))
    if (faults.length > 0) throw new Error(faults.join('\n'))
    return {
      figure: `${starts.length} unsafe configurations, ${starts.length} refusals by the program itself, each with its line and what to change`,
    }
  },
  async control() {
    const mllp = starts.filter(({ name }) => name.startsWith('MLLP in clear'))
    // the check is left out by its own switch: the file says what the check would have asked for
    const faults = await judge(mllp, (text) => begin('check', text.replace('listen: {', 'listen: { insecure: true,')))
    if (faults.length !== mllp.length || !faults.every((fault) => fault.endsWith('status 0')))
      throw new Error(`a start that ignores a check was taken for a refusal: ${faults.join(', ')}`)
    return `ignores that MLLP is in clear: ${faults[0] ?? ''}`
  },
})
