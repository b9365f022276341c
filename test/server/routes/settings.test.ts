import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import type { Role } from '../../../src/core/access.ts'
import type { Settings } from '../../../src/core/settings.ts'
import type { ClinicDocument } from '../../../src/server/config/clinic-document.ts'
import { bookedChange, clinicSettings } from '../../support/clinic.ts'
import { openRappel } from '../../support/rappel.ts'

const path = '/api/v1/clinics/tilleuls/settings'

async function openSettings(overrides: Partial<Settings> = {}) {
  const rappel = await openRappel({ settings: clinicSettings(overrides) })
  await rappel.hear(bookedChange())
  const read = async () => (await (await rappel.call('admin', `GET ${path}`)).json()) as ClinicDocument
  const put = async (role: Role, change: Partial<ClinicDocument>, version = 1) =>
    rappel.call(role, `PUT ${path}`, { ...(await read()), ...change }, { 'if-match': `"${version}"` })
  const audit = async () => (await rappel.read((tx) => tx.audit.of('tilleuls', 10)))[0]
  const current = async () => rappel.read((tx) => tx.settings.current('tilleuls'))
  return { ...rappel, document: read, put, audit, current }
}

const agendaOff = { moreau: { site: 'main', sms: { confirmation: true, reminder: false, change: true } } }

describe('the settings of a clinic', () => {
  test('are shown as they are written in the configuration, with their version as the ETag', async () => {
    const { call } = await openSettings()
    const response = await call('reader', `GET ${path}`)
    expect([response.status, response.headers.get('etag')]).toEqual([200, '"1"'])
    expect(await response.json()).toMatchObject({ id: 'tilleuls', cadence: 'ofys', agendas: { moreau: { site: 'main', live: true } } })
    expect((await call('reader', `GET ${path}`, undefined, { 'if-none-match': '"1"' })).status).toBe(304)
    expect((await call('reader', `GET ${path}`, undefined, { 'if-none-match': '"11"' })).status).toBe(200)
    const yaml = await call('reader', `GET ${path}`, undefined, { accept: 'application/yaml' })
    expect(parse(await yaml.text())).toMatchObject({ id: 'tilleuls', cadence: 'ofys' })
  })

  test('are put back whole: one new version, named in the audit with what changed and by whom (D8)', async () => {
    const { put, audit, current, woken } = await openSettings()
    const response = await put('admin', { agendas: agendaOff, dailyCap: 3 })
    expect([response.status, response.headers.get('etag')]).toEqual([200, '"2"'])
    const changes = [
      { pointer: '/dailyCap', before: 6, after: 3 },
      { pointer: '/agendas/moreau/switches/sms/reminder', before: true, after: false },
    ]
    expect(await response.json()).toEqual({ version: 2, changes })
    expect(await current()).toMatchObject({ version: 2, dailyCap: 3 })
    expect(await audit()).toMatchObject({
      actor: 'token:admin-tilleuls',
      action: 'settings.changed',
      detail: { version: 2, changes: 2, '/dailyCap': '6 → 3', '/agendas/moreau/switches/sms/reminder': 'true → false' },
    })
    expect(woken).toContain('changed')
  })

  test('that changed nothing are no version', async () => {
    const { put, current, woken } = await openSettings()
    expect(await (await put('admin', {})).json()).toEqual({ version: 1, changes: [] })
    expect((await current())?.version).toBe(1)
    expect(woken).not.toContain('changed')
  })

  test('edited by two at once: the second is told, and nothing of it is taken (D6)', async () => {
    const { put, current } = await openSettings()
    const answers = await Promise.all([put('admin', { dailyCap: 3 }), put('admin', { dailyCap: 4 })])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412])
    const refused = answers.find(({ status }) => status === 412)
    expect(refused?.headers.get('etag')).toBe('"2"')
    expect(await refused?.json()).toMatchObject({ code: 'version_conflict', version: 2 })
    expect((await current())?.version).toBe(2)
  })

  test.each([
    ['without a version', {}, 428],
    ['for any version', { 'if-match': '*' }, 428],
    ['with a version in words', { 'if-match': 'one' }, 428],
    ['through a proxy that weakened the tag', { 'if-match': 'W/"1"' }, 200],
    ['of an older version', { 'if-match': '"7"' }, 412],
    ['as a form', { 'if-match': '"1"', 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['without a type', { 'if-match': '"1"', 'content-type': '' }, 415],
  ])('sent %s', async (_, headers, status) => {
    const { call, document } = await openSettings()
    const response = await call('admin', `PUT ${path}`, { ...(await document()), dailyCap: 3 }, headers)
    expect(response.status).toBe(status)
  })

  test('with faults are refused, all of them at once, each at its place', async () => {
    const { call, current, document } = await openSettings()
    const body = { ...(await document()), zone: 'Mars/Base', dailyCap: 0, agendas: { 'a/b': { site: 'gone' } } }
    const response = await call('admin', `PUT ${path}`, body, { 'if-match': '"1"' })
    expect(response.status).toBe(422)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    const { faults } = (await response.json()) as { faults: readonly { pointer: string }[] }
    expect(faults.map(({ pointer }) => pointer)).toEqual(['/zone', '/dailyCap', '/agendas/a~1b/site'])
    expect((await current())?.version).toBe(1)
  })

  test('larger than 4 MiB are not read', async () => {
    const { call } = await openSettings()
    expect((await call('admin', `PUT ${path}`, 'x'.repeat(4 * 1024 * 1024 + 1), { 'if-match': '"1"' })).status).toBe(413)
  })
})

