import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import process from 'node:process'
import v8 from 'node:v8'
import vm from 'node:vm'
import { isMainThread } from 'node:worker_threads'

/**
 * Loaded into the service (`--import`): twice a second it leaves in the file LAB_WATCH what only the process itself knows. SIGUSR2 begins the
 * delays anew. The heap is measured after a collection where LAB_COLLECT is set: what is left then is held by somebody. A thread beside the main one, into which
 * it is loaded too, says nothing.
 */
const file = process.env.LAB_WATCH ?? ''
const resolution = 5
const delay = monitorEventLoopDelay({ resolution })
delay.enable()
process.on('SIGUSR2', () => delay.reset())
v8.setFlagsFromString('--expose-gc')
const collect = process.env.LAB_COLLECT ? vm.runInNewContext('gc') : () => {}

const ms = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolution)

let [ticks, heap] = [0, 0]
function look() {
  // a collection of everything is work of its own: every two seconds
  if (ticks % 4 === 0) {
    collect()
    heap = process.memoryUsage().heapUsed
  }
  ticks += 1
  const seen = {
    p99: ms(delay.percentile(99)),
    p999: ms(delay.percentile(99.9)),
    max: ms(delay.max),
    heap,
    resources: process.getActiveResourcesInfo().length,
  }
  writeFileSync(file, `${JSON.stringify(seen)}\n`, { flag: 'a' })
}
if (isMainThread) setInterval(look, 500).unref()
