import type { Context } from 'hono'
import { z } from 'zod'
import { everyRole, mayGrant } from '../../core/access.ts'
import type { ApiKey, User } from '../../core/user.ts'
import { apiRoute } from '../routes/api-route.ts'
import { page, pageOf, pageQuery, split } from '../routes/paging.ts'
import type { ApiEnv, ApiRoute } from '../routes/route.ts'
import { problem } from '../routes/route.ts'
import { anInstant, instantAsked } from '../routes/shapes.ts'
import type { Identity } from './identity.ts'
import { addKey, type KeyMade, revokeKey, rotateKey } from './key-acts.ts'
import { scopePattern } from './scopes.ts'
import {
  addUser,
  changeUser,
  disableUser,
  enableUser,
  endSessions,
  mayManage,
  resetUser,
  type UserActed,
  type UserInvited,
} from './user-acts.ts'

type Ask = Context<ApiEnv>

const id = z.string().regex(/^[0-9a-f]{32}$/)
const role = z.enum(everyRole)
const clinics = z.array(z.string().min(1).max(31)).min(1).max(1_000)
const personName = z.string().trim().min(1).max(120)

const userShown = z.object({
  id,
  login: z.string(),
  name: z.string(),
  role,
  clinics: clinics.optional().describe('Absent: all'),
  state: z.enum(['invited', 'active', 'disabled']),
  secondFactor: z.boolean(),
  provider: z.boolean().describe('Known by the OpenID provider'),
  signedInAt: anInstant.optional(),
})

const keyShown = z.object({
  id,
  name: z.string(),
  role,
  clinics: clinics.optional().describe('Absent: all'),
  scopes: z.array(z.string()).optional().describe('Absent: all that the role may'),
  createdAt: anInstant,
  createdBy: z.string(),
  expiresAt: anInstant.optional(),
  usedAt: anInstant.optional().describe('To the hour or so'),
  revokedAt: anInstant.optional(),
})

const invited = userShown.extend({
  link: z.string().describe('Where they choose a password: works once, for 72 hours, and is not shown again'),
})
const keyMade = keyShown.extend({ token: z.string().describe('For `Authorization: Bearer`; not shown again') })

/** Users and keys as the console's page *Accès et clés* sees to them, by the same acts. */
export function identityApi(identity: Identity): readonly ApiRoute[] {
  return [...userRoutes(identity), ...keyRoutes(identity)]
}

function userRoutes({ store, clock, publicUrl }: Identity): readonly ApiRoute[] {
  const people = { least: ['admin'], clinicOf: 'each' } as const
  const act = (c: Ask, userId: string) => ({ userId, caller: c.get('caller'), now: clock.now() })
  const answer = (c: Ask, acted: UserActed) => (acted.kind === 'done' ? c.json(showUser(acted.user)) : refuse(c, acted.reason))
  const withLink = (c: Ask, made: UserInvited, status: 200 | 201) =>
    made.kind === 'done'
      ? c.json({ ...showUser(made.user), link: `${publicUrl}/console/invited/${made.token}` }, status)
      : refuse(c, made.reason)
  const path = '/api/v1/users'
  const params = z.object({ id })
  return [
    apiRoute({
      method: 'GET',
      path,
      ...people,
      summary: 'List who may sign in to the console',
      description: 'Those with no more than the caller has; a page may hold fewer than its limit.',
      query: z.object(pageQuery(id)),
      responses: { 200: pageOf(userShown) },
      handle: async (c, { query }) => {
        const { items, last } = split(await store.read((tx) => tx.users.list(query.limit + 1, query.cursor)), query.limit)
        return page(c, items.filter((user) => mayManage(c.get('caller'), user)).map(showUser), last?.id)
      },
    }),
    apiRoute({
      method: 'POST',
      path,
      ...people,
      summary: 'Add somebody who may sign in',
      body: z.strictObject({
        login: z.string().max(80),
        name: personName,
        role,
        clinics: clinics.optional(),
        language: z.enum(['fr', 'en']).optional(),
      }),
      responses: { 201: invited },
      problems: ['conflict'],
      handle: async (c, { body: { clinics: reach, language, ...wanted } }) =>
        withLink(
          c,
          await store.transact((tx) =>
            addUser(tx, {
              ...wanted,
              ...(reach && { clinics: reach }),
              ...(language && { language }),
              caller: c.get('caller'),
              now: clock.now(),
            }),
          ),
          201,
        ),
    }),
    apiRoute({
      method: 'PUT',
      path: `${path}/:id`,
      ...people,
      summary: 'Change somebody’s name, role, clinics, or whether they may sign in',
      description: 'What is not named stays. Their sessions end with another role, other clinics, or when they are disabled.',
      params,
      body: z
        .strictObject({
          name: personName.optional(),
          role: role.optional(),
          clinics: z.union([clinics, z.literal('*')]).optional(),
          disabled: z.boolean().optional(),
        })
        .refine((wanted) => Object.keys(wanted).length > 0, { error: 'name what to change' }),
      responses: { 200: userShown },
      problems: ['conflict'],
      handle: async (c, { params: { id: userId }, body }) => {
        const who = act(c, userId)
        const { disabled, clinics: reach, name, role: given } = body
        return answer(
          c,
          await store.transact(async (tx) => {
            const changed = await changeUser(tx, {
              ...who,
              ...(name !== undefined && { name }),
              ...(given && { role: given }),
              ...(reach && { clinics: reach === '*' ? 'all' : reach }),
            })
            if (changed.kind === 'refused' || disabled === undefined) return changed
            return disabled ? disableUser(tx, who) : enableUser(tx, who)
          }),
        )
      },
    }),
    apiRoute({
      method: 'POST',
      path: `${path}/:id/reset`,
      ...people,
      summary: 'Take somebody’s password and second factor, and give a one-time address for new ones',
      params,
      responses: { 200: invited },
      handle: async (c, { params: { id: userId } }) => withLink(c, await store.transact((tx) => resetUser(tx, act(c, userId))), 200),
    }),
    apiRoute({
      method: 'DELETE',
      path: `${path}/:id/sessions`,
      ...people,
      summary: 'End all of somebody’s sessions',
      params,
      responses: { 200: userShown },
      handle: async (c, { params: { id: userId } }) => answer(c, await store.transact((tx) => endSessions(tx, act(c, userId)))),
    }),
  ]
}

