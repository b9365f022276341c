const inside = [
  '127.0.0.1',
  '127.1.2.3',
  '10.0.0.1',
  '10.255.255.254',
  '172.16.0.1',
  '172.31.9.9',
  '192.168.0.1',
  '192.168.255.254',
  '100.64.0.1',
  '169.254.169.254',
  '169.254.0.1',
  '0.0.0.0',
  '0.1.2.3',
  '224.0.0.251',
  '240.0.0.1',
  '255.255.255.255',
  '198.18.0.1',
  '192.0.0.1',
]
const octets = (address: string) => address.split('.').map(Number)
const hex = (address: string) => {
  const [a = 0, b = 0, c = 0, d = 0] = octets(address)
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
}

/** The same IPv4 address, as IPv6 knows to carry it. */
const disguises: Readonly<Record<string, (address: string) => string>> = {
  'as it is': (address) => address,
  mapped: (address) => `::ffff:${address}`,
  'mapped in hexadecimal': (address) => `::ffff:${hex(address)}`,
  'mapped, written out': (address) => `0:0:0:0:0:ffff:${hex(address)}`,
  'of NAT64': (address) => `64:ff9b::${hex(address)}`,
  'of a local NAT64': (address) => `64:ff9b:1::${hex(address)}`,
  'of 6to4': (address) => `2002:${hex(address)}::1`,
  'of Teredo': (address) => `2001:0:${hex(address)}::1`,
  compatible: (address) => `::${hex(address)}`,
}

/** The same, as the host of an address may be spelt: the parser of URLs makes one of them all. */
const spellings: Readonly<Record<string, (address: string) => string>> = {
  'one number': (address) => String(octets(address).reduce((sum, part) => sum * 256 + part, 0)),
  hexadecimal: (address) =>
    `0x${octets(address)
      .map((part) => part.toString(16).padStart(2, '0'))
      .join('')}`,
  octal: (address) =>
    octets(address)
      .map((part) => `0${part.toString(8)}`)
      .join('.'),
}

const six = ['::1', '::', 'fe80::1', 'fec0::1', 'fc00::1', 'fd12:3456::1', 'ff02::1', 'fe80::ffff:10.0.0.1']

export const addresses = [
  ...Object.entries(disguises).flatMap(([how, write]) => inside.map((address) => [`${address} ${how}`, write(address)] as const)),
  ...six.map((address) => [address, address] as const),
]
/** Of an address of figures alone, as a URL may spell it. */
export const hosts = Object.entries(spellings).flatMap(([how, write]) =>
  inside.map((address) => [`${address} as ${how}`, new URL(`http://${write(address)}/`).hostname] as const),
)

export const base = 'https://ehr.example/fhir'
/** References that stand outside of that base, or climb out of it. */
export const outside = [
  ...inside.map((address) => `http://${address}/fhir/Patient/7`),
  ...inside.map((address) => `http://[::ffff:${address}]/fhir/Patient/7`),
  'https://ehr.example@evil.example/fhir/Patient/7',
  'https://ehr.example:444/fhir/Patient/7',
  'https://ehr.example.evil.example/fhir/Patient/7',
  'https://evil.example/https://ehr.example/fhir/Patient/7',
  'https://ehr.example/other/Patient/7',
  'https://ehr.example/fhir/../admin/Patient/7',
  'https://ehr.example/fhirx/Patient/7',
  'http://ehr.example/fhir/Patient/7',
  'file:///etc/passwd',
  'gopher://ehr.example/fhir/Patient/7',
  '//evil.example/Patient/7',
  '../../admin/Patient/7',
  'Patient/../../admin',
  'Patient/..',
  'Patient/7?x=http://evil.example',
  'https:\\\\evil.example\\Patient\\7',
]

/** This machine, in every spelling of it that a URL knows: whoever follows one arrives. */
export const spellingsOfThisMachine = [
  '127.0.0.1',
  'localhost',
  'LOCALHOST',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0177.0.0.1',
  '127.1',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '0.0.0.0',
  '0',
  'me:secret@127.0.0.1',
]
