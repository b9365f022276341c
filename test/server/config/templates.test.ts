import { expect, test } from 'vitest'
import { plugInFaults } from '../../../src/server/compose.ts'
import { parseConfig } from '../../../src/server/config/config.ts'

function faultsOf(templates: string): readonly string[] {
  const result = parseConfig(
    `
server: { port: 0, publicUrl: http://localhost:8080 }
store: { path: rappel.db }
archive: { directory: archive }
clinics: [{ id: c, name: C, zone: Europe/Paris, motifs: { K1: { type: onsite, specialty: Podologie } }, templates: ${templates} }]
connectors:
  - { id: ehr, protocol: hl7v2, clinic: c, zone: Europe/Paris, region: FR }
`,
    { env: {}, readFile: () => '' },
  )
  const faults = result.ok ? plugInFaults(result.config) : result.faults
  return faults.map(({ path, message }) => `${typeof path === 'string' ? path : path.join('.')}: ${message}`)
}

test.each([
  ['words that can be sent', '{ "reminder.sms.*.fr": { body: "RDV {{ when }} {{ link }} STOP" } }', []],
  ['a cell there is not', '{ reminder.fax: { body: x } }', ['clinics.0.templates.reminder.fax: as a name: kind.channel.modality.language']],
  [
    'a variable there is not',
    '{ "reminder.sms.*.fr": { body: "{{ lien }}" } }',
    ['clinics.0.templates.reminder.sms.*.fr.body: there is no variable lien'],
  ],
  [
    'the clinic’s own specialty (R28)',
    '{ "reminder.sms.*.fr": { body: "podologie {{ link }}" } }',
    ['clinics.0.templates.reminder.sms.*.fr.body: “Podologie” tells why'],
  ],
])('the configuration, before anything starts: %s', (_, templates, expected) => {
  const said = faultsOf(templates)
  expect(said.map((each, index) => each.slice(0, expected[index]?.length))).toEqual(expected)
})