describe('who may change what', () => {
  test.each<[string, Role, Partial<ClinicDocument>, string | undefined]>([
    ['an agenda’s switch by an administrator (D4)', 'admin', { agendas: agendaOff }, undefined],
    ['an agenda’s switch by the desk (D4)', 'appointments', { agendas: agendaOff }, 'admin'],
    ['a motif by the desk (D14)', 'appointments', { motifs: { CONSULT: { type: 'onsite', notify: false } } }, 'admin'],
    ['a patient by the desk (D23)', 'appointments', { patients: { 'tilleuls:P1': { notify: false } } }, undefined],
    ['SMS by an administrator (O22)', 'admin', { smsActivated: false }, 'operator'],
    ['SMS by an operator (O22)', 'operator', { smsActivated: false }, undefined],
    ['closing the settings by an administrator (D1)', 'admin', { settingsEnabled: false }, 'operator'],
  ])('%s', async (_, role, change, needed) => {
    const { put, current } = await openSettings()
    const response = await put(role, change)
    expect(response.status).toBe(needed === undefined ? 200 : 403)
    if (needed !== undefined)
      expect(await response.json()).toMatchObject({ code: 'role_required', role: needed, pointer: expect.any(String) })
    expect((await current())?.version).toBe(needed === undefined ? 2 : 1)
  })

  test('a clinic whose settings are closed reads them, and an operator alone writes (D1)', async () => {
    const { put, call } = await openSettings({ settingsEnabled: false })
    expect((await call('reader', `GET ${path}`)).status).toBe(200)
    const refused = await put('admin', { dailyCap: 3 })
    expect([refused.status, await refused.json()]).toMatchObject([
      403,
      { code: 'plan_required', detail: expect.stringContaining('operator') },
    ])
    const patient = await call('appointments', 'PUT /api/v1/clinics/tilleuls/patients/tilleuls:P1/notifications', { notify: false })
    expect(await patient.json()).toMatchObject({ code: 'plan_required' })
    expect((await put('operator', { settingsEnabled: true })).status).toBe(200)
    expect((await put('admin', { dailyCap: 3 }, 2)).status).toBe(200)
  })
})

