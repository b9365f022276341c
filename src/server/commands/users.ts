import type { User } from '../../core/user.ts'
import type { Store } from '../../store/store.ts'
import type { Config } from '../config/config.ts'
import {
  addUser,
  changeUser,
  disableUser,
  enableUser,
  resetUser,
  type UserActed,
  type UserInvited,
  type UserRefusal,
} from '../identity/user-acts.ts'
import type { Command, ExitStatus, Surroundings } from './command.ts'
import { readArgs } from './command.ts'
import { clinicsIn, roleIn, sayGrant } from './grants.ts'
import { commandCaller, withStore } from './with-store.ts'

const beside = 'Works beside the service, or without it.'
const statuses = 'exit status: 0 done · 1 refused, or nobody by that login · 2 wrong configuration or command · 3 there is no store yet'
const config = { config: { type: 'string' } } as const

export const usersList: Command = {
  name: 'users list',
  summary: 'rappel users list [--json]       says who may sign in to the console',
  help: `usage: rappel users list [--json] [--config FILE]
Says who may sign in to the console: login, name, role, clinics, state. ${beside}

${statuses}
`,
  async run(args, surroundings) {
    const { values } = readArgs(usersList, args, { ...config, json: { type: 'boolean' } })
    return withStore(surroundings, values.config, async (store) => {
      const users = (await everyUser(store)).map(show)
      surroundings.print(
        values.json
          ? `${JSON.stringify(users, undefined, 2)}\n`
          : users
              .map(
                ({ login, name, role, clinics, state }) =>
                  `${login}\t${name}\t${sayGrant({ role, ...(clinics && { clinics }) })}\t${state}\n`,
              )
              .join(''),
      )
      return 0
    })
  },
}

export const usersAdd: Command = {
  name: 'users add',
  summary: 'rappel users add LOGIN --role R  adds somebody, and says the one-time address by which they choose a password',
  help: `usage: rappel users add LOGIN --role ROLE [--name NAME] [--clinics A,B] [--config FILE]
Adds somebody who may sign in to the console, and says the one-time address by which they choose a password, good for 72 hours. ${beside}

  --role      operator, admin, appointments, reader or integrator
  --clinics   ids, with commas; all unless given

${statuses}
`,
  async run(args, surroundings) {
    const flags = { ...config, role: { type: 'string' }, name: { type: 'string' }, clinics: { type: 'string' } } as const
    const { values, positionals } = readArgs(usersAdd, args, flags, [1, 1])
    const login = positionals[0] ?? ''
    const role = roleIn(values.role)
    return withStore(surroundings, values.config, async (store, configuration) => {
      const clinics = clinicsIn(values.clinics, configuration)
      const wanted = { login, name: values.name ?? login, role, ...(clinics && { clinics }) }
      const made = await store.transact((tx) => addUser(tx, { ...wanted, caller: commandCaller, now: surroundings.now() }))
      return sayLink(made, configuration, surroundings)
    })
  },
}

export const usersRole: Command = {
  name: 'users role',
  summary: 'rappel users role LOGIN ROLE     gives somebody another role, or other clinics',
  help: `usage: rappel users role LOGIN ROLE [--clinics A,B|all] [--config FILE]
Gives somebody another role; with --clinics, other clinics too. Their sessions end. ${beside}

${statuses}
`,
  async run(args, surroundings) {
    const { values, positionals } = readArgs(usersRole, args, { ...config, clinics: { type: 'string' } }, [2, 2])
    const role = roleIn(positionals[1])
    return withStore(surroundings, values.config, async (store, configuration) => {
      const clinics = values.clinics === 'all' ? 'all' : clinicsIn(values.clinics, configuration)
      return act(store, surroundings, positionals[0], (tx, who) => changeUser(tx, { ...who, role, ...(clinics && { clinics }) }))
    })
  },
}

export const usersDisable: Command = onLogin('disable', 'somebody signs in no more, and their sessions end', disableUser)
export const usersEnable: Command = onLogin('enable', 'somebody who was disabled may sign in again', enableUser)

export const usersReset: Command = {
  name: 'users reset',
  summary: 'rappel users reset LOGIN         takes their password and second factor, and says a one-time address for new ones',
  help: `usage: rappel users reset LOGIN [--config FILE]
Takes somebody’s password and second factor, ends their sessions, and says a one-time address for new ones, good for 72 hours. ${beside}

${statuses}
`,
  async run(args, surroundings) {
    const { values, positionals } = readArgs(usersReset, args, config, [1, 1])
    return withStore(surroundings, values.config, async (store, configuration) => {
      const made = await store.transact(async (tx): Promise<UserInvited> => {
        const user = await tx.users.byLogin(positionals[0] ?? '')
        return user
          ? resetUser(tx, { userId: user.id, caller: commandCaller, now: surroundings.now() })
          : { kind: 'refused', reason: 'unknown' }
      })
      return sayLink(made, configuration, surroundings)
    })
  },
}

function onLogin(verb: 'disable' | 'enable', says: string, run: typeof disableUser): Command {
  const command: Command = {
    name: `users ${verb}`,
    summary: `rappel users ${verb} LOGIN`.padEnd(33) + says,
    help: `usage: rappel users ${verb} LOGIN [--config FILE]
${says.charAt(0).toUpperCase()}${says.slice(1)}. ${beside}

${statuses}
`,
    async run(args, surroundings) {
      const { values, positionals } = readArgs(command, args, config, [1, 1])
      return withStore(surroundings, values.config, (store) => act(store, surroundings, positionals[0], run))
    },
  }
  return command
}

async function act(
  store: Store,
  { now, print, complain }: Surroundings,
  login: string | undefined,
  run: typeof disableUser,
): Promise<ExitStatus> {
  const acted = await store.transact(async (tx): Promise<UserActed> => {
    const user = await tx.users.byLogin(login ?? '')
    return user ? run(tx, { userId: user.id, caller: commandCaller, now: now() }) : { kind: 'refused', reason: 'unknown' }
  })
  if (acted.kind === 'refused') return refuse(acted.reason, complain)
  const { state, ...shown } = show(acted.user)
  print(`${shown.login}: ${sayGrant(shown)}, ${state}\n`)
  return 0
}

function sayLink(made: UserInvited, { server }: Config, { print, complain }: Surroundings): ExitStatus {
  if (made.kind === 'refused') return refuse(made.reason, complain)
  print(`${server.publicUrl}/console/invited/${made.token}\n`)
  complain(`${made.user.login} chooses a password there, once, within 72 hours\n`)
  return 0
}

const refusals: Readonly<Record<UserRefusal, string>> = {
  unknown: 'nobody has that login',
  beyond_own: 'that is more than a command may give',
  last_operator: 'nobody would be left who sees to everything: add another operator first',
  login_taken: 'that login is taken',
  login_malformed: 'a login has 2 to 80 letters, digits, dots or hyphens, and no space',
}

function refuse(reason: UserRefusal, complain: (text: string) => void): ExitStatus {
  complain(`${refusals[reason]}\n`)
  return 1
}

function show({ login, name, role, clinics, disabledAt, password, provider }: User) {
  const state = disabledAt ? 'disabled' : password !== undefined || provider ? 'active' : 'invited'
  return { login, name, role, ...(clinics && { clinics }), state }
}

async function everyUser(store: Store): Promise<readonly User[]> {
  const all: User[] = []
  for (;;) {
    const users = await store.read((tx) => tx.users.list(500, all.at(-1)?.id))
    all.push(...users)
    if (users.length < 500) return all
  }
}
