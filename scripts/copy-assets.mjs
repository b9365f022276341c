/** tsc leaves behind what it does not compile: style sheets, drawings, browsers' scripts and presets' examples go to dist beside the code that serves them. */
import { copyFile, mkdir, readdir } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const kinds = new Set(['.css', '.svg', '.js', '.hl7'])

const files = await readdir(join(root, 'src'), { recursive: true })
for (const file of files.filter((name) => kinds.has(extname(name)))) {
  const target = join(root, 'dist', file)
  await mkdir(dirname(target), { recursive: true })
  await copyFile(join(root, 'src', file), target)
}
