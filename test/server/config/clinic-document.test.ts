import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { diffSettings } from '../../../src/core/settings-diff.ts'
import { clinicSchema } from '../../../src/server/config/clinic.ts'
import type { ClinicDocument } from '../../../src/server/config/clinic-document.ts'
import { readClinic, toDocument, writeYaml } from '../../../src/server/config/clinic-document.ts'

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(
    '21:00',
    'no',
    'null',
    '~',
    '1e3',
    '0x1F',
    '- a',
    '# b',
    'a: b',
    '*x',
    '&y',
    '!!str',
    "l'été",
    '"',
    'a\nb',
    ' ',
    '\u2028',
    '<<',
  ),
)
const filled = fc.oneof(text, fc.constant('x')).filter((value) => value !== '')
const key = filled.filter((value) => value !== '__proto__')
const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,8}$/)
const zone = fc.constantFrom('America/Toronto', 'Europe/Paris')
const iso = fc.constantFrom('PT0S', 'PT10M', 'PT36H', 'PT1H30M', 'PT90M')
const time = fc.constantFrom('21:00', '08:00', '00:00', '13:30:15')
const switches = fc.oneof(fc.boolean(), fc.record({ confirmation: fc.boolean(), reminder: fc.boolean(), change: fc.boolean() }))
const channels = fc.constantFrom<('email' | 'sms')[]>(['email'], ['sms'], ['email', 'sms'])
const kind = fc.constantFrom('reminder' as const, 'previsit' as const)
const rows = <T>(of: fc.Arbitrary<string>, row: fc.Arbitrary<T>) => fc.dictionary(of, row, { maxKeys: 3, noNullPrototype: true })

const step = fc.oneof(
  fc.record(
    { kind, before: fc.constantFrom('PT36H', 'PT48H', 'PT90M'), channels, notAfter: fc.constant('PT1H') },
    { requiredKeys: ['before'] },
  ),
  fc.record({ kind, daysBefore: fc.nat(60), at: time, channels }, { requiredKeys: ['daysBefore', 'at'] }),
)
const nameOfStep = (row: { readonly before: string } | { readonly daysBefore: number; readonly at: string }) =>
  'before' in row ? row.before : `${row.daysBefore} ${row.at.slice(0, 5)}`

const bring = fc.record({ fr: filled, en: filled }, { requiredKeys: [] })

/** Whatever a person may write of a clinic. */
const askingOne = { resourceType: 'Questionnaire', status: 'active', item: [{ linkId: '1', type: 'boolean', text: 'Première visite ?' }] }

const anyDocument: fc.Arbitrary<ClinicDocument> = fc
  .record(
    {
      name: filled,
      phone: text,
      address: fc.array(text, { maxLength: 2 }),
      zone,
      language: fc.constantFrom('fr', 'en'),
      privacyContact: filled,
      push: fc.boolean(),
      communications: fc.boolean(),
      smsActivated: fc.boolean(),
      channelPolicy: fc.constantFrom('email_only', 'email_and_sms', 'sms_if_no_email', 'patient_preference'),
      smsToUnknown: fc.boolean(),
      cadence: fc.oneof(
        fc.constantFrom('ofys' as const, 'doctolib' as const),
        fc.uniqueArray(step, { maxLength: 3, selector: nameOfStep }),
      ),
      quietHours: fc.oneof(fc.constant('none' as const), fc.record({ from: time, until: time })),
      grace: iso,
      cancelUndo: iso,
      noShow: fc.oneof(fc.boolean(), fc.record({ at: time })),
      settingsEnabled: fc.boolean(),
      dailyCap: fc.integer({ min: 1, max: 1000 }),
      fuse: fc.record(
        { least: fc.integer({ min: 1, max: 99 }), factor: fc.double({ min: 1, max: 9, noNaN: true }), agendas: fc.nat(9) },
        { requiredKeys: [] },
      ),
      absence: fc.record({ least: fc.integer({ min: 2, max: 9 }), within: iso }, { requiredKeys: [] }),
      smsPrices: fc.array(fc.record({ from: fc.constant('2027-01-01'), perSegment: fc.nat(), currency: fc.constant('CAD') }), {
        maxLength: 2,
      }),
      smsBudget: fc.nat(),
      fallback: fc.record({ sms: fc.constant('email'), push: fc.constantFrom('email', 'sms') }, { requiredKeys: [] }),
      senders: fc.array(
        fc.record(
          { motif: text, professionalType: text, origin: fc.constantFrom('staff', 'kiosk'), sender: name },
          { requiredKeys: ['sender'] },
        ),
        { maxLength: 2 },
      ),
      consent: fc.constantFrom('implied', 'explicit'),
      sites: rows(
        name,
        fc.record(
          {
            name: filled,
            address: fc.array(text, { maxLength: 2 }),
            zone,
            communications: fc.boolean(),
            patientMayCancel: fc.boolean(),
            waitingRoom: text,
            bring,
          },
          { requiredKeys: ['name'] },
        ),
      ),
      agendas: rows(
        key,
        fc.record(
          { label: text, zone, professionalType: text, live: fc.boolean(), email: switches, sms: switches, push: switches },
          { requiredKeys: [] },
        ),
      ),
      motifs: rows(
        key,
        fc.record(
          {
            type: fc.constantFrom('none', 'onsite', 'home'),
            notify: fc.boolean(),
            listed: fc.boolean(),
            reminder: fc.boolean(),
            questionnaire: fc.constantFrom('https://formulaires.example/visite?a=1', 'HTTPS://x.example/'),
            label: text,
            specialty: text,
            category: text,
            bring,
          },
          { requiredKeys: ['type'] },
        ),
      ),
      patients: rows(key, fc.record({ notify: fc.boolean() })),
      questionnaires: rows(fc.constantFrom('visite', 'a-1.b'), fc.constant({ fhir: askingOne })),
      templates: rows(
        fc.constantFrom('reminder.email.onsite.fr', 'confirmation.email.*.en', 'change.push.unknown.fr'),
        fc.record({ subject: filled, body: filled }, { requiredKeys: ['body'] }),
      ),
    },
    { requiredKeys: ['name', 'zone'] },
  )
  .map((document) => ({ id: 'tilleuls', ...document }) as ClinicDocument)

