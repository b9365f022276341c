import { describe, expect, test } from 'vitest'
import { readClinic } from '../../../src/server/config/clinic-document.ts'
import { parseConfig } from '../../../src/server/config/config.ts'
import { inlineQuestionnaires } from '../../../src/server/config/questionnaires.ts'

const visit = { resourceType: 'Questionnaire', item: [{ linkId: 'a', type: 'boolean', text: 'Première visite ?' }] }

function read(clinic: object) {
  return readClinic(JSON.stringify({ id: 'tilleuls', name: 'Tilleuls', zone: 'America/Toronto', ...clinic }), 'json', 'tilleuls', false)
}

const asking = (questionnaire: string) => ({ motifs: { CONSULT: { type: 'onsite', questionnaire } } })

describe('O16: a clinic’s questionnaires', () => {
  test('are kept as the JSON they are', () => {
    const result = read({ questionnaires: { visite: { fhir: visit } }, ...asking('Questionnaire/visite') })
    expect(result).toMatchObject({ ok: true, settings: { questionnaires: { visite: JSON.stringify(visit) } } })
  })

  test.each<[string, object, string, string]>([
    ['an id nobody gave', asking('Questionnaire/autre'), 'motifs.CONSULT.questionnaire', 'no questionnaire of this clinic is called autre'],
    ['plain http', asking('http://formulaires.example'), 'motifs.CONSULT.questionnaire', 'begins with https://'],
    ['a script', asking('javascript:alert(1)'), 'motifs.CONSULT.questionnaire', 'begins with https://'],
    [
      'one that cannot be asked',
      { questionnaires: { visite: { fhir: { ...visit, item: [{ linkId: 'photo', type: 'attachment', text: 'Photo' }] } } } },
      'questionnaires.visite',
      'photo: type attachment cannot be asked',
    ],
    ['a file, by the API', { questionnaires: { visite: { file: '/etc/passwd' } } }, 'questionnaires.visite', ''],
  ])('%s is refused where it stands', (_, clinic, path, message) => {
    const result = read(clinic)
    if (result.ok) throw new Error('was taken')
    expect(result.faults.map(({ path: at, message: said }) => `${at.join('.')}: ${said}`).join('\n')).toContain(path)
    expect(result.faults.map(({ message: said }) => said).join('\n')).toContain(message)
  })

  test.each<[string, Record<string, string>, readonly string[]]>([
    ['what it holds', { 'visite.json': JSON.stringify(visit) }, []],
    ['no such file', {}, ['clinics.0.questionnaires.visite.file']],
    ['no JSON in it', { 'visite.json': 'FHIR' }, ['clinics.0.questionnaires.visite.file']],
  ])('a file in the configuration is read: %s', (_, files, faults) => {
    const raw = { clinics: [{ questionnaires: { visite: { file: 'visite.json' } } }] }
    const readFile = (path: string) => {
      const text = files[path]
      if (text === undefined) throw new Error('ENOENT')
      return text
    }
    expect(inlineQuestionnaires(raw, { env: {}, readFile }).map(({ path }) => path.join('.'))).toEqual(faults)
    expect(raw.clinics[0]?.questionnaires.visite).toEqual({ fhir: faults.length === 0 ? visit : {} })
  })

  test('a file that is not there is one of the faults that end the start', () => {
    const text = 'clinics: [{ id: a, name: A, zone: America/Toronto, questionnaires: { visite: { file: nowhere.json } } }]'
    const result = parseConfig(text, {
      env: {},
      readFile: () => {
        throw new Error('ENOENT')
      },
    })
    if (result.ok) throw new Error('was taken')
    expect(result.faults.map(({ path }) => path)).toContain('clinics.0.questionnaires.visite.file')
  })
})
