import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { python, script } from './python.ts'

const home = new URL('hl7-validator', import.meta.url).pathname
const source = join(home, 'src/main/java/peer/Validate.java')
const classpath = join(home, 'target/classpath')

/** Who judges what we write: by HL7's own tables, each in its own program. */
export interface Validator {
  readonly name: string
  /** What is wrong with each message; empty: nothing. */
  judge(messages: readonly string[]): readonly string[]
}

/** hl7apy, and HAPI HL7v2 where Maven and Java are. */
export function validators(): readonly Validator[] {
  return [hl7apy, ...(['mvn', 'java'].every(isThere) ? [hapi] : [])]
}

const hl7apy: Validator = {
  name: 'hl7apy',
  judge: (messages) => linesOf(python(), [script('hl7_validate.py')], messages),
}

const hapi: Validator = {
  name: 'HAPI HL7v2',
  judge(messages) {
    build()
    const path = `${join(home, 'target/classes')}:${readFileSync(classpath, 'utf8').trim()}`
    return linesOf('java', ['-cp', path, 'peer.Validate'], messages)
  },
}

function linesOf(command: string, args: readonly string[], messages: readonly string[]): readonly string[] {
  const input = messages.map((each) => `${each}\x1c`).join('')
  return execFileSync(command, args, { input, encoding: 'utf8' }).split('\n').slice(0, messages.length)
}

function build(): void {
  if (existsSync(classpath) && statSync(classpath).mtimeMs > statSync(source).mtimeMs) return
  const goals = ['compile', 'dependency:build-classpath', '-Dmdep.outputFile=target/classpath']
  execFileSync('mvn', ['-q', '-B', ...goals], { cwd: home, stdio: 'inherit' })
}

function isThere(command: string): boolean {
  try {
    execFileSync(command, ['-version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