describe('versions', () => {
  test('are listed newest first, shown, compared and taken back as a new one', async () => {
    const { put, call, current, audit } = await openSettings()
    await put('admin', { dailyCap: 3 })
    await put('admin', { dailyCap: 4, smsToUnknown: false }, 2)
    const listed = (await (await call('reader', `GET ${path}/versions`)).json()) as { items: readonly object[] }
    expect(listed.items).toMatchObject([{ version: 3, source: 'api' }, { version: 2, source: 'api' }, { version: 1 }])
    expect(await (await call('reader', `GET ${path}/versions/2`)).json()).toMatchObject({ dailyCap: 3 })
    expect(await (await call('reader', `GET ${path}/diff?from=1&to=3`)).json()).toEqual({
      from: 1,
      to: 3,
      changes: [
        { pointer: '/smsToUnknown', before: true, after: false },
        { pointer: '/dailyCap', before: 6, after: 4 },
      ],
    })
    const back = await call('admin', `POST ${path}/rollback`, { version: 1 }, { 'if-match': '"3"' })
    expect([back.status, back.headers.get('etag')]).toEqual([200, '"4"'])
    const { version: _, ...now } = (await current()) ?? clinicSettings()
    const { version: __, ...first } = clinicSettings()
    expect(now).toEqual(first)
    expect(await audit()).toMatchObject({ action: 'settings.rolled-back', detail: { version: 4, '/dailyCap': '4 → 6' } })
  })

  test('are taken back by whoever may change what that changes', async () => {
    const { put, call } = await openSettings()
    await put('operator', { smsActivated: false })
    const back = await call('admin', `POST ${path}/rollback`, { version: 1 }, { 'if-match': '"2"' })
    expect([back.status, await back.json()]).toMatchObject([403, { role: 'operator', pointer: '/smsActivated' }])
  })

  test.each([
    ['GET', '/versions/9', 404],
    ['GET', '/versions/x', 404],
    ['GET', '/versions?limit=0', 400],
    ['GET', '/diff?from=1', 400],
    ['GET', '/diff?from=1&to=9', 404],
    ['POST', '/rollback', 428],
  ])('%s %s: %i', async (method, rest, status) => {
    const { call } = await openSettings()
    expect((await call('admin', `${method} ${path}${rest}`, method === 'POST' ? { version: 1 } : undefined)).status).toBe(status)
  })

  test('one that never was is not taken back', async () => {
    const { call } = await openSettings()
    expect((await call('admin', `POST ${path}/rollback`, { version: 9 }, { 'if-match': '"1"' })).status).toBe(404)
    expect((await call('admin', `POST ${path}/rollback`, { version: '1' }, { 'if-match': '"1"' })).status).toBe(422)
  })
})

describe('one YAML', () => {
  test('is exported, and imported again is no change', async () => {
    const { call } = await openSettings()
    const exported = await call('reader', `GET ${path}/export`)
    expect(exported.headers.get('content-type')).toBe('application/yaml; charset=utf-8')
    expect(exported.headers.get('content-disposition')).toBe('attachment; filename="tilleuls-settings-1.yaml"')
    const text = await exported.text()
    const yaml = { 'if-match': '"1"', 'content-type': 'application/yaml' }
    expect(await (await call('admin', `PUT ${path}`, text, yaml)).json()).toEqual({ version: 1, changes: [] })
    const edited = stringify({ ...(parse(text) as object), dailyCap: 2 })
    expect(await (await call('admin', `PUT ${path}`, edited, yaml)).json()).toEqual({
      version: 2,
      changes: [{ pointer: '/dailyCap', before: 6, after: 2 }],
    })
  })
})

describe('one patient’s switch (D24)', () => {
  const place = 'PUT /api/v1/clinics/tilleuls/patients/tilleuls:P1/notifications'

  test('is thrown by the desk, and the audit does not name the patient (D23, R31)', async () => {
    const { call, current, audit } = await openSettings()
    expect((await call('appointments', place, { notify: false })).status).toBe(200)
    expect((await current())?.patients).toEqual({ 'tilleuls:P1': { notify: false } })
    const entry = await audit()
    expect(JSON.stringify(entry)).not.toContain('P1')
    expect(entry?.detail).toMatchObject({ version: 2, changes: 1, [Object.keys(entry?.detail ?? {})[2] ?? '']: '∅ → false' })
    expect((await call('appointments', place, { notify: true })).status).toBe(200)
    expect((await current())?.patients).toEqual({})
  })

  test.each([
    ['nobody we know', 'PUT /api/v1/clinics/tilleuls/patients/tilleuls:P9/notifications', { notify: false }, 404],
    ['no word of it', place, {}, 422],
    ['a word in place of a flag', place, { notify: 'no' }, 422],
    ['something else beside it', place, { notify: false, name: 'Anne' }, 422],
    ['no JSON', place, '{', 422],
  ])('%s', async (_, request, body, status) => {
    const { call, current } = await openSettings()
    expect((await call('appointments', request, body)).status).toBe(status)
    expect((await current())?.version).toBe(1)
  })
})
