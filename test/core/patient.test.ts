import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ContactPoint } from '../../src/core/patient.ts'
import { contactFor } from '../../src/core/patient.ts'
import { email, landline, mobile } from '../support/clinic.ts'
import { anAppointment, aPatient } from '../support/screens.ts'

const visit = anAppointment()

const withContacts = (contacts: readonly ContactPoint[]) => ({ ...aPatient, contacts })
const unknown: ContactPoint = { kind: 'phone', value: '+14185550111', mobile: 'unknown' }
const second: ContactPoint = { kind: 'phone', value: '+14185550122', mobile: 'yes' }
const unreadable: ContactPoint = { kind: 'phone', mobile: 'unknown' }
const work: ContactPoint = { kind: 'email', value: 'work@example.org', use: 'work' }

describe('D26: SMS needs a mobile', () => {
  it.each([
    ['a mobile', [mobile], mobile.value],
    ['nothing', [], 'no_mobile'],
    ['only an e-mail', [email], 'no_mobile'],
    ['only a landline', [landline], 'landline_only'],
    [
      'a landline first, then a mobile',
      [
        { ...landline, rank: 1 },
        { ...mobile, rank: 2 },
      ],
      mobile.value,
    ],
    ['two mobiles: the first of the EHR', [mobile, second], mobile.value],
    [
      'two mobiles with ranks: the lower rank',
      [
        { ...mobile, rank: 2 },
        { ...second, rank: 1 },
      ],
      second.value,
    ],
    ['a rank comes before none', [mobile, { ...second, rank: 3 }], second.value],
    [
      'the mobile of the home before the one at work',
      [
        { ...mobile, use: 'work' },
        { ...second, use: 'home' },
      ],
      second.value,
    ],
    ['a mobile no longer used', [{ ...mobile, use: 'old' }], 'no_mobile'],
    ['a number that is none', [unreadable], 'invalid_contact'],
    ['a mobile that is none, and another', [{ kind: 'phone', mobile: 'yes', rank: 1 }, second], second.value],
    ['a number that does not tell (North America)', [unknown], unknown.value],
    [
      'the home’s number first, which does not tell, and a mobile',
      [
        { ...unknown, use: 'home', rank: 1 },
        { ...mobile, rank: 2 },
      ],
      mobile.value,
    ],
  ] satisfies [string, ContactPoint[], string | undefined][])('%s', (_name, contacts, expected) => {
    const choice = contactFor(withContacts(contacts), 'sms', { smsToUnknown: true }, visit)
    expect(choice.kind === 'found' ? choice.value : choice.reason).toBe(expected)
  })

  it('a number that does not tell gets no SMS where the clinic wants certainty', () => {
    expect(contactFor(withContacts([unknown]), 'sms', { smsToUnknown: false }, visit)).toEqual({ kind: 'missing', reason: 'landline_only' })
  })
})

describe('O1: e-mail goes to the primary address', () => {
  it.each([
    ['one address', [mobile, email], email.value],
    ['none', [mobile], 'no_primary_email'],
    [
      'the lower rank',
      [
        { ...email, rank: 2 },
        { ...work, rank: 1 },
      ],
      work.value,
    ],
    ['home before work', [work, { ...email, use: 'home' }], email.value],
    ['only one that is no longer used', [{ ...email, use: 'old' }], 'no_primary_email'],
    [
      'the primary is no address: no other is tried',
      [
        { kind: 'email', rank: 1 },
        { ...work, rank: 2 },
      ],
      'invalid_contact',
    ],
  ] satisfies [string, ContactPoint[], string | undefined][])('%s', (_name, contacts, expected) => {
    const choice = contactFor(withContacts(contacts), 'email', { smsToUnknown: true }, visit)
    expect(choice.kind === 'found' ? choice.value : choice.reason).toBe(expected)
  })
})

describe('D26: whatever the EHR holds', () => {
  const contact: fc.Arbitrary<ContactPoint> = fc.record(
    {
      kind: fc.constantFrom('phone' as const, 'email' as const),
      value: fc.constantFrom('a', 'b', 'c'),
      mobile: fc.constantFrom('yes' as const, 'no' as const, 'unknown' as const),
      use: fc.constantFrom('home' as const, 'work' as const, 'mobile' as const, 'temp' as const, 'old' as const),
      rank: fc.integer({ min: 1, max: 3 }),
    },
    { requiredKeys: ['kind'] },
  )

  it('what is chosen is on file, of the right kind and in use; an SMS never goes to a known landline, nor past a known mobile', () => {
    fc.assert(
      fc.property(fc.array(contact, { maxLength: 5 }), fc.boolean(), (contacts, smsToUnknown) => {
        const patient = withContacts(
          contacts.map((each, index) => (each.value === undefined ? each : { ...each, value: `${each.value}${index}` })),
        )
        const sms = contactFor(patient, 'sms', { smsToUnknown }, visit)
        const used = patient.contacts.filter(({ use }) => use !== 'old')
        const mobiles = used.filter((each) => each.kind === 'phone' && each.mobile === 'yes' && each.value !== undefined)
        if (sms.kind === 'found') {
          const chosen = used.find(({ value }) => value === sms.value)
          expect(chosen?.kind).toBe('phone')
          expect(mobiles.length > 0 ? ['yes'] : ['unknown']).toContain(chosen?.mobile)
        } else expect(mobiles).toEqual([])
        const mail = contactFor(patient, 'email', { smsToUnknown }, visit)
        if (mail.kind === 'found') expect(used.find(({ value }) => value === mail.value)?.kind).toBe('email')
        expect(contactFor(patient, 'push', { smsToUnknown }, visit).kind).toBe('missing')
      }),
      { numRuns: 1_000 },
    )
  })
})
