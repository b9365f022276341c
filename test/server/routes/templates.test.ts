import { describe, expect, test } from 'vitest'
import type { Templates } from '../../../src/core/template/template.ts'
import { toDocument } from '../../../src/server/config/clinic-document.ts'
import { bookedChange, clinicSettings } from '../../support/clinic.ts'
import { openRappel } from '../../support/rappel.ts'

const base = '/api/v1/clinics/tilleuls/templates'
const good = { body: '{{ clinic.name }}: RDV {{ when }}. {{ link }} {{ optOut }}' }

const withTemplates = (templates: Templates) => openRappel({ settings: clinicSettings({ templates }) })

describe('D3: what each message says can be read before one is sent', () => {
  test('D3: the catalogue has every kind, however one comes, in each channel and language', async () => {
    const { call } = await withTemplates({ 'reminder.sms.video.fr': good })
    for (const channel of ['sms', 'email', 'push'])
      for (const language of ['fr', 'en']) {
        const { items } = (await (await call('reader', `GET ${base}?channel=${channel}&language=${language}`)).json()) as {
          items: { cell: string }[]
        }
        expect(items).toHaveLength(40)
        expect(items.every(({ cell }) => cell.includes(`.${channel}.`) && cell.endsWith(language))).toBe(true)
      }
  })

  test('D3: what is the clinic’s own is told from what is built in, and every variable has its meaning', async () => {
    const { call } = await withTemplates({ 'reminder.sms.video.fr': good })
    const { items, variables } = (await (await call('reader', `GET ${base}`)).json()) as { items: { cell: string }[]; variables: unknown[] }
    expect(items.filter((item) => 'template' in item)).toEqual([
      expect.objectContaining({
        cell: 'reminder.sms.video.fr',
        template: 'reminder.sms.video.fr',
        text: expect.stringContaining('Clinique des Tilleuls: RDV'),
      }),
      // a pre-visit without its own
      expect.objectContaining({ cell: 'previsit.sms.video.fr', template: 'reminder.sms.video.fr' }),
    ])
    expect(items.find(({ cell }) => cell === 'cancellation.sms.onsite.fr')).toMatchObject({
      text: expect.stringContaining('RDV annulé'),
      size: { segments: 1 },
    })
    expect(variables).toContainEqual(expect.objectContaining({ name: 'link', means: { fr: expect.any(String), en: expect.any(String) } }))
  })

  test('of a template that is being written, with an invented appointment', async () => {
    const { call } = await withTemplates({})
    const ask = { cell: 'confirmation.email.onsite.en', template: { subject: 'See you {{ when }}', body: 'With {{ practitioner }}.' } }
    expect(await (await call('reader', `POST ${base}/preview`, ask)).json()).toMatchObject({
      subject: 'See you Thursday 26 November at 9:40\u00a0am',
      lines: ['With Dre Claire Moreau.'],
    })
  })

  test('with a real appointment of this clinic, and no other’s', async () => {
    const { call, hear } = await withTemplates({})
    await hear(bookedChange({ practitioner: { name: 'Dr Luc Fortin' } }))
    const ask = { cell: 'reminder.sms.video.fr', template: good, appointment: 'tilleuls:A1' }
    expect(await (await call('reader', `POST ${base}/preview`, ask)).json()).toMatchObject({
      text: expect.stringContaining('RDV jeu. 26/11 9h40. https://rdv.example/'),
    })
    expect((await call('reader', `POST ${base}/preview`, { ...ask, appointment: 'erables:A1' })).status).toBe(404)
  })

  test('of one that cannot be used says why, and shows the words that would go', async () => {
    const { call } = await withTemplates({})
    const ask = { cell: 'reminder.sms.*.fr', template: { body: '{{ when }}' } }
    expect(await (await call('reader', `POST ${base}/preview`, ask)).json()).toMatchObject({
      failed: 'no_link',
      text: expect.stringContaining('RDV jeu. 26/11'),
    })
  })
})

