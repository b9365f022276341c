import type { Store, Transaction } from '../../src/store/store.ts'
import { type Played, play } from '../sim/play.ts'
import type { Broken } from '../sim/world.ts'
import { type Figure, prove, type Run } from './proof.ts'

/** One round of runs serves every promise below: it is played when the first of them is asked for. */
let played: Promise<readonly Played[]> | undefined

function playAll({ seed, of }: Run): Promise<readonly Played[]> {
  played ??= (async () => {
    const runs: Played[] = []
    for (let index = 0; index < of({ landing: Number(process.env.PROVE_RUNS ?? 1_000), long: 20_000 }); index += 1)
      runs.push(await play(seed + index))
    return runs
  })()
  return played
}

async function holds(id: string, run: Run): Promise<Figure> {
  const runs = await playAll(run)
  const broken = runs.filter(({ faults }) => faults.some((fault) => fault.includes(`${id}:`)))
  if (broken.length > 0) throw new Error(`seeds ${broken.map(({ seed }) => seed).join(', ')}: ${broken[0]?.faults[0]}`)
  const sum = (count: (each: Played) => number) => runs.reduce((total, each) => total + count(each), 0)
  return {
    figure: `${runs.length} runs of 50 steps, ${sum(({ crashes }) => crashes)} crashes, ${sum(({ messages }) => messages)} messages, ${sum(({ duplicates }) => duplicates)} mails twice and each in doubt, 0 faults`,
  }
}

/** Plays until the broken variant is seen. */
async function isSeen(what: string, id: string, broken: Broken, { seed }: Run): Promise<string> {
  for (let index = 0; index < 150; index += 1) {
    const { faults } = await play(seed + index, broken).catch((error: Error) => ({ faults: [`${id}: ${error.message}`] }))
    const fault = faults.find((each) => each.includes(`${id}:`))
    if (fault) return `${what}: run ${index + 1} says ${fault.slice(fault.indexOf(id)).slice(0, 90)}`
  }
  throw new Error(`150 runs of a program that ${what} were found well`)
}

/** The same store, with one noun spoilt. */
const spoilt =
  (spoil: (tx: Transaction) => Partial<Transaction>) =>
  (store: Store): Store => ({ ...store, transact: (work) => store.transact((tx) => work({ ...tx, ...spoil(tx) })) })

const controls: Readonly<Record<string, { readonly promise: string; readonly what: string; readonly broken: Broken }>> = {
  R1: {
    promise: 'no acknowledged message is lost, whatever step it is cut off at',
    what: 'acknowledges, and forgets one change in eight',
    broken: {
      store: (store) => {
        let count = 0
        return {
          ...store,
          transact: (work) =>
            store.transact((tx) => {
              count += 1
              return work(count % 8 === 0 ? { ...tx, appointments: { ...tx.appointments, save: async () => {} } } : tx)
            }),
        }
      },
    },
  },
  R3: {
    promise: 'replays and disorder converge',
    what: 'forgets how old its words are',
    broken: {
      store: spoilt((tx) => ({
        appointments: {
          ...tx.appointments,
          find: async (id) => {
            const found = await tx.appointments.find(id)
            return found && { ...found, said: {} }
          },
        },
      })),
    },
  },
  R6: {
    promise: 'a crash between "accepted" and "recorded" is bounded and explained',
    what: 'sends before it writes the attempt down',
    broken: {
      store: spoilt((tx) => ({ attempts: { ...tx.attempts, unfinished: async () => [], save: async () => {}, finish: async () => {} } })),
    },
  },
  R7: {
    promise: 'nothing is sent once cancel or move is known',
    what: 'withdraws nothing, and looks at what is planned as it was when it was planned',
    broken: {
      store: spoilt((tx) => ({
        told: { ...tx.told, save: async () => {} },
        notifications: {
          ...tx.notifications,
          save: async (each) => (each.state === 'withdrawn' ? undefined : tx.notifications.save(each)),
        },
      })),
    },
  },
  R10: {
    promise: 'on time, or explicitly expired: nothing waits for ever',
    what: 'never looks at what is due',
    broken: { store: (store) => ({ ...spoilt((tx) => ({ notifications: { ...tx.notifications, take: async () => [] } }))(store) }) },
  },
  R12: {
    promise: 'answers reach the EHR once, in order, and no clinician is overwritten',
    what: 'hears no first answer, and gives each try an id of its own',
    broken: {
      connector: (connector) => {
        let tries = 0
        return {
          ...connector,
          async write(request, signal) {
            tries += 1
            const { writeBack } = request
            const outcome = await connector.write({ ...request, writeBack: { ...writeBack, id: `${writeBack.id}-${tries}` } }, signal)
            return writeBack.attempts === 1 ? { kind: 'unknown', reason: 'reset' } : outcome
          },
        }
      },
    },
  },
  R14: {
    promise: 'clock steps neither duplicate nor fire early',
    what: 'plans everything three hours too early',
    broken: {
      store: spoilt((tx) => ({
        notifications: {
          ...tx.notifications,
          save: (each) => tx.notifications.save({ ...each, dueAt: each.dueAt.subtract({ hours: 3 }) }),
        },
      })),
    },
  },
}

for (const [id, { promise, what, broken }] of Object.entries(controls)) {
  prove({
    id,
    promise,
    run: (run) => holds(id, run),
    control: (run) => isSeen(what, id, broken, run),
    timeoutMs: { landing: 900_000, long: 14_400_000 },
  })
}
