import { describe, expect, it } from 'vitest'
import { parseReference, pathBelow } from '../../../src/connectors/fhir/references.ts'

const base = 'https://ehr.example/fhir'

describe('a reference (FHIR-PAR-4)', () => {
  const local = { kind: 'local', type: 'Patient', id: '1' }
  const cases: [string, string, object][] = [
    ['relative', 'Patient/1', local],
    ['relative, of a version', 'Patient/1/_history/2', { ...local, version: '2' }],
    ['absolute, at our base', 'https://ehr.example/fhir/Patient/1', local],
    ['absolute, with the default port and another case', 'https://EHR.example:443/fhir/Patient/1', local],
    ['contained', '#p1', { kind: 'contained', id: 'p1' }],
    ['of the same Bundle', 'urn:uuid:6f1c', { kind: 'urn', urn: 'urn:uuid:6f1c' }],
    [
      'of another server',
      'https://other.example/fhir/Patient/1',
      { kind: 'foreign', type: 'Patient', url: 'https://other.example/fhir/Patient/1' },
    ],
    ['of the same host beside our base', 'https://ehr.example/fhir2/Patient/1', { kind: 'foreign', type: 'Patient' }],
    ['with credentials', 'https://me:pw@ehr.example/fhir/Patient/1', { kind: 'foreign' }],
    ['of the same host without TLS', 'http://ehr.example/fhir/Patient/1', { kind: 'foreign' }],
    ['climbing out', 'https://ehr.example/fhir/../admin/1', { kind: 'foreign' }],
    ['to a file', 'file:///etc/passwd', { kind: 'foreign' }],
    ['climbing out of itself', 'Patient/..', { kind: 'unusable' }],
    ['with an encoded climb', 'Patient/%2e%2e', { kind: 'unusable' }],
    ['without a scheme', '//other.example/Patient/1', { kind: 'unusable' }],
    ['a search', 'Patient?name=x', { kind: 'unusable' }],
    ['nothing', '', { kind: 'unusable' }],
  ]
  it.each(cases)('%s', (_name, reference, expected) => {
    expect(parseReference(reference, base)).toMatchObject(expected)
  })

  it('keeps a page link inside the base, query and all', () => {
    expect(pathBelow('https://ehr.example/fhir?_getpages=1', base)).toBe('?_getpages=1')
    expect(pathBelow('https://ehr.example/fhir/Appointment?_page=2', base)).toBe('Appointment?_page=2')
    expect(pathBelow('https://ehr.example.evil.example/fhir?_page=2', base)).toBeUndefined()
  })
})
