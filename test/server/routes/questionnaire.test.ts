import { describe, expect, test } from 'vitest'
import { createForgetting } from '../../../src/server/questionnaire/handed-in.ts'
import { bookedChange, clinicSettings, email, mobile, motifSettings, start } from '../../support/clinic.ts'
import { fakeConnector } from '../../support/fakes.ts'
import { openRappel } from '../../support/rappel.ts'

const fhir = {
  resourceType: 'Questionnaire',
  url: 'https://tilleuls.example/q/visite',
  version: '2',
  title: 'Avant votre visite',
  _title: { extension: [translation('en', 'Before your visit')] },
  item: [
    {
      linkId: 'sante',
      type: 'group',
      text: 'Votre santé',
      item: [
        { linkId: 'allergie', type: 'boolean', text: 'Avez-vous une allergie ?', required: true },
        {
          linkId: 'laquelle',
          type: 'string',
          text: 'Laquelle ?',
          required: true,
          enableWhen: [{ question: 'allergie', operator: '=', answerBoolean: true }],
        },
      ],
    },
    {
      linkId: 'besoins',
      type: 'group',
      text: 'Sur place',
      item: [
        {
          linkId: 'acces',
          type: 'choice',
          repeats: true,
          text: 'De quoi aurez-vous besoin ?',
          answerOption: [
            { valueCoding: { code: 'plat', system: 'urn:besoins', display: 'Un accès sans marche' } },
            { valueCoding: { code: 'lsq', system: 'urn:besoins', display: 'Un interprète' } },
          ],
        },
        { linkId: 'poids', type: 'decimal', text: 'Votre poids en kg' },
      ],
    },
  ],
}

function translation(lang: string, content: string) {
  const url = 'http://hl7.org/fhir/StructureDefinition/translation'
  return {
    url,
    extension: [
      { url: 'lang', valueCode: lang },
      { url: 'content', valueString: content },
    ],
  }
}

const settings = clinicSettings({
  motifs: { CONSULT: motifSettings({ questionnaire: 'Questionnaire/visite' }) },
  questionnaires: { visite: JSON.stringify(fhir) },
})

const born = { day: '29', month: '2', year: '1948' }

/** A patient born on 29 February 1948 who was told of an appointment of tomorrow. */
async function told(options: { readonly writes?: readonly ('confirm' | 'answers')[]; readonly birthDate?: string | null } = {}) {
  const { writes = ['confirm', 'answers'], birthDate = '1948-02-29' } = options
  const rappel = await openRappel({ now: '2026-11-25T13:00:00Z', settings, connectors: [fakeConnector('tilleuls', { writes })] })
  const patient = { ehrId: 'P1', name: { given: 'Anne', family: 'Roy' }, language: 'fr', contacts: [mobile, email], birthDate }
  await rappel.hear(bookedChange({ patient }))
  await rappel.send()
  const token = rappel.lastToken()
  const post = async (fields: Readonly<Record<string, string>>) => {
    const response = await rappel.post(`/${token}/questionnaire`, fields)
    const html = await response.text()
    return {
      status: response.status,
      html,
      pass: /name="pass" value="([^"]+)"/.exec(html)?.[1] ?? '',
      h1: /<h1[^>]*>([^<]*)/.exec(html)?.[1],
    }
  }
  const open = async () => (await post(born)).pass
  const states = async () => (await rappel.answers()).map(({ kind, state }) => `${kind} ${state}`)
  return { ...rappel, token, post, open, states }
}

