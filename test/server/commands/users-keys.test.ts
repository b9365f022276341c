import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openSqlite } from '../../../src/store/sqlite.ts'
import { runCommand } from '../../support/commands.ts'

/** A configuration, and its store open beside the command, as the service has it. */
async function openInstallation() {
  const folder = await mkdtemp(join(tmpdir(), 'rappel-users-'))
  const file = join(folder, 'rappel.yaml')
  const path = join(folder, 'rappel.db')
  await writeFile(
    file,
    `server: { port: 0, publicUrl: http://127.0.0.1:8080 }
store: { path: ${path} }
archive: { directory: ${join(folder, 'archive')} }
clinics: [{ id: tilleuls, name: Clinique des Tilleuls, zone: America/Toronto }]
connectors: [{ id: ehr, protocol: hl7v2, clinic: tilleuls, zone: America/Toronto, region: CA, listen: { port: 0 } }]
`,
  )
  const store = await openSqlite({ path })
  onTestFinished(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })
  return { store, run: (...args: readonly string[]) => runCommand([...args, '--config', file]) }
}

describe('rappel users', () => {
  test('adds, lists, changes, disables and resets, beside the service, and writes it down', async () => {
    const { run, store } = await openInstallation()
    expect(await run('users', 'add', 'Nadia', '--role', 'operator', '--name', 'Nadia Roy')).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^http:\/\/127\.0\.0\.1:8080\/console\/invited\/[\w-]{43}\n$/),
    })
    expect(await run('users', 'add', 'sam', '--role', 'reader', '--clinics', 'tilleuls')).toMatchObject({ status: 0 })
    expect(await run('users', 'role', 'sam', 'appointments')).toMatchObject({ status: 0, out: 'sam: appointments, tilleuls, invited\n' })
    expect(await run('users', 'disable', 'sam')).toMatchObject({ status: 0, out: 'sam: appointments, tilleuls, disabled\n' })
    expect((await run('users', 'list')).out.split('\n').filter(Boolean).sort()).toEqual([
      'nadia\tNadia Roy\toperator, all clinics\tinvited',
      'sam\tsam\tappointments, tilleuls\tdisabled',
    ])
    expect(await run('users', 'enable', 'sam')).toMatchObject({ status: 0 })
    expect((await run('users', 'reset', 'sam')).out).toContain('/console/invited/')
    const sam = await store.read((tx) => tx.users.byLogin('sam'))
    expect((await store.read((tx) => tx.audit.of(sam?.id ?? '', 9))).map(({ actor, action }) => `${actor} ${action}`)).toEqual([
      'command user.reset',
      'command user.enabled',
      'command user.disabled',
      'command user.changed',
      'command user.added',
    ])
  })

  test.each<[string, readonly string[], number, RegExp]>([
    ['a role that is none', ['add', 'x2', '--role', 'nurse'], 2, /--role is operator/],
    ['a clinic that is none', ['add', 'x2', '--role', 'reader', '--clinics', 'erables'], 2, /no clinic is called "erables"/],
    ['a login with a space', ['add', 'a b', '--role', 'reader'], 1, /no space/],
    ['a login that is taken', ['add', 'nadia', '--role', 'reader'], 1, /taken/],
    ['nobody', ['disable', 'nobody'], 1, /nobody has that login/],
    ['the last operator', ['disable', 'nadia'], 1, /add another operator first/],
  ])('refuses %s', async (_, args, status, says) => {
    const { run } = await openInstallation()
    await run('users', 'add', 'nadia', '--role', 'operator')
    expect(await run('users', ...args)).toMatchObject({ status, error: expect.stringMatching(says) })
  })
})

describe('rappel keys', () => {
  test('makes, lists, rotates and revokes', async () => {
    const { run } = await openInstallation()
    const made = await run(
      'keys',
      'add',
      'lab',
      '--role',
      'integrator',
      '--clinics',
      'tilleuls',
      '--scopes',
      'connectors:read',
      '--days',
      '30',
    )
    const [, id = ''] = /^rpl_([0-9a-f]{32})_[\w-]{43}\n$/.exec(made.out) ?? []
    expect([made.status, id.length]).toEqual([0, 32])
    expect((await run('keys', 'list')).out).toBe(`${id}\tlab\tintegrator, tilleuls\tconnectors:read\tactive\n`)
    expect((await run('keys', 'rotate', id, '--overlap', 'PT1H')).out).toMatch(new RegExp(`^rpl_${id}_`))
    expect(await run('keys', 'rotate', id, '--overlap', 'tomorrow')).toMatchObject({ status: 2 })
    expect(await run('keys', 'revoke', id)).toMatchObject({ status: 0, out: 'lab: revoked\n' })
    expect(JSON.parse((await run('keys', 'list', '--json')).out)).toMatchObject([{ id, state: 'revoked' }])
    expect(await run('keys', 'rotate', id)).toMatchObject({ status: 1 })
    expect(await run('keys', 'revoke', 'x')).toMatchObject({ status: 1, error: 'no key has that id\n' })
  })
})