function keyRoutes({ store, clock }: Identity): readonly ApiRoute[] {
  const programs = { least: ['admin', 'integrator'], clinicOf: 'each' } as const
  const act = (c: Ask) => ({ caller: c.get('caller'), now: clock.now() })
  const withToken = (c: Ask, made: KeyMade, status: 200 | 201) =>
    made.kind === 'done' ? c.json({ ...showKey(made.key), token: made.token }, status) : refuse(c, made.reason)
  const path = '/api/v1/keys'
  const params = z.object({ id })
  return [
    apiRoute({
      method: 'GET',
      path,
      ...programs,
      summary: 'List the keys of the API',
      description: 'Those with no more than the caller has, revoked ones too; those of the configuration are not among them.',
      query: z.object(pageQuery(id)),
      responses: { 200: pageOf(keyShown) },
      handle: async (c, { query }) => {
        const { items, last } = split(await store.read((tx) => tx.apiKeys.list(query.limit + 1, query.cursor)), query.limit)
        return page(c, items.filter((key) => mayGrant(c.get('caller'), key)).map(showKey), last?.id)
      },
    }),
    apiRoute({
      method: 'POST',
      path,
      ...programs,
      summary: 'Make a key of the API',
      body: z.strictObject({
        name: z.string().trim().min(1).max(80),
        role,
        clinics: clinics.optional(),
        scopes: z.array(z.string().regex(scopePattern)).min(1).max(100).optional().describe('`settings:read`, `appointments:write`'),
        expiresAt: instantAsked.optional(),
      }),
      responses: { 201: keyMade },
      handle: async (c, { body: { clinics: reach, scopes, expiresAt, ...wanted } }) =>
        withToken(
          c,
          await store.transact((tx) =>
            addKey(
              tx,
              {
                ...wanted,
                ...(reach && { clinics: reach }),
                ...(scopes && { scopes }),
                ...(expiresAt !== undefined && { expiresAt }),
              },
              act(c),
            ),
          ),
          201,
        ),
    }),
    apiRoute({
      method: 'POST',
      path: `${path}/:id/rotate`,
      ...programs,
      summary: 'Give a key another secret',
      description: 'The one before opens for 24 hours more (R33).',
      params,
      responses: { 200: keyMade },
      problems: ['conflict'],
      handle: async (c, { params: { id: keyId } }) => withToken(c, await store.transact((tx) => rotateKey(tx, keyId, act(c))), 200),
    }),
    apiRoute({
      method: 'DELETE',
      path: `${path}/:id`,
      ...programs,
      summary: 'Revoke a key: it opens nothing any more',
      params,
      responses: { 200: keyShown },
      handle: async (c, { params: { id: keyId } }) => {
        const acted = await store.transact((tx) => revokeKey(tx, keyId, act(c)))
        return acted.kind === 'done' ? c.json(showKey(acted.key)) : refuse(c, acted.reason)
      },
    }),
  ]
}

function showUser(user: User): z.input<typeof userShown> {
  const { id: userId, login, name, role: held, clinics: reach, signedInAt } = user
  const state = user.disabledAt ? 'disabled' : user.password !== undefined || user.provider ? 'active' : 'invited'
  return {
    id: userId,
    login,
    name,
    role: held,
    ...(reach && { clinics: [...reach] }),
    state,
    secondFactor: user.codes?.verifiedAt !== undefined,
    provider: user.provider !== undefined,
    ...(signedInAt && { signedInAt: signedInAt.toString() }),
  }
}

function showKey(key: ApiKey): z.input<typeof keyShown> {
  const { id: keyId, name, role: held, clinics: reach, scopes, createdAt, createdBy, expiresAt, usedAt, revokedAt } = key
  return {
    id: keyId,
    name,
    role: held,
    ...(reach && { clinics: [...reach] }),
    ...(scopes && { scopes: [...scopes] }),
    createdAt: createdAt.toString(),
    createdBy,
    ...(expiresAt && { expiresAt: expiresAt.toString() }),
    ...(usedAt && { usedAt: usedAt.toString() }),
    ...(revokedAt && { revokedAt: revokedAt.toString() }),
  }
}

const details = {
  unknown: 'nothing there by that name',
  beyond_own: 'that is more than you have yourself',
  last_operator: 'nobody would be left who sees to everything: add another operator first',
  login_taken: 'that login is taken',
  login_malformed: 'a login has 2 to 80 letters, digits, dots or hyphens, and no space',
  over_already: 'expiresAt is past',
  revoked: 'that key is revoked',
} as const

function refuse(c: Ask, reason: keyof typeof details): Response {
  if (reason === 'unknown') return problem(c, 404, details.unknown)
  if (reason === 'beyond_own') return problem(c, 403, details.beyond_own)
  return problem(c, reason === 'login_malformed' || reason === 'over_already' ? 422 : 409, details[reason], { reason })
}