describe('a template is looked at before it is saved', () => {
  test('with everything that is wrong, in French and English, and what it costs', async () => {
    const { call } = await withTemplates({})
    const report = await (
      await call('reader', `POST ${base}/lint`, { cell: 'reminder.sms.*.fr', template: { body: '{{ nom }} oncologie' } })
    ).json()
    expect(report).toMatchObject({
      refused: true,
      findings: [
        {
          code: 'unknown_variable',
          severity: 'error',
          field: 'body',
          says: { fr: expect.stringContaining('nom'), en: expect.stringContaining('nom') },
        },
        { code: 'health_word' },
      ],
    })
    const cost = await (await call('reader', `POST ${base}/lint`, { cell: 'reminder.sms.*.fr', template: good })).json()
    expect(cost).toEqual({
      findings: [],
      refused: false,
      worst: { encoding: 'gsm7', units: expect.any(Number), segments: 1, price: 500, currency: 'CAD' },
    })
  })

  test.each([
    [{}, '/cell'],
    [{ cell: 'x', template: good }, '/cell'],
    [{ cell: 'reminder.sms.*.fr', template: { body: 'x'.repeat(4_001) } }, '/template/body'],
    [{ cell: 'reminder.sms.*.fr', template: good, more: 1 }, '/more'],
  ])('a request that makes no sense is told where', async (ask, pointer) => {
    const { call } = await withTemplates({})
    const response = await call('reader', `POST ${base}/lint`, ask)
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ faults: expect.arrayContaining([expect.objectContaining({ pointer })]) })
  })
})

describe('the settings take the clinic’s words', () => {
  const put = async (templates: Templates, role: 'admin' | 'appointments' = 'admin') => {
    const rappel = await withTemplates({})
    const document = toDocument(clinicSettings({ templates }))
    const response = await rappel.call(role, 'PUT /api/v1/clinics/tilleuls/settings', document, { 'if-match': '"1"' })
    return { ...rappel, response, said: (await response.json()) as Record<string, unknown> }
  }

  test('as a new version, whose change is told and audited', async () => {
    const { response, said, read } = await put({ 'reminder.sms.*.fr': good })
    expect([response.status, said]).toEqual([
      200,
      { version: 2, changes: [{ pointer: '/templates/reminder.sms.*.fr/body', after: good.body }] },
    ])
    expect((await read((tx) => tx.settings.current('tilleuls')))?.templates).toEqual({ 'reminder.sms.*.fr': good })
  })

  test('with what is worth knowing of them', async () => {
    const { response, said } = await put({ 'reminder.sms.*.fr': { body: '{{ when }} {{ link }} même' } })
    expect(response.status).toBe(200)
    expect(said.warnings).toEqual([
      expect.objectContaining({
        pointer: '/templates/reminder.sms.*.fr/body',
        code: 'outside_gsm7',
        instead: '{{ when }} {{ link }} meme',
      }),
      expect.objectContaining({ code: 'no_opt_out' }),
    ])
  })

  test('but never any that tell why somebody comes, or cannot be sent (R28)', async () => {
    const { response, said, read } = await put({ 'reminder.sms.*.fr': good, 'change.sms.*.en': { body: 'Oncology {{ link }}' } })
    expect(response.status).toBe(422)
    expect(said).toMatchObject({ faults: [{ pointer: '/templates/change.sms.*.en/body', message: expect.stringContaining('R28') }] })
    expect((await read((tx) => tx.settings.current('tilleuls')))?.version).toBe(1)
  })

  test('nor by taking back a version that was saved before (R28)', async () => {
    const rappel = await withTemplates({ 'change.sms.*.en': { body: 'Oncology {{ link }}' } })
    const clean = toDocument(clinicSettings())
    expect((await rappel.call('admin', 'PUT /api/v1/clinics/tilleuls/settings', clean, { 'if-match': '"1"' })).status).toBe(200)
    const back = await rappel.call('admin', 'POST /api/v1/clinics/tilleuls/settings/rollback', { version: 1 }, { 'if-match': '"2"' })
    expect(back.status).toBe(422)
  })

  test('of an administrator alone', async () => {
    const { response, said } = await put({ 'reminder.sms.*.fr': good }, 'appointments')
    expect([response.status, said.role]).toEqual([403, 'admin'])
  })
})
