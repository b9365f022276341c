import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { readMessage } from '../../../src/connectors/hl7v2/reader.ts'
import { readTelecom } from '../../../src/connectors/hl7v2/telecom.ts'
import { hl7 } from './support/siu-text.ts'

const message = readMessage(hl7('MSH|^~\\&|EHR'))
if (!message) throw new Error('no message')
const junkNumbers = new Set(['5145551234'])
const receivedAt = Temporal.Instant.from('2026-03-01T11:00:05Z')

type Region = 'FR' | 'CA' | 'GB'
const phone = (value: string, mobile: string, use: string) => ({ kind: 'phone', value, mobile, use })

describe('one telephone or address of a patient (V2-TEL-1)', () => {
  it.each<[string, string, Region, object | undefined]>([
    ['a French mobile, typed as text', '06 12 34 56 78', 'FR', phone('+33612345678', 'yes', 'mobile')],
    ['a French landline', '01 23 45 67 89^PRN^PH', 'FR', phone('+33123456789', 'no', 'home')],
    ['Quebec: a number does not tell', '(418) 555-0140^PRN^PH', 'CA', phone('+14185550140', 'unknown', 'home')],
    ['Quebec: declared a cell phone', '(418) 555-0140^PRN^CP', 'CA', phone('+14185550140', 'yes', 'mobile')],
    ['codes in each other’s place', '(418) 555-0140^CP^PRN', 'CA', phone('+14185550140', 'yes', 'mobile')],
    ['a personal number', '(418) 555-0140^PRS', 'CA', phone('+14185550140', 'yes', 'mobile')],
    ['a cell phone of the office stays there', '(418) 555-0140^WPN^CP', 'CA', phone('+14185550140', 'yes', 'work')],
    ['a holiday house', '01 23 45 67 89^VHN', 'FR', phone('+33123456789', 'no', 'temp')],
    ['a number in pieces', '^PRN^PH^^1^418^5550140', 'CA', phone('+14185550140', 'unknown', 'home')],
    ['a number in pieces, with a country code', '^PRN^PH^^33^6^12345678', 'CA', phone('+33612345678', 'yes', 'mobile')],
    ['unformatted (v2.7)', '^PRN^PH^^^^^^^^^0612345678', 'FR', phone('+33612345678', 'yes', 'mobile')],
    ['a number where the address belongs (UK)', '^MOBILE^^07400123456', 'GB', phone('+447400123456', 'yes', 'mobile')],
    ['an extension takes no SMS', '(418) 555-0140 x12', 'CA', phone('+14185550140', 'no', 'home')],
    ['an extension of its own', '(418) 555-0140^PRN^PH^^^^^12', 'CA', phone('+14185550140', 'no', 'home')],
    ['no number there', '12345', 'CA', { kind: 'phone', mobile: 'unknown', use: 'home' }],
    ['expired', '0612345678^PRN^CP^^^^^^^^^^20200101^20210101', 'FR', phone('+33612345678', 'yes', 'old')],
    ['ranked', '0612345678^PRN^CP^^^^^^^^^^^^^^^2', 'FR', { ...phone('+33612345678', 'yes', 'mobile'), rank: 2 }],
    [
      'an e-mail in its place',
      '^NET^Internet^Jeanne.Roy@Example.org',
      'CA',
      { kind: 'email', value: 'jeanne.roy@example.org', use: 'home' },
    ],
    ['an e-mail as text', 'jeanne@example.org^NET^X.400', 'CA', { kind: 'email', value: 'jeanne@example.org', use: 'home' }],
    ['not quite an e-mail', 'jeanne@@example', 'CA', { kind: 'email', use: 'home' }],
    ['a fax', '0123456789^WPN^FX', 'FR', undefined],
    ['a pager', '0123456789^BPN', 'FR', undefined],
    ['nines to fill the field', '9999999999^PRN^PH', 'CA', undefined],
    ['a number the site fills fields with', '(514) 555-1234^PRN^PH', 'CA', undefined],
    ['a word', 'REFUSED^PRN^PH', 'CA', undefined],
    ['as version 2.1 wrote it', '(418)555-0140X12B7C call after 5', 'CA', phone('+14185550140', 'no', 'home')],
    ['as version 2.1 wrote it, a beeper behind it', '(418)555-0140B7', 'CA', phone('+14185550140', 'unknown', 'home')],
    ['whose it is, behind it', '06 12 34 56 78 (maman)', 'FR', phone('+33612345678', 'yes', 'mobile')],
    ['two numbers: the first', '0612345678 / 0145678901', 'FR', phone('+33612345678', 'yes', 'mobile')],
    ['nothing', '^PRN^PH', 'CA', undefined],
  ])('%s', (_, repetition, region, contact) => {
    const telecom = readTelecom(message, repetition, { region, receivedAt, junkNumbers, use: 'home' })
    expect(telecom.kind === 'contact' ? telecom.contact : undefined).toEqual(contact)
  })

  it('counts an e-mail field without an e-mail', () => {
    expect(readTelecom(message, '5145550100^NET^Internet', { region: 'CA', receivedAt, junkNumbers })).toEqual({
      kind: 'none',
      warning: 'W-EMAIL-EMPTY',
    })
  })
})
