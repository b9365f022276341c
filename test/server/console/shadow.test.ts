import { describe, expect, test } from 'vitest'
import type { Role } from '../../../src/core/access.ts'
import type { Rollout } from '../../../src/core/rollout-terms.ts'
import { agendaSettings, bookedChange, clinicSettings } from '../../support/clinic.ts'
import { signedIn } from '../../support/console.ts'
import type { Rappel } from '../../support/rappel.ts'
import { openRappel } from '../../support/rappel.ts'

const page = '/console/clinics/tilleuls/shadow'
const shadow: Rollout = { mode: 'shadow', percent: 0 }

async function open(rollout: Rollout = shadow): Promise<Rappel> {
  const agendas = { moreau: { ...agendaSettings(), label: 'Dre Moreau' }, petit: { ...agendaSettings(), label: 'Dr Petit' } }
  return openRappel({ settings: clinicSettings({ rollout, agendas }), now: '2026-11-24T02:00:00Z' })
}

async function see(rappel: Rappel, role: Role = 'admin', query = '', language = 'fr'): Promise<string> {
  const response = await rappel.get(`${page}${query}`, { ...signedIn(role), 'accept-language': language })
  expect(response.status).toBe(200)
  return plain(await response.text())
}

const plain = (html: string) => html.replaceAll('\u00a0', ' ').replaceAll('&#39;', '’')

async function watched(rappel: Rappel): Promise<void> {
  await rappel.hear(bookedChange())
  await rappel.send()
  rappel.clock.set('2026-11-25T03:00:00Z')
  await rappel.send()
  rappel.clock.advance({ minutes: 1 })
}

function upload(rappel: Rappel, text: string | Uint8Array<ArrayBuffer>, role: Role = 'admin') {
  const form = new FormData()
  form.set('file', new File([text], 'journal.csv', { type: 'text/csv' }))
  return rappel.app.request(`${page}/log`, { method: 'POST', body: form, headers: signedIn(role) })
}

const log = [
  'when,channel,kind,appointment,contact,outcome',
  '2026-11-24T02:00:10Z,sms,confirmation,A1,,sent',
  '2026-11-25T00:00:00Z,email,reminder,A1,,sent',
  '2026-11-24T12:00:00Z,sms,reminder,A9,,sent',
  '2026-11-24T12:00:00Z,fax,reminder,A1,,sent',
  '',
].join('\n')

