/** The browser tests need Chromium: Debian's is installed where it is missing and this may be done; else it is said what to do. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const path = process.env.CHROMIUM ?? '/usr/bin/chromium'

function installs(args) {
  return spawnSync('apt-get', args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0
}

if (!existsSync(path)) {
  const may = process.env.CHROMIUM === undefined && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (may) console.log(`no ${path}: installing Debian's`)
  const installed =
    may && installs(['update', '-qq']) && installs(['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'])
  if (!installed || !existsSync(path)) {
    console.error(
      `there is no browser at ${path}: install Chromium (Debian: apt-get install chromium), or say where one is: CHROMIUM=/path/to/chrome`,
    )
    process.exit(1)
  }
}
