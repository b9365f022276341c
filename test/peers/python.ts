import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const home = new URL('python', import.meta.url).pathname

/** A Python with the packages of `python/requirements.txt`, in an environment of its own that is made on the first run. */
export function python(): string {
  const environment = join(home, '.venv')
  const wanted = readFileSync(join(home, 'requirements.txt'), 'utf8')
  const made = join(environment, 'requirements.txt')
  const command = join(environment, 'bin/python3')
  if (existsSync(made) && readFileSync(made, 'utf8') === wanted) return command
  execFileSync('python3', ['-m', 'venv', '--clear', environment], { stdio: 'inherit' })
  execFileSync(command, ['-m', 'pip', 'install', '-q', '-r', join(home, 'requirements.txt')], { stdio: 'inherit' })
  writeFileSync(made, wanted)
  return command
}

/** Where one of the programs in `python/` stands. */
export const script = (name: string) => join(home, name)