describe('Observation: how far the clinic is, and the next step', () => {
  test('in both languages, with the word and look of shadow', async () => {
    const rappel = await open()
    const french = await see(rappel)
    expect(french).toContain('<span class="tag shadow">En observation</span>')
    expect(french).toContain('Tout est décidé et noté comme si cela partait, et rien ne part')
    expect(await see(rappel, 'reader', '', 'en')).toContain('<span class="tag shadow">In shadow</span>')
    expect(await see(rappel, 'reader')).not.toContain('name="step"')
  })

  test('shadow, some agendas, a share, everybody: each shown with its effect, then saved; and back', async () => {
    const rappel = await open()
    const steps: readonly (readonly [fields: [string, string][], now: string, rollout: object])[] = [
      [
        [
          ['step', 'agendas'],
          ['agendas', 'moreau'],
        ],
        '1 agenda en service',
        { mode: 'shadow', percent: 0, agendas: ['moreau'] },
      ],
      [
        [
          ['step', 'percent'],
          ['percent', '20'],
          ['agendas', 'moreau'],
        ],
        '20 % des patients',
        { mode: 'live', percent: 20, agendas: ['moreau'] },
      ],
      [
        [
          ['step', 'all'],
          ['test-sms', '+1 418 555-0199'],
          ['test-email', 'essai@tilleuls.example'],
        ],
        'En service pour tous',
        { mode: 'live', percent: 100, redirectTo: { sms: '+14185550199', email: 'essai@tilleuls.example' } },
      ],
    ]
    let version = 1
    for (const [fields, now, rollout] of steps) {
      const form = (act: string) => new URLSearchParams([...fields, ['version', String(version)], ['do', act]])
      const preview = await rappel.app.request(page, { method: 'POST', body: form('preview'), headers: signedIn('admin') })
      const shown = plain(await preview.text())
      expect(shown).toContain('id="impact"')
      expect(shown).toContain('Personne n’est prévenu du passé')
      expect((await rappel.read((tx) => tx.settings.current('tilleuls')))?.version, 'nothing is saved by looking').toBe(version)
      const saved = await rappel.app.request(page, { method: 'POST', body: form('save'), headers: signedIn('admin') })
      version += 1
      expect(saved.headers.get('location')).toBe(`${page}?saved=${version}`)
      expect((await rappel.read((tx) => tx.settings.current('tilleuls')))?.rollout).toEqual(rollout)
      expect(await see(rappel)).toContain(now)
    }
    expect(await see(rappel)).toContain('Essai : tout part à essai@tilleuls.example, +14185550199')
    const undo = { do: 'undo', version: String(version) }
    expect(plain(await (await rappel.post(page, undo, signedIn('admin'))).text())).toContain('value="save-undo"')
    await rappel.post(page, { ...undo, do: 'save-undo' }, signedIn('admin'))
    expect((await rappel.read((tx) => tx.settings.current('tilleuls')))?.rollout).toEqual({
      mode: 'live',
      percent: 20,
      agendas: ['moreau'],
    })
  })

  test.each<[string, Record<string, string>]>([
    ['some agendas, and none chosen', { step: 'agendas' }],
    ['a share of nobody', { step: 'percent', percent: '0' }],
    ['no address', { step: 'all', 'test-email': 'personne' }],
    ['no number', { step: 'all', 'test-sms': '555-0140' }],
    ['no step', { step: 'elsewhere' }],
  ])('%s: said how to answer, nothing saved', async (_, fields) => {
    const rappel = await open()
    const response = await rappel.post(page, { ...fields, version: '1', do: 'save' }, signedIn('admin'))
    expect(response.status).toBe(422)
    expect(plain(await response.text())).toContain('role="alert"')
    expect((await rappel.read((tx) => tx.settings.current('tilleuls')))?.version).toBe(1)
  })

  test('a step from a version that is no longer the last is not taken', async () => {
    const rappel = await open()
    for (const step of ['all', 'off']) await rappel.post(page, { step, version: '1', do: 'save' }, signedIn('admin'))
    expect((await rappel.read((tx) => tx.settings.current('tilleuls')))?.rollout).toEqual({ mode: 'live', percent: 100 })
  })

  test.each<[Role, number]>([
    ['reader', 403],
    ['appointments', 403],
    ['integrator', 403],
    ['admin', 303],
  ])('D4: a step by the role %s: %i', async (role, status) => {
    const rappel = await open()
    expect((await rappel.post(page, { step: 'all', version: '1', do: 'save' }, signedIn(role))).status).toBe(status)
  })
})

