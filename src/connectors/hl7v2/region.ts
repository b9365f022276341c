import type { CountryCode } from 'libphonenumber-js/max'
import { isSupportedCountry } from 'libphonenumber-js/max'

/** ISO 3166 alpha-3, as MSH-17 has it (HL7 table 0399), of the countries whose practices send SIU to us. */
const alpha3: Readonly<Record<string, CountryCode>> = {
  FRA: 'FR',
  GLP: 'GP',
  MTQ: 'MQ',
  GUF: 'GF',
  REU: 'RE',
  MYT: 'YT',
  CAN: 'CA',
  USA: 'US',
  BEL: 'BE',
  CHE: 'CH',
  LUX: 'LU',
  DEU: 'DE',
  AUT: 'AT',
  GBR: 'GB',
  IRL: 'IE',
  NLD: 'NL',
  ESP: 'ES',
  PRT: 'PT',
  ITA: 'IT',
  MAR: 'MA',
  DZA: 'DZ',
  TUN: 'TN',
}

/** The country whose dialling rules apply; undefined for a text that names none. */
export function readRegion(text: string | undefined): CountryCode | undefined {
  const name = text?.trim().toUpperCase() ?? ''
  if (name.length > 3) return undefined
  const region = alpha3[name] ?? name
  return isSupportedCountry(region) ? region : undefined
}