describe('the questionnaire before a visit (O16)', () => {
  test('is filled in page by page, read again, handed in, and brought to the EHR', async () => {
    const { post, open, states, bring, ehr, woken } = await told()
    const pass = await open()
    const first = await post({ pass, at: '0', go: 'next', 'q.allergie': 'yes' })
    expect(first.status).toBe(200)
    expect(first.html).toContain('Laquelle')
    expect((await post({ pass, at: '0', go: 'next', 'q.allergie': 'yes', 'q.laquelle': 'arachides' })).html).toContain(
      'Un accès sans marche',
    )
    const review = await post({ pass, at: '1', go: 'next', 'q.acces': '=urn:besoins|lsq', 'q.poids': '61,5' })
    expect(review.h1).toBe('Relisez vos réponses')
    for (const said of ['arachides', 'Un interprète', '61,5']) expect(review.html).toContain(said)
    const sent = await post({ pass, at: '2', go: 'submit' })
    expect(sent.h1).toBe('Vos réponses sont envoyées')
    expect(sent.html).toContain('Nous les transmettons')
    expect(woken).toContain('answered')
    expect(await states()).toEqual(['answers queued'])
    ehr.outcomes.push({ kind: 'applied', verified: true })
    await bring()
    expect(await states()).toEqual(['answers verified'])
    expect(ehr.written[0]?.answers).toEqual({
      reference: 'Questionnaire/visite',
      canonical: 'https://tilleuls.example/q/visite|2',
      title: 'Avant votre visite',
      items: [
        {
          linkId: 'sante',
          text: 'Votre santé',
          values: [],
          items: [
            { linkId: 'allergie', text: 'Avez-vous une allergie ?', values: [{ kind: 'yes-no', yes: true }], items: [] },
            { linkId: 'laquelle', text: 'Laquelle ?', values: [{ kind: 'text', text: 'arachides' }], items: [] },
          ],
        },
        {
          linkId: 'besoins',
          text: 'Sur place',
          values: [],
          items: [
            {
              linkId: 'acces',
              text: 'De quoi aurez-vous besoin ?',
              values: [{ kind: 'choice', coding: { code: 'lsq', system: 'urn:besoins', display: 'Un interprète' } }],
              items: [],
            },
            { linkId: 'poids', text: 'Votre poids en kg', values: [{ kind: 'decimal', number: 61.5 }], items: [] },
          ],
        },
      ],
    })
    expect((await post({ pass })).html).toContain('La clinique les a reçues')
  })

  test('says what is missing, at the top and at the field, and keeps what was typed', async () => {
    const { post, open } = await told()
    const pass = await open()
    const nothing = await post({ pass, at: '0', go: 'next' })
    expect(nothing.status).toBe(422)
    expect(nothing.html).toContain('<title>Erreur')
    expect(nothing.html).toContain('Choisissez une réponse')
    await post({ pass, at: '0', go: 'next', 'q.allergie': 'no' })
    const wrong = await post({ pass, at: '1', go: 'next', 'q.poids': 'léger' })
    expect(wrong.status).toBe(422)
    expect(wrong.html).toContain('value="léger"')
  })

  test('is handed in whole or not at all', async () => {
    const { post, open, states } = await told()
    const pass = await open()
    expect((await post({ pass, at: '2', go: 'submit' })).status).toBe(422)
    expect(await states()).toEqual([])
  })

  test('handed in twice is one; changed, the last one counts (WB-2)', async () => {
    const { post, open, states, bring, ehr, clock } = await told()
    const pass = await open()
    await post({ pass, at: '0', go: 'next', 'q.allergie': 'no' })
    await Promise.all([1, 2, 3].map(() => post({ pass, at: '2', go: 'submit' })))
    expect(await states()).toEqual(['answers queued'])
    clock.advance('PT1M')
    await post({ pass, at: '0', go: 'next', 'q.allergie': 'yes', 'q.laquelle': 'pollen' })
    await post({ pass, at: '2', go: 'submit' })
    expect((await states()).sort()).toEqual(['answers queued', 'answers withdrawn'])
    await bring()
    expect(ehr.written).toHaveLength(1)
    expect(JSON.stringify(ehr.written[0]?.answers)).toContain('pollen')
  })

  test('a hidden answer is kept for its return, and never handed on', async () => {
    const { post, open, bring, ehr } = await told()
    const pass = await open()
    await post({ pass, at: '0', go: 'next', 'q.allergie': 'yes', 'q.laquelle': 'pollen' })
    const page = await post({ pass, at: '0', go: 'next', 'q.allergie': 'no', 'q.laquelle': 'pollen' })
    expect(page.status).toBe(200)
    await post({ pass, at: '2', go: 'submit' })
    await bring()
    expect(JSON.stringify(ehr.written[0]?.answers)).not.toContain('pollen')
  })

  test('what is typed waits for the patient, on another telephone and in the other language', async () => {
    const { post, open } = await told()
    await post({ pass: await open(), at: '0', go: 'back', 'q.allergie': 'yes', 'q.laquelle': 'pollen' })
    const again = await post({ ...born, lang: 'en' })
    expect(again.html).toContain('value="pollen"')
    expect(again.h1).toBe('Before your visit')
    expect(again.html).toContain('Continue')
  })

  test('the page of the appointment asks for it until it is handed in (O15)', async () => {
    const { post, open, get, token } = await told()
    const page = async () => (await get(`/${token}`)).text()
    expect(await page()).toContain(`href="${token}/questionnaire?lang=fr"`)
    const pass = await open()
    await post({ pass, at: '0', go: 'next', 'q.allergie': 'no' })
    expect(await page()).toContain('Remplir le questionnaire')
    await post({ pass, at: '2', go: 'submit' })
    expect(await page()).not.toContain('Remplir le questionnaire')
  })

  test('what was typed is forgotten a week after the chart had it, and only then', async () => {
    const { post, open, bring, ehr, store, clock } = await told()
    const pass = await open()
    await post({ pass, at: '0', go: 'next', 'q.allergie': 'no' })
    await post({ pass, at: '2', go: 'submit' })
    const forgetting = createForgetting({ store, clock })
    const kept = async () => (await store.read((tx) => tx.questionnaireDrafts.find('tilleuls:A1'))) !== undefined
    ehr.outcomes.push({ kind: 'deferred', reason: 'HTTP 503' }, { kind: 'applied', verified: true })
    await bring()
    clock.set(start.add({ hours: 24 * 31 }).toString())
    await forgetting.step(new AbortController().signal)
    expect(await kept()).toBe(true)
    await bring()
    clock.advance({ hours: 24 * 7 })
    await forgetting.step(new AbortController().signal)
    expect(await kept()).toBe(false)
  })

  test('an answer moves with its appointment: it is of the patient, not of the hour', async () => {
    const { post, open, hear, bring, states } = await told()
    const pass = await open()
    await post({ pass, at: '0', go: 'next', 'q.allergie': 'no' })
    await post({ pass, at: '2', go: 'submit' })
    await hear(bookedChange({ time: { start: start.add({ hours: 3 }) } }, 5))
    await bring()
    expect(await states()).toEqual(['answers acknowledged'])
  })
})

