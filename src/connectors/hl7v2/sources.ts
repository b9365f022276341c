import { createHash } from 'node:crypto'
import type { PeerCertificate } from 'node:tls'
import type { Fault } from '../../core/envelope.ts'
import type { Header } from './header.ts'
import { headerValue } from './header.ts'
import type { SourceOptions } from './transport.ts'

/** One sending system of this connector. */
export interface Source {
  /** In the metrics: of the configuration, never of a message. */
  readonly name: string
  readonly application?: string
  readonly facility?: string
  readonly owns?: (certificate: PeerCertificate) => boolean
}

/** What the metrics call whoever the configuration does not name. */
export const UNLISTED = 'unlisted'

/** Undefined: anybody may send. Throws on a source that says nothing, since everybody would be it, and on a certificate nobody is asked for. */
export function readSources(options: readonly SourceOptions[] | undefined, asksForCertificates: boolean): readonly Source[] | undefined {
  return options?.map(({ name, application, facility, certificate }) => {
    if (application === undefined && facility === undefined && certificate === undefined) {
      throw new Error('a source needs an application, a facility or a certificate')
    }
    if (certificate !== undefined && !asksForCertificates) throw new Error('a source with a certificate needs listen.tls.ca')
    return {
      name: name ?? ([application, facility].filter((part) => part !== undefined).join('/') || 'certificate'),
      ...(application !== undefined && { application }),
      ...(facility !== undefined && { facility }),
      ...(certificate !== undefined && { owns: readCertificate(certificate) }),
    }
  })
}

/** A fingerprint is 64 hexadecimal digits; anything else is the common name of a subject. */
function readCertificate(wanted: string): (certificate: PeerCertificate) => boolean {
  const digits = wanted.replaceAll(':', '').toUpperCase()
  if (/^[0-9A-F]{64}$/.test(digits)) {
    return ({ raw }) => raw !== undefined && createHash('sha256').update(raw).digest('hex').toUpperCase() === digits
  }
  return ({ subject }) => subject?.CN === wanted
}

/** Those for whom this client may speak: the ones of its certificate, and the ones that name none. */
export function admit(sources: readonly Source[], certificate: PeerCertificate | undefined): readonly Source[] {
  return sources.filter(({ owns }) => !owns || (certificate !== undefined && owns(certificate)))
}

/** Whom a message names in MSH-3 and MSH-4. */
export function findSource(sources: readonly Source[], header: Header): Source | undefined {
  return sources.find(
    ({ application, facility }) =>
      (application === undefined || names(header, 3, application)) && (facility === undefined || names(header, 4, facility)),
  )
}

/** HD.1 or HD.2, in whatever charset: the header is bytes. */
function names(header: Header, field: number, wanted: string): boolean {
  return [1, 2].some((component) => {
    const value = headerValue(header, field, component)
    return value === wanted || Buffer.from(value, 'latin1').toString('utf8') === wanted
  })
}

/** Of a message from somebody the configuration does not name; what it says is not repeated. */
export const strangerFault: Fault = { kind: 'unsupported', code: '103', at: 'MSH-3', text: 'sender not known here' }
