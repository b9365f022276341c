import { writeSync } from 'node:fs'
import { Temporal } from 'temporal-polyfill'
import { storeToolsOf } from '../../../dist/server/compose-operations.js'
import { backUp } from '../../../dist/server/operations/backup.js'

/** Killed by `backup.test.ts`, of the built program, since it is started twenty times: backs up for ever, and says when it begins. `back-up.ts <store> <archive> <into> <key>` */
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
