import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runCommand } from '../../support/commands.ts'

const lines = (...segments: string[]) => `${segments.join('\r')}\r`
const msh = (event: string, id: number) => `MSH|^~\\&|MEDIPLAN|TILLEULS|RAPPEL||202611201000${id}||SIU^${event}^SIU_S12|${id}|P|2.5.1`
const booked = (id: number, time: string, status = 'Booked') =>
  lines(
    msh(id === 10 ? 'S12' : 'S13', id),
    `SCH|5001||||||CONSULT^Consultation||20|min|^^20^${time}||||||||||||||${status}`,
    'PID|1||1001^^^^MR||Roy^Anne||||||||^PRN^CP^^^418^5550101~^NET^Internet^anne.roy@example.org',
    'RGS|1|A',
    `AIP|1||MOREAU^Moreau^Claire|||${time}`,
  )

const config = `server: { port: 0, publicUrl: http://127.0.0.1:8080 }
store: { path: FOLDER/rappel.db }
archive: { directory: FOLDER/archive }
clinics:
  - id: tilleuls
    name: Clinique des Tilleuls
    zone: America/Toronto
    communications: true
    agendas: { MOREAU: { label: Dre Claire Moreau } }
    motifs: { CONSULT: { type: onsite } }
email: { provider: smtp, host: 127.0.0.1, port: 9, from: { address: rdv@tilleuls.example } }
connectors:
  - { id: ehr, protocol: hl7v2, clinic: tilleuls, zone: America/Toronto, region: CA, mapping: { agenda: [AIP-3] } }
`

async function files(message: string) {
  const folder = await mkdtemp(join(tmpdir(), 'rappel-inspect-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const [hl7, yaml] = [join(folder, 'a.hl7'), join(folder, 'rappel.yaml')]
  await writeFile(hl7, message)
  await writeFile(yaml, config.replaceAll('FOLDER', folder))
  return { folder, hl7, yaml }
}

describe('rappel hl7 inspect', () => {
  test('names the fields, says the appointment and the decisions that would follow, and leaves nothing behind', async () => {
    const { folder, hl7, yaml } = await files(booked(10, '20261126094000'))
    const { status, out, error } = await runCommand(['hl7', 'inspect', hl7, '--config', yaml])
    expect([status, error]).toEqual([0, ''])
    expect(out).toContain('— 1 · SIU^S12 · 10\n')
    expect(out).toMatch(/ {2}SCH-7 +Appointment Reason +CONSULT\^Consultation\n/)
    expect(out).toMatch(/ {2}heure +jeudi 26 novembre à 9 h 40 \(heure de Toronto\)\n/)
    expect(out).toMatch(/ {2}patient +Anne Roy \(1001\)\n/)
    expect(out).toContain('- E-mail de confirmation du vendredi 20 novembre à 10 h : planifié')
    expect(out).toContain('- SMS de confirmation du vendredi 20 novembre à 10 h : en l’état, ne partira pas')
    expect((await readdir(folder)).sort()).toEqual(['a.hl7', 'rappel.yaml'])
  })

  test('a file of several is read in its order: the second is a move', async () => {
    const { hl7, yaml } = await files(booked(10, '20261126094000') + booked(11, '20261127110000'))
    const { out } = await runCommand(['hl7', 'inspect', hl7, '--config', yaml, '--lang', 'en', '--json'])
    const [first, second] = JSON.parse(out)
    expect(first.result.changes[0]).toMatchObject({ ehrId: '5001', time: { start: '2026-11-26T14:40:00Z' } })
    expect(second.appointments[0]).toMatchObject({ appointment: { id: 'ehr:5001', start: '2026-11-27T16:00:00Z' } })
    expect(second.appointments[0].heard).toHaveLength(2)
  })

  test('a warning is explained', async () => {
    const { hl7, yaml } = await files(booked(10, '20261126094000', 'Zugesagt'))
    const { out } = await runCommand(['hl7', 'inspect', hl7, '--config', yaml])
    expect(out).toMatch(/ {2}W-STATUS-UNKNOWN +un mot de statut sans signification/)
  })

  test('what cannot be read says where, and is status 1', async () => {
    const { hl7, yaml } = await files(lines(msh('S12', 10), 'PID|1||1001'))
    const { status, out } = await runCommand(['hl7', 'inspect', hl7, '--config', yaml, '--lang', 'en'])
    expect(status).toBe(1)
    expect(out).toContain('Cannot be read, would go to quarantine: SCH no SCH segment (content 100)')
  })

  test('without a configuration it reads by the standard, and says that it decides nothing', async () => {
    const { hl7 } = await files(booked(10, '20261126094000'))
    const { status, out, error } = await runCommand(['hl7', 'inspect', hl7])
    expect([status, error]).toEqual([0, 'no configuration: read by the defaults of the standard, in UTC; nothing is decided\n'])
    expect(out).toMatch(/ {2}time +Thursday 26 November at 9:40 am \(UTC\)\n/)
  })

  test('an escape sequence for the terminal is not passed on', async () => {
    const { hl7 } = await files(booked(10, '20261126094000').replace('Moreau^', '\x1b[2JMoreau^'))
    expect((await runCommand(['hl7', 'inspect', hl7])).out).not.toContain('\x1b')
  })

  test.each([
    ['a file that is not there', ['none.hl7'], 'none.hl7: no such file'],
    ['no file at all', [], 'usage: rappel hl7 inspect'],
    ['too many to show', ['a.hl7', '--first', '5000'], '--first is 1 to 1000'],
    ['a language nobody speaks here', ['a.hl7', '--lang', 'de'], '--lang is fr or en'],
  ])('refuses %s, and says how', async (_, args, said) => {
    const { status, error } = await runCommand(['hl7', 'inspect', ...args])
    expect(status).toBe(2)
    expect(error).toContain(said)
  })

  test('a connector that is not configured is answered with those that are', async () => {
    const { hl7, yaml } = await files(booked(10, '20261126094000'))
    const { status, error } = await runCommand(['hl7', 'inspect', hl7, '--config', yaml, '--connector', 'her'])
    expect([status, error]).toEqual([2, 'no HL7 v2 connector her is configured; there is ehr'])
  })
})
