import process from 'node:process'
import { createLog } from '../log.ts'
import type { Command } from './command.ts'
import { readArgs } from './command.ts'

/** Longer than a send or a write-back takes; whoever stops us gives 30 s or so. */
const patienceMs = 25_000

/** The service itself, until it is asked to stop; also what `rappel` alone does. */
export const serve: Command = {
  name: 'serve',
  summary: 'rappel serve [--config FILE]    the same, by its name',
  help: `usage: rappel serve [--config FILE], or rappel [--config FILE]
Runs the service until it is asked to stop (SIGTERM, SIGINT): what is under way is finished first, 25 s at most. Its log is JSON lines on standard error.

exit status: 0 stopped as asked · 1 it could not start, or had to end · 2 wrong configuration or command
`,
  async run(args, { defaultConfig, readConfig, stopSignal, composition }) {
    const { config: file = defaultConfig } = readArgs(serve, args, { config: { type: 'string' } }).values
    const config = readConfig(file)
    if (!config) return 2
    const signal = stopSignal()
    const log = createLog(config.log)
    const service = await composition.start(config, { log, onListening: (connector, port) => log.info('listening', { connector, port }) })
    log.info('serving', { host: config.server.host, port: service.port })
    const ended = await Promise.race([whenAborted(signal), service.failed])
    if (ended instanceof Error) log.error('listener_failed', { error: ended })
    else log.info('stopping')
    const timer = setTimeout(() => process.exit(1), patienceMs)
    timer.unref()
    await service.stop()
    log.info('stopped')
    return ended instanceof Error ? 1 : 0
  },
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
