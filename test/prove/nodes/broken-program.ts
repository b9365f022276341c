import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

export interface Breakage {
  /** Below `dist`. */
  readonly file: string
  /** Its words, each of which stands there once. */
  readonly changes: readonly (readonly [from: string, to: string])[]
}

/** Another program: the built one with a few words of it changed. Gives what to start. */
export async function brokenProgram(folder: string, { file, changes }: Breakage): Promise<string> {
  const copy = join(folder, 'broken')
  await mkdir(copy)
  await cp('dist', join(copy, 'dist'), { recursive: true })
  await cp('package.json', join(copy, 'package.json'))
  await symlink(resolve('node_modules'), join(copy, 'node_modules'))
  const path = join(copy, 'dist', file)
  let text = await readFile(path, 'utf8')
  for (const [from, to] of changes) {
    if (text.split(from).length !== 2) throw new Error(`${file} does not say "${from}" once: this proof breaks nothing`)
    text = text.replace(from, to)
  }
  await writeFile(path, text)
  return join(copy, 'dist/server/main.js')
}