describe('side by side with the former system’s log', () => {
  test('the file is taken, bad lines are in quarantine by their line, and what differs is counted by its reason', async () => {
    const rappel = await open()
    await watched(rappel)
    const taken = await upload(rappel, log)
    expect(taken.headers.get('location')).toBe(`${page}?taken=3.0.1#log`)
    const shown = await see(rappel, 'admin', '?taken=3.0.1')
    expect(shown).toContain('Importé : 3 lignes prises, 0 déjà connues, 1 en quarantaine.')
    expect(shown).toContain('Ligne 5 : le canal n’est pas connu (channel)')
    for (const reason of ['le DSE ne nous a jamais parlé de ce rendez-vous', 'l’ancien système n’a rien envoyé'])
      expect(shown).toContain(reason)
    expect(shown).toContain('/console/clinics/tilleuls/appointments/tilleuls%3AA1')
    expect(await see(rappel, 'reader', '?verdict=only_they')).toContain('tilleuls:A9')
    expect(await see(rappel, 'reader', '?from=2026-01-01&until=2026-11-24')).toContain('31 jours au plus')
  })

  test('given again, it is known', async () => {
    const rappel = await open()
    await upload(rappel, log)
    expect((await upload(rappel, log)).headers.get('location')).toBe(`${page}?taken=0.3.1#log`)
  })

  test('no contact is kept, only its hash; Latin-1 and a semicolon are read', async () => {
    const rappel = await open()
    await rappel.store.transact(async (tx) => {
      const settings = await tx.settings.current('tilleuls')
      if (!settings) throw new Error('no settings')
      const columns = { when: ['Date'], channel: 'Canal', kind: 'Genre', contact: 'Destinataire', outcome: 'Résultat' }
      await tx.settings.save({ ...settings, version: 2, incumbentLog: { columns } }, rappel.clock.now())
    })
    await watched(rappel)
    const text =
      'Date;Canal;Genre;Destinataire;Résultat\n23/11/2026 21:00;SMS;Confirmation;(418) 555-0177;Envoyé\n23/11/2026 21:00;Courriel;Confirmation;Roy@Example.org;Envoyé\n'
    const taken = await upload(rappel, new Uint8Array(Buffer.from(text, 'latin1')))
    expect(taken.headers.get('location')).toBe(`${page}?taken=2.0.0#log`)
    const comparison = await (await rappel.call('reader', 'GET /api/v1/clinics/tilleuls/shadow/comparison')).json()
    expect(comparison.verdicts).toMatchObject({ both: 2, only_we: 2 })
    const rows = /^incumbent_log\n((?:\{.*\n)*)/m.exec(await rappel.dump())?.[1] ?? ''
    expect(rows.split('\n')).toHaveLength(3)
    expect(rows).not.toMatch(/5550177|roy@example/i)
  })

  test.each<[string, string]>([
    ['nothing in it', 'Le fichier doit avoir une ligne de noms'],
    ['nom,date\na,b\n', '« when »'],
  ])('a file of %j: said what it must be', async (text, says) => {
    const response = await upload(await open(), text)
    expect(response.status).toBe(422)
    expect(plain(await response.text())).toContain(says)
  })

  test('R24: the download is written down, and holds no formula', async () => {
    const rappel = await open()
    await watched(rappel)
    await upload(rappel, 'when,channel,kind,appointment\n2026-11-24T02:00:10Z,sms,reminder,"=HYPERLINK(1)"\n')
    const response = await rappel.get(`${page}/export`, signedIn('admin'))
    expect(response.headers.get('content-disposition')).toContain('tilleuls-comparison.csv')
    const text = await response.text()
    expect(text).toContain('tilleuls:=HYPERLINK(1)')
    expect(
      text
        .split('\n')
        .flatMap((line) => line.split(','))
        .some((cell) => /^"?[=+@]/.test(cell)),
    ).toBe(false)
    expect(await rappel.read((tx) => tx.audit.of('tilleuls', 5))).toMatchObject([
      { action: 'shadow.exported' },
      { action: 'shadow.log-imported' },
    ])
    expect((await rappel.get(`${page}/export`, signedIn('reader'))).status).toBe(403)
  })

  test('the API gives the same, page by page', async () => {
    const rappel = await open()
    await watched(rappel)
    const sent = await rappel.call('integrator', 'POST /api/v1/clinics/tilleuls/shadow/log', log, { 'content-type': 'text/csv' })
    expect(await sent.json()).toMatchObject({ taken: 3, refused: 1, faults: [{ line: 5, reason: 'channel_unknown', column: 'channel' }] })
    const first = await (await rappel.call('appointments', 'GET /api/v1/clinics/tilleuls/shadow/comparison/lines?limit=2')).json()
    const rest = await (
      await rappel.call('appointments', `GET /api/v1/clinics/tilleuls/shadow/comparison/lines?limit=2&cursor=${first.next}`)
    ).json()
    expect([...first.items, ...rest.items].map(({ verdict, reason = '' }) => `${verdict} ${reason}`.trim()).sort()).toEqual(
      ['only_they unknown_appointment', 'only_we they_silent', 'only_we they_silent', 'other_time'].sort(),
    )
    expect((await rappel.call('reader', 'GET /api/v1/clinics/tilleuls/shadow/comparison/lines')).status).toBe(403)
    expect((await rappel.call('integrator', 'GET /api/v1/clinics/tilleuls/shadow/comparison/export')).status).toBe(403)
  })
})
