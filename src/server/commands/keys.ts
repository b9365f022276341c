import { Temporal } from 'temporal-polyfill'
import type { ApiKey } from '../../core/user.ts'
import type { Store } from '../../store/store.ts'
import { addKey, type KeyMade, type KeyRefusal, revokeKey, rotateKey, usualOverlap } from '../identity/key-acts.ts'
import { scopePattern } from '../identity/scopes.ts'
import type { Command, ExitStatus, Surroundings } from './command.ts'
import { readArgs } from './command.ts'
import { clinicsIn, roleIn, sayGrant } from './grants.ts'
import { Refusal } from './refusal.ts'
import { commandCaller, withStore } from './with-store.ts'

const beside = 'Works beside the service, or without it.'
const statuses = 'exit status: 0 done · 1 refused, or no key by that id · 2 wrong configuration or command · 3 there is no store yet'
const config = { config: { type: 'string' } } as const

export const keysList: Command = {
  name: 'keys list',
  summary: 'rappel keys list [--json]        says which keys open the API, beside those of the configuration',
  help: `usage: rappel keys list [--json] [--config FILE]
Says which keys open the API, beside those of the configuration: id, name, role, clinics, scopes, state. ${beside}

${statuses}
`,
  async run(args, { now, print, ...surroundings }) {
    const { values } = readArgs(keysList, args, { ...config, json: { type: 'boolean' } })
    return withStore({ now, print, ...surroundings }, values.config, async (store) => {
      const keys = (await everyKey(store)).map((key) => show(key, now()))
      print(
        values.json
          ? `${JSON.stringify(keys, undefined, 2)}\n`
          : keys
              .map(({ id, name, role, clinics, scopes, state }) =>
                [id, name, sayGrant({ role, ...(clinics && { clinics }) }), scopes?.join(' ') ?? 'all scopes', state]
                  .join('\t')
                  .concat('\n'),
              )
              .join(''),
      )
      return 0
    })
  },
}

export const keysAdd: Command = {
  name: 'keys add',
  summary: 'rappel keys add NAME --role R    makes a key of the API, and says it once',
  help: `usage: rappel keys add NAME --role ROLE [--clinics A,B] [--scopes A,B] [--days N] [--config FILE]
Makes a key of the API and says it: it is kept nowhere, and not said again. ${beside}

  --role      operator, admin, appointments, reader or integrator
  --clinics   ids, with commas; all unless given
  --scopes    narrower than the role, with commas: settings:read,appointments:write
  --days      until it expires; never unless given

${statuses}
`,
  async run(args, surroundings) {
    const flags = {
      ...config,
      role: { type: 'string' },
      clinics: { type: 'string' },
      scopes: { type: 'string' },
      days: { type: 'string' },
    } as const
    const { values, positionals } = readArgs(keysAdd, args, flags, [1, 1])
    const role = roleIn(values.role)
    const scopes = values.scopes?.split(',').map((scope) => scope.trim())
    if (scopes?.some((scope) => !scopePattern.test(scope))) throw new Refusal('--scopes are words like settings:read')
    if (values.days !== undefined && !/^[1-9]\d{0,4}$/.test(values.days)) throw new Refusal('--days is a number of days')
    return withStore(surroundings, values.config, async (store, configuration) => {
      const clinics = clinicsIn(values.clinics, configuration)
      const now = surroundings.now()
      const wanted = {
        name: positionals[0] ?? '',
        role,
        ...(clinics && { clinics }),
        ...(scopes && { scopes }),
        ...(values.days !== undefined && { expiresAt: now.add({ hours: 24 * Number(values.days) }) }),
      }
      return sayToken(await store.transact((tx) => addKey(tx, wanted, { caller: commandCaller, now })), surroundings)
    })
  },
}

export const keysRotate: Command = {
  name: 'keys rotate',
  summary: 'rappel keys rotate ID            gives a key another secret; the one before opens for a day more',
  help: `usage: rappel keys rotate ID [--overlap PT24H] [--config FILE]
Gives a key another secret and says it. The one before opens as long as --overlap says, so that nobody is shut out meanwhile (R33). ${beside}

${statuses}
`,
  async run(args, surroundings) {
    const { values, positionals } = readArgs(keysRotate, args, { ...config, overlap: { type: 'string' } }, [1, 1])
    const overlap = values.overlap === undefined ? usualOverlap : durationIn(values.overlap)
    return withStore(surroundings, values.config, async (store) =>
      sayToken(
        await store.transact((tx) => rotateKey(tx, positionals[0] ?? '', { caller: commandCaller, now: surroundings.now() }, overlap)),
        surroundings,
      ),
    )
  },
}

export const keysRevoke: Command = {
  name: 'keys revoke',
  summary: 'rappel keys revoke ID            a key opens nothing any more, at once',
  help: `usage: rappel keys revoke ID [--config FILE]
A key opens nothing any more, at once. ${beside}

${statuses}
`,
  async run(args, surroundings) {
    const { values, positionals } = readArgs(keysRevoke, args, config, [1, 1])
    return withStore(surroundings, values.config, async (store) => {
      const acted = await store.transact((tx) => revokeKey(tx, positionals[0] ?? '', { caller: commandCaller, now: surroundings.now() }))
      if (acted.kind === 'refused') return refuse(acted.reason, surroundings.complain)
      surroundings.print(`${acted.key.name}: revoked\n`)
      return 0
    })
  },
}

function durationIn(text: string): Temporal.Duration {
  try {
    const overlap = Temporal.Duration.from(text)
    if (overlap.sign >= 0 && overlap.years === 0 && overlap.months === 0 && overlap.weeks === 0 && overlap.days === 0) return overlap
  } catch {
    // said below
  }
  throw new Refusal('--overlap is a duration in hours, minutes and seconds: PT24H')
}

function sayToken(made: KeyMade, { print, complain }: Surroundings): ExitStatus {
  if (made.kind === 'refused') return refuse(made.reason, complain)
  print(`${made.token}\n`)
  complain(`${made.key.name}, ${made.key.id}: it is not said again\n`)
  return 0
}

const refusals: Readonly<Record<KeyRefusal, string>> = {
  unknown: 'no key has that id',
  beyond_own: 'that is more than a command may give',
  over_already: 'that time is past',
  revoked: 'it is revoked: make another',
}

function refuse(reason: KeyRefusal, complain: (text: string) => void): ExitStatus {
  complain(`${refusals[reason]}\n`)
  return 1
}

function show({ id, name, role, clinics, scopes, expiresAt, usedAt, revokedAt }: ApiKey, now: Temporal.Instant) {
  const isOver = expiresAt !== undefined && Temporal.Instant.compare(expiresAt, now) <= 0
  return {
    id,
    name,
    role,
    ...(clinics && { clinics }),
    ...(scopes && { scopes }),
    ...(expiresAt && { expiresAt }),
    ...(usedAt && { usedAt }),
    state: revokedAt ? 'revoked' : isOver ? 'expired' : 'active',
  }
}

async function everyKey(store: Store): Promise<readonly ApiKey[]> {
  const all: ApiKey[] = []
  for (;;) {
    const keys = await store.read((tx) => tx.apiKeys.list(500, all.at(-1)?.id))
    all.push(...keys)
    if (keys.length < 500) return all
  }
}
