import { afterEach, describe, expect, it } from 'vitest'
import type { FhirWriteBack } from '../../../src/connectors/fhir/options.ts'
import type { AnswerSheet } from '../../../src/core/questionnaire/answer-sheet.ts'
import { type FhirServer, type FhirServerOptions, fhirServer } from './fhir-server.ts'
import { appointment, connect, patience, patient, practitioner, writeBack } from './fhir-story.ts'

const opened: FhirServer[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()))
})

async function open(options: FhirServerOptions = {}): Promise<FhirServer> {
  const server = await fhirServer(options)
  opened.push(server)
  for (const resource of [appointment(), patient, practitioner]) server.put(resource)
  return server
}

const answers: AnswerSheet = {
  reference: 'Questionnaire/visite',
  canonical: 'https://tilleuls.example/q/visite|2',
  title: 'Avant votre visite',
  items: [
    {
      linkId: 'sante',
      text: 'Votre santé',
      values: [],
      items: [
        {
          linkId: 'allergie',
          text: 'Une allergie ?',
          values: [{ kind: 'yes-no', yes: true }],
          items: [{ linkId: 'laquelle', text: 'Laquelle ?', values: [{ kind: 'text', text: 'arachides' }], items: [] }],
        },
        {
          linkId: 'poids',
          text: 'Poids',
          values: [{ kind: 'quantity', number: 61.5, unit: { code: 'kg', system: 'http://unitsofmeasure.org' } }],
          items: [],
        },
        { linkId: 'enfants', text: 'Enfants', values: [{ kind: 'integer', number: 2 }], items: [] },
        { linkId: 'temperature', text: 'Température', values: [{ kind: 'decimal', number: 37.2 }], items: [] },
        { linkId: 'operation', text: 'Opération', values: [{ kind: 'date', date: '2019-05-01' }], items: [] },
        {
          linkId: 'besoins',
          text: 'Besoins',
          values: [
            { kind: 'choice', coding: { code: 'lsq', system: 'urn:besoins', display: 'Interprète' } },
            { kind: 'text', text: 'mon chien' },
          ],
          items: [],
        },
      ],
    },
  ],
}

function bring(server: FhirServer, settings: FhirWriteBack = { answers: true }, sheet: AnswerSheet | undefined = answers) {
  const connector = connect(server.baseUrl, { writeBack: settings })
  return connector.write({ writeBack: writeBack({ kind: 'answers' }), ...(sheet && { answers: sheet }) }, patience)
}

const created = (server: FhirServer) => server.bodies.find((body) => JSON.stringify(body)?.includes('QuestionnaireResponse'))
const creations = (server: FhirServer) => server.requests.filter((request) => request.startsWith('POST'))

describe('answers to a questionnaire become a QuestionnaireResponse (O16)', () => {
  it('is created, read back, and of the patient who answered', async () => {
    const server = await open()
    expect(await bring(server)).toEqual({ kind: 'applied', verified: true })
    const resource = created(server)
    const { id, patientEhrId } = writeBack({ kind: 'answers' })
    expect(resource).toEqual({
      resourceType: 'QuestionnaireResponse',
      identifier: { system: 'urn:rappel:answer', value: id },
      questionnaire: 'https://tilleuls.example/q/visite|2',
      status: 'completed',
      subject: { reference: `Patient/${patientEhrId}` },
      authored: expect.stringMatching(/Z$/),
      source: { reference: `Patient/${patientEhrId}` },
      item: [
        {
          linkId: 'sante',
          text: 'Votre santé',
          item: [
            {
              linkId: 'allergie',
              text: 'Une allergie ?',
              answer: [{ valueBoolean: true, item: [{ linkId: 'laquelle', text: 'Laquelle ?', answer: [{ valueString: 'arachides' }] }] }],
            },
            {
              linkId: 'poids',
              text: 'Poids',
              answer: [{ valueQuantity: { value: 61.5, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' } }],
            },
            { linkId: 'enfants', text: 'Enfants', answer: [{ valueInteger: 2 }] },
            { linkId: 'temperature', text: 'Température', answer: [{ valueDecimal: 37.2 }] },
            { linkId: 'operation', text: 'Opération', answer: [{ valueDate: '2019-05-01' }] },
            {
              linkId: 'besoins',
              text: 'Besoins',
              answer: [{ valueCoding: { system: 'urn:besoins', code: 'lsq', display: 'Interprète' } }, { valueString: 'mon chien' }],
            },
          ],
        },
      ],
    })
  })

  it('brought twice is there once', async () => {
    const server = await open()
    await bring(server)
    expect(await bring(server)).toEqual({ kind: 'applied', verified: true })
    expect(creations(server)).toHaveLength(1)
  })

  it('in R5 the identifier is a list', async () => {
    const server = await open()
    expect(await bring(server, { answers: true, release: 'R5' })).toMatchObject({ kind: 'applied', verified: true })
    expect(created(server)).toMatchObject({ identifier: [{ system: 'urn:rappel:answer' }] })
  })

  it('other answers than were sent are not taken for them', async () => {
    const server = await open()
    const { id } = writeBack({ kind: 'answers' })
    server.put({ resourceType: 'QuestionnaireResponse', id: '1', identifier: { system: 'urn:rappel:answer', value: id }, item: [] })
    expect(await bring(server)).toEqual({ kind: 'applied', verified: false, reason: 'other answers were read back' })
  })

  it('without anything handed in is refused', async () => {
    const connector = connect((await open()).baseUrl, { writeBack: { answers: true } })
    expect(await connector.write({ writeBack: writeBack({ kind: 'answers' }) }, patience)).toMatchObject({ kind: 'refused' })
  })

  it('are offered only where the site said so', async () => {
    const server = await open()
    expect(connect(server.baseUrl, { writeBack: {} }).writes.has('answers')).toBe(false)
    expect(connect(server.baseUrl, { writeBack: { answers: true } }).writes.has('answers')).toBe(true)
    expect(await bring(server, {})).toMatchObject({ kind: 'refused' })
  })
})
