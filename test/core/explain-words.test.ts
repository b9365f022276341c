import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import type { Appointment } from '../../src/core/appointment.ts'
import { gateWords, reasonOfGate, titleOf, wordsForSeen } from '../../src/core/explain/gate-words.ts'
import { causeOf, hasWords } from '../../src/core/explain/reason-words.ts'
import { explain } from '../../src/core/explain.ts'
import { evaluateGates } from '../../src/core/gates.ts'
import type { ChannelKind } from '../../src/core/patient.ts'
import { anyAppointment, anyNotification, anyPatient, anySettings, anyTold } from '../support/arbitraries.ts'
import { clinicSettings, start } from '../support/clinic.ts'
import { someInput } from '../support/decisions.ts'
import { anAppointment } from '../support/screens.ts'

/** String literals that may be the value of this expression. */
function literalsIn(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text]
  if (ts.isConditionalExpression(node)) return [...literalsIn(node.whenTrue), ...literalsIn(node.whenFalse)]
  return ts.isBinaryExpression(node) ? [...literalsIn(node.left), ...literalsIn(node.right)] : []
}

/** Of each property `reason` below it. */
function reasonsWithin(node: ts.Node): string[] {
  if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && node.name.text === 'reason') return literalsIn(node.initializer)
  const found: string[] = []
  ts.forEachChild(node, (child) => void found.push(...reasonsWithin(child)))
  return found
}

interface Written {
  /** `[gate, reason]` of each call `no(…, gate, saw, reason)`, and of each objection of `judge(…, gate, saw, [{ reason }])`. */
  readonly gates: readonly (readonly [string, string])[]
  /** Of each property `reason`. */
  readonly reasons: readonly string[]
}

/** The reasons a file gives, read from its text: whoever writes a new one need not think of this test. */
function reasonsIn(path: string): Written {
  const gates: [string, string][] = []
  const reasons: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'no') {
      const [, name, , reason] = node.arguments
      for (const code of reason ? literalsIn(reason) : []) gates.push([name && ts.isStringLiteralLike(name) ? name.text : '?', code])
    }
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'judge') {
      const [, name, , objections] = node.arguments
      if (objections && name && ts.isStringLiteralLike(name)) for (const code of reasonsWithin(objections)) gates.push([name.text, code])
    }
    if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && node.name.text === 'reason')
      reasons.push(...literalsIn(node.initializer))
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest))
  return { gates, reasons }
}

const sources = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))

const about = { kind: 'reminder', channel: 'sms', appointment: anAppointment(), settings: clinicSettings() } as const

describe('no reason without words', () => {
  const gates = sources('src/core').flatMap((path) => reasonsIn(path).gates)
  // what withholds, advances or plans a notification; answers and write-backs have reasons of their own
  const places = /core\/(plan|progress|decide|owed|patient)\.ts$|server\/sending\/(dispatch|outcome|intent)\.ts$|channels\/[^/]+\.ts$/
  const others = [
    ...new Set(
      sources('src')
        .filter((path) => places.test(path))
        .flatMap((path) => reasonsIn(path).reasons)
        .filter((reason) => reason !== ''),
    ),
  ]

  it('the source is read: many reasons are found', () => {
    expect(gates.length).toBeGreaterThan(20)
    expect(others).toEqual(expect.arrayContaining(['superseded', 'crashed', 'no_channel', 'landline_only', 'twilio_unreadable']))
  })

  it.each(gates)('gate %s: %s', (name, reason) => {
    const words = reasonOfGate({ gate: 0, name, verdict: 'no', saw: '', reason })
    expect(words?.because(about, '').fr).toBeTruthy()
    expect(words?.because(about, '').en).toBeTruthy()
    expect(gateWords[name]?.otherwise).toBeUndefined()
  })

  it.each(others)('%s', (reason) => {
    expect(hasWords(reason)).toBe(true)
    expect(causeOf(reason, [], about).because.fr).not.toContain('sa raison est')
  })

  it('every gate has a title and words for what it sees, whatever it is asked', () => {
    fc.assert(
      fc.property(someInput, (input) => {
        for (const gate of evaluateGates(input)) {
          expect(titleOf(gate, input).fr).not.toBe(gate.name)
          if (gate.verdict === 'yes') expect([gate.name, gate.saw, wordsForSeen(gate) !== undefined]).toEqual([gate.name, gate.saw, true])
          if (gate.reason !== undefined)
            expect([gate.name, gate.reason, reasonOfGate(gate) !== undefined]).toEqual([gate.name, gate.reason, true])
        }
      }),
      { numRuns: 1_500 },
    )
  })
})

describe('no patient in any sentence', () => {
  it('neither name, birth date, contact, the EHR’s texts, nor an id', () => {
    const secrets = ['GIVENX', 'FAMILYX', '1948-02-29', 'CONTACTX', 'TEXTX', 'PERSONX', 'URLX']
    fc.assert(
      fc.property(
        anyNotification,
        anyAppointment,
        anyPatient,
        anySettings,
        fc.option(anyTold, { nil: undefined }),
        (each, appointment, patient, settings, told) => {
          const marked: Appointment = {
            ...appointment,
            agenda: { key: 'KEY', text: 'TEXTX' },
            motif: { key: 'KEY', text: 'TEXTX' },
            statusRaw: 'TEXTX',
            practitioner: { name: 'PERSONX' },
            joinUrl: 'URLX',
            patientId: 'PERSONX',
          }
          const explanation = explain(
            { ...each, patientId: 'PERSONX', ...(each.state === 'merged_into' && { reason: 'PERSONX' }) },
            {
              appointment: marked,
              patient: {
                ...patient,
                id: 'PERSONX',
                givenName: 'GIVENX',
                familyName: 'FAMILYX',
                birthDate: '1948-02-29',
                contacts: [
                  { kind: 'phone', value: 'CONTACTX', mobile: 'yes' },
                  { kind: 'email', value: 'CONTACTX' },
                ],
              },
              settings,
              ...(told && { told }),
              optedOut: new Set<ChannelKind>(['sms']),
              channels: new Set<ChannelKind>(['email', 'sms']),
              now: start,
            },
          )
          const { sentence, wouldNeed, gates } = explanation
          const words = JSON.stringify([sentence, wouldNeed, gates.map(({ title, said }) => [title, said])])
          for (const secret of secrets) expect(words).not.toContain(secret)
        },
      ),
      { numRuns: 500 },
    )
  })
})