describe('nobody reads or writes answers without the birth date (R26)', () => {
  test('a GET shows no question and changes nothing', async () => {
    const { app, token, dump } = await told()
    const before = await dump()
    const response = await app.request(`/${token}/questionnaire`)
    const html = await response.text()
    expect(response.status).toBe(200)
    expect(html).toContain('Date de naissance')
    expect(html).not.toContain('allergie')
    expect(await dump()).toBe(before)
  })

  test.each<[string, Record<string, string>]>([
    ['no birth date', { at: '0', go: 'next', 'q.allergie': 'yes' }],
    ['a wrong one', { ...born, day: '28', 'q.allergie': 'yes', at: '0', go: 'next' }],
    ['a pass of nobody’s', { pass: 'A'.repeat(22), 'q.allergie': 'yes', at: '0', go: 'next' }],
  ])('%s: nothing is kept, nothing is shown, and what was typed is carried through the question', async (_, fields) => {
    const { post, store } = await told()
    const { status, html } = await post(fields)
    expect(status).toBe(422)
    expect(html).not.toContain('Laquelle')
    expect(html).toContain('<input type="hidden" name="q.allergie" value="yes"/>')
    expect(await store.read((tx) => tx.questionnaireDrafts.find('tilleuls:A1'))).toBeUndefined()
  })

  test('after five wrong dates the right one is not taken either, in the same words, and is after an hour', async () => {
    const { post, clock } = await told()
    const wrong = []
    for (const day of ['1', '2', '3', '4', '5']) wrong.push((await post({ ...born, day })).html)
    expect((await post(born)).html).toBe(wrong[0])
    clock.advance('PT1H')
    expect((await post(born)).status).toBe(200)
  })

  test('a pass is good for half an hour', async () => {
    const { post, open, clock } = await told()
    const pass = await open()
    clock.advance('PT30M')
    expect((await post({ pass })).status).toBe(422)
  })

  test('no answer is in the log or in the ledger of write-backs', async () => {
    const { post, open, bring, ehr, lines, store } = await told()
    const pass = await open()
    await post({ pass, at: '0', go: 'next', 'q.allergie': 'yes', 'q.laquelle': 'canari-7319' })
    await post({ pass, at: '2', go: 'submit' })
    ehr.outcomes.push({ kind: 'refused', reason: 'HTTP 422 invalid' })
    await bring()
    expect(lines.join('\n')).not.toContain('canari-7319')
    const ledger = await store.read((tx) => tx.writeBacks.ofAppointment('tilleuls:A1'))
    expect(JSON.stringify(ledger)).not.toContain('canari-7319')
  })
})

describe('nothing is asked here', () => {
  test.each<[string, Parameters<typeof told>[0]]>([
    ['of an EHR that takes no answers (WB-6)', { writes: ['confirm'] }],
    ['of a patient whose birth date nobody knows', { birthDate: null }],
  ])('%s', async (_, options) => {
    const { app, token } = await told(options)
    const response = await app.request(`/${token}/questionnaire`)
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe(`../${token}`)
  })

  test('once the visit has begun', async () => {
    const { app, token, clock } = await told()
    clock.set(start.toString())
    expect((await app.request(`/${token}/questionnaire`)).status).not.toBe(200)
  })

  test('by a link that never was, in the words of every broken link', async () => {
    const { app } = await told()
    const unknown = 'A'.repeat(22)
    expect((await app.request(`/${unknown}/questionnaire`)).status).toBe(404)
    expect((await app.request(`/${unknown}/questionnaire`, { method: 'POST', body: '' })).status).toBe(404)
  })
})
