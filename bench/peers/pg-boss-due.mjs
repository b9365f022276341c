import PgBoss from 'pg-boss'

// pg-boss as it is set up for the shortest wait it allows: jobs that fall due at 200 a second, then many due at once, each handler doing nothing
const [connectionString, seconds, atOnce, pending] = [process.argv[2], ...process.argv.slice(3).map(Number)]
const boss = new PgBoss({ connectionString })
await boss.start()
await boss.createQueue('due')
await boss.createQueue('once')
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
for (let from = 0; from < pending; from += 5_000)
  await boss.insert(
    Array.from({ length: Math.min(5_000, pending - from) }, () => ({ name: 'due', startAfter: new Date(Date.now() + 864_000_000) })),
  )

const late = []
await boss.work('due', { pollingIntervalSeconds: 0.5, batchSize: 100 }, async (jobs) => {
  for (const { data } of jobs) late.push(Math.max(0, Date.now() - data.due))
})
const begun = performance.now()
const sent = []
for (let index = 0; index < seconds * 200; index += 1) {
  const ahead = begun + index * 5 - performance.now()
  if (ahead > 0) await pause(ahead)
  const due = Date.now() + 5_000
  sent.push(boss.send('due', { due }, { startAfter: new Date(due) }))
}
await Promise.all(sent)
while (late.length < seconds * 200) await pause(50)
await boss.offWork('due')

await boss.insert(Array.from({ length: atOnce }, () => ({ name: 'once' })))
let [done, first] = [0, 0]
const start = Date.now()
for (let worker = 0; worker < 4; worker += 1)
  await boss.work('once', { pollingIntervalSeconds: 0.5, batchSize: 500 }, async (jobs) => {
    first ||= Date.now()
    done += jobs.length
  })
while (done < atOnce) await pause(20)
const took = Date.now() - start
late.sort((a, b) => a - b)
process.stdout.write(
  JSON.stringify({ lateP99Ms: late[Math.floor(late.length * 0.99)], perSecond: (atOnce * 1000) / took, firstMs: first - start }),
)
process.exit(0)