describe('a clinic’s document', () => {
  test.each(['yaml', 'json'] as const)('written as %s and read again is the same settings, whatever they are', (form) => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const settings = clinicSchema.parse(document)
        const written = form === 'yaml' ? writeYaml({ ...settings, version: 3 }) : JSON.stringify(toDocument(settings))
        const again = readClinic(written, form, 'tilleuls', true)
        if (!again.ok) throw new Error(JSON.stringify(again.faults))
        expect(diffSettings(settings, again.settings)).toEqual([])
        expect(again.settings).toEqual(settings)
      }),
      { numRuns: 100 },
    )
  })

  test('is written as people write it', () => {
    const settings = clinicSchema.parse({
      id: 'tilleuls',
      name: 'Clinique des Tilleuls',
      zone: 'America/Toronto',
      cadence: [{ before: 'PT36H' }, { daysBefore: 1, at: '13:00', channels: ['sms'], kind: 'reminder' }],
      sites: { main: { name: 'Site principal' } },
      agendas: { MOREAU: { site: 'main', sms: false } },
    })
    expect(parse(writeYaml({ ...settings, version: 1 }))).toMatchObject({
      id: 'tilleuls',
      quietHours: { from: '21:00', until: '08:00' },
      cadence: [
        { kind: 'previsit', before: 'PT36H', channels: ['email', 'sms'], notAfter: 'PT1H' },
        { kind: 'reminder', daysBefore: 1, at: '13:00', channels: ['sms'], notAfter: 'PT1H' },
      ],
      agendas: { MOREAU: { site: 'main', live: true, sms: { confirmation: false, reminder: false, change: false } } },
      smsPrices: [{ from: '2000-01-01', perSegment: 500, currency: 'CAD' }],
    })
  })

  test('is refused with every fault at once, and says nothing of what it held', () => {
    const bomb = `a: &a [${'x,'.repeat(9)}]\nb: &b [${'*a,'.repeat(9)}]\nc: &c [${'*b,'.repeat(9)}]\nd: [${'*c,'.repeat(99)}]`
    const faults = (text: string, form: 'yaml' | 'json' = 'yaml', hasSms = true) => {
      const result = readClinic(text, form, 'tilleuls', hasSms)
      return result.ok ? [] : result.faults.map(({ path, message }) => `${path.join('.')}: ${message}`)
    }
    expect(faults('{ id: tilleuls, name: T, zone: Mars/Base, dailyCap: 0, typo: 1, agendas: { MOREAU: { site: gone } } }')).toEqual([
      expect.stringMatching(/^zone: not an IANA/),
      expect.stringMatching(/^dailyCap: /),
      expect.stringMatching(/^typo: there is no such setting/),
      'agendas.MOREAU.site: no site of this clinic is called gone',
    ])
    expect(faults('{ id: erables, name: T, zone: Europe/Paris }')).toEqual([
      'id: these are the settings of tilleuls: an id is never changed',
    ])
    expect(faults('{ id: tilleuls, name: T, zone: Europe/Paris, smsActivated: true }', 'yaml', false)).toEqual([
      expect.stringMatching(/^smsActivated: no provider carries texts/),
    ])
    expect(faults('Anne Roy: [')).toEqual([': not plain YAML'])
    expect(faults('{"Anne Roy', 'json')).toEqual([': not JSON'])
    expect(faults(bomb)).not.toEqual([])
    expect(faults('{ id: tilleuls, name: T, zone: Europe/Paris, templates: { reminder.sms.fr: { body: x } } }')).toEqual([
      expect.stringMatching(/^templates\.reminder\.sms\.fr: .*kind\.channel\.modality\.language/),
    ])
    expect(faults('{ id: tilleuls, name: T, zone: Europe/Paris, templates: { "reminder.sms.*.fr": { subject: x, body: x } } }')).toEqual([
      'templates.reminder.sms.*.fr.subject: a text message has no subject: remove it',
    ])
    for (const nothing of ['', 'null', '[]', '7']) expect(faults(nothing)).not.toEqual([])
    expect(faults('['.repeat(100_000))).toEqual([': not plain YAML'])
  })
})
