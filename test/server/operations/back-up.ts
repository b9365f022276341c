import { writeSync } from 'node:fs'
import { Temporal } from 'temporal-polyfill'
import { storeToolsOf } from '../../../src/server/compose-operations.ts'
import { backUp } from '../../../src/server/operations/backup.ts'

/** Killed by `backup.test.ts`: backs up for ever, and says when it begins. `back-up.ts <store> <archive> <into> <key>` */
const [path = '', directory = '', into = '', key = ''] = process.argv.slice(2)
const tools = storeToolsOf({ store: { path, key } })

for (let number = 0; ; number += 1) {
  writeSync(1, `${number}\n`)
  const { folder } = await backUp({
    tools,
    into,
    archive: { directory, included: true },
    encrypted: true,
    now: Temporal.Now.instant().add({ hours: number, seconds: process.pid }),
    signal: new AbortController().signal,
    progress: () => {},
  })
  writeSync(1, `${folder}\n`)
}
