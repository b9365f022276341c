import { describe, expect, it, test, vi } from 'vitest'
import { bookedChange, start } from '../../../support/clinic.ts'
import { signedIn } from '../../../support/console.ts'
import { fakeConnector } from '../../../support/fakes.ts'
import { openRappel } from '../../../support/rappel.ts'
import { workbenchFor } from '../../../support/workbench.ts'

const page = '/console/connectors'
const integrator = signedIn('integrator')
const english = { ...integrator, 'accept-language': 'en' }

const said = async (answer: Response | Promise<Response>): Promise<string> =>
  (await (await answer).text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

const workbench = workbenchFor(`  - id: tilleuls
    protocol: hl7v2
    clinic: tilleuls
    zone: America/Toronto
    region: CA
    preset: quebec
    listen: { port: 6661 }
    mapping: { agenda: [AIP-3.1] }
    writeBack: { host: 127.0.0.1, port: 6662, confirm: [SRM^S03, SIU^S14] }
  - id: fhir
    protocol: fhir
    clinic: tilleuls
    zone: America/Toronto
    region: CA
    baseUrl: http://127.0.0.1:9/fhir
    hook: { secrets: [{ env: HOOK }] }
`)

const siu = (status = 'Booked') =>
  [
    'MSH|^~\\&|MEDIPLAN|TILLEULS|RAPPEL|TILLEULS|20261123141207||SIU^S12^SIU_S12|MP0048121|P|2.5.1',
    `SCH|RV-77120|RV-77120|||||CONSULT^Consultation|||20|min|^^20^20261126094000^20261126100000||||||||||||||${status}`.replace(
      '|||20',
      '||20',
    ),
    'PID|1||004417^^^MEDIPLAN^MR||Gagnon^Élise||19790412|F|||||^PRN^CP^^^418^5550177~^NET^Internet^elise.gagnon@example.org',
    'RGS|1|A',
    'AIP|1|U|moreau^Moreau^Claire',
  ].join('\r\n')

const open = () => openRappel({ workbench })

describe('the connectors', () => {
  it('are listed with their last message against its habit, their queue and their state', async () => {
    const { get, hear } = await open()
    expect(await said(get(page, integrator))).toContain('tilleuls HL7 v2 Rien reçu jamais')
    await hear(bookedChange())
    const shown = await said(get(page, integrator))
    expect(shown).toContain('En service')
    expect(shown).toMatch(/comme d’habitude Non numéroté Sans abonnement Sans relecture Rien en attente Sans certificat/)
    expect(await said(get(page, english))).toContain('Running')
  })

  it('of another clinic are as if they did not exist', async () => {
    const { get } = await open()
    const other = signedIn('integrator', 'erables')
    expect(await said(get(page, other))).toContain('Aucun connecteur de vos cliniques')
    expect((await get(`${page}/tilleuls`, other)).status).toBe(404)
  })

  it('one says where it listens, and by what the EHR is told, with what there is otherwise', async () => {
    const { get } = await open()
    const shown = await said(get(`${page}/tilleuls`, integrator))
    expect(shown).toContain('Écoute mllp://127.0.0.1:6661 (sans TLS) · Répond à mllp://127.0.0.1:6662 (sans TLS) · Préréglage quebec')
    expect(shown).toContain('Confirmer SRM^S03 SIU^S14, à écrire par le secrétariat (Réponses) Actif')
    expect(shown).toContain('Questionnaire Aucun à écrire par le secrétariat (Réponses) Non configuré')
  })

  it('readers see how it does, and no tester', async () => {
    const { get, app } = await open()
    const shown = await (await get(`${page}/tilleuls`, signedIn('reader'))).text()
    expect(shown).toContain('ouvert aux rôles intégration')
    expect(shown).not.toContain('textarea')
    const tried = await app.request(`${page}/tilleuls/try`, { method: 'POST', headers: signedIn('reader') })
    expect(tried.status).toBe(403)
  })
})

describe('the mapping tester', () => {
  const paste = async (fields: Record<string, string>, headers = integrator) => {
    const rappel = await open()
    const before = await rappel.dump()
    const answer = await rappel.post(
      `${page}/tilleuls/try`,
      { do: 'read', preset: 'quebec', mapping: 'agenda: [AIP-3.1]', ...fields },
      headers,
    )
    return { status: answer.status, shown: await said(answer), unchanged: (await rappel.dump()) === before, ...rappel }
  }

  it('shows the fields by their names, the appointment, and what would be decided; and keeps nothing', async () => {
    const { status, shown, unchanged, sms, email } = await paste({ message: siu() })
    expect(status).toBe(200)
    expect(shown).toContain('SCH-25 Filler Status Code Booked')
    expect(shown).toContain('heure jeudi 26 novembre à 9 h 40 (heure de Toronto)')
    expect(shown).toContain('agenda moreau')
    expect(shown).toContain('patient Élise Gagnon (004417)')
    expect(shown).toMatch(/Ce qui serait décidé .* SMS de confirmation/)
    expect(shown).toContain('C’est le mapping de la configuration.')
    expect([unchanged, sms.sent, email.sent]).toEqual([true, [], []])
  })

  it('reads by another preset and an edited mapping, and gives the lines to copy', async () => {
    const { shown } = await paste({
      message: siu('CNF?'),
      preset: 'epic',
      mapping: 'statusMap:\n  "CNF?": { status: booked, confirmation: confirmed }\n',
    })
    expect(shown).toContain('confirmation confirmed')
    expect(shown).toContain('preset: epic mapping: statusMap: CNF?: status: booked confirmation: confirmed')
    expect(shown).toContain('Sous ce connecteur, puis « rappel check » et un redémarrage'.replaceAll(' ', ' '))
  })

  test.each([
    ['a word it does not know', { message: siu('CNF?') }, 'W-STATUS-UNKNOWN un mot de statut sans signification', 200],
    [
      'what would go to quarantine',
      { message: 'MSH|^~\\&|A|B|C|D|20261123141207||SIU^S12|1|P|2.5.1\rPID|1||1' },
      'Ce message irait en quarantaine. L’endroit et la raison : SCH',
      200,
    ],
    ['nothing', { message: ' ' }, 'Collez un message avant de le faire lire.', 422],
    ['a mapping that is none', { message: siu(), mapping: 'agendas: [AIP-3]' }, 'agendas', 422],
    ['a path that is none', { message: siu(), mapping: 'agenda: [nowhere]' }, 'nowhere', 422],
    ['no YAML', { message: siu(), mapping: 'a: [' }, 'Mapping à essayer', 422],
  ])('says what is wrong with %s', async (_what, fields, words, status) => {
    const tried = await paste(fields)
    expect(tried.shown.replaceAll(/\s+/g, ' ')).toContain(words)
    expect([tried.status, tried.unchanged]).toEqual([status, true])
  })

  it('takes the last message that was received, and who looked is in the audit', async () => {
    const { post, hear, clock, read } = await open()
    clock.set('2026-11-25T15:00:00Z')
    await hear(bookedChange())
    const shown = await (await post(`${page}/tilleuls/try`, { do: 'latest' }, integrator)).text()
    expect(shown).toContain('tilleuls says 0</textarea>')
    expect(await read((tx) => tx.audit.latest(1))).toMatchObject([{ actor: 'token:integrator@tilleuls', action: 'envelope.read' }])
  })

  it('reads a FHIR appointment by its paths', async () => {
    const { app, headers } = { ...(await openRappel({ workbench, connectors: [fakeConnector('fhir')] })), headers: signedIn('integrator') }
    const appointment = {
      resourceType: 'Appointment',
      id: '12',
      status: 'booked',
      start: '2026-11-26T09:40:00-05:00',
      end: '2026-11-26T10:00:00-05:00',
      participant: [{ actor: { reference: 'Patient/1' }, status: 'accepted' }],
    }
    const body = new URLSearchParams({ do: 'read', message: JSON.stringify(appointment), mapping: '', preset: '' })
    const shown = await said(app.request(`${page}/fhir/try`, { method: 'POST', body, headers }))
    expect(shown).toContain('Appointment.participant[0].status accepted')
    expect(shown).toContain('rendez-vous 12')
  })

  it('asks an EHR what it offers, on request only', async () => {
    const ehr = fakeConnector('tilleuls')
    const examine = vi.fn(async () => [
      { level: 'bad' as const, says: { fr: 'Accès refusé', en: 'Access refused' }, fix: { fr: 'Donner le droit', en: 'Grant it' } },
    ])
    const { get, post } = await openRappel({ workbench, connectors: [{ ...ehr, examine }] })
    await get(`${page}/tilleuls`, integrator)
    expect(examine).not.toHaveBeenCalled()
    expect(await said(post(`${page}/tilleuls/examine`, {}, integrator))).toContain('Accès refusé À faire : Donner le droit')
  })
})

describe('reading received messages again', () => {
  const span = { from: '2026-11-24T00:00', until: '2026-11-26T00:00' }
  const done = (get: (path: string, headers: Record<string, string>) => Response | Promise<Response>) =>
    vi.waitFor(async () => {
      const shown = await said(get(`${page}/tilleuls/replay`, integrator))
      expect(shown).not.toContain('Une relecture est en cours')
      return shown
    })

  it('counts first what would change, then brings it as an import: nobody is told twice', async () => {
    const rappel = await open()
    const { get, post, ehr, ingest, send, sms, email } = rappel
    // the mapping of then read another hour
    let hour = start
    await ingest.receive(
      ehr.envelope(() => ({ kind: 'changes', changes: [bookedChange({ time: { start: hour, end: hour.add({ minutes: 30 }) } })] })),
    )
    await send()
    rappel.clock.set('2026-11-25T15:10:00Z')
    const told = sms.sent.length + email.sent.length
    hour = start.add({ hours: 1 })
    await post(`${page}/tilleuls/replay`, { ...span, do: 'dry' }, integrator)
    const dry = await done(get)
    expect(dry).toContain('Essai : rien n’a changé')
    expect(dry).toMatch(/Messages regardés 1 Lus 1 .* Rendez-vous qui changeraient 1 .*En quoi time 1/)
    expect((await rappel.appointment())?.start).toEqual(start)
    await post(`${page}/tilleuls/replay`, { ...span, do: 'go' }, integrator)
    expect(await done(get)).toContain('Relecture faite')
    expect((await rappel.appointment())?.start).toEqual(hour)
    await send()
    expect(sms.sent.length + email.sent.length, 'an import counts as told').toBe(told)
    const acts = (await rappel.read((tx) => tx.audit.latest(50))).filter(({ action }) => action.startsWith('connector.replay'))
    expect(acts.map(({ action, detail }) => [action, detail?.dry])).toEqual([
      ['connector.replayed', false],
      ['connector.replay', false],
      ['connector.replayed', true],
      ['connector.replay', true],
    ])
  })

  it('leaves what the mapping of now cannot read as it is', async () => {
    const rappel = await open()
    const readings = ['well', 'not']
    await rappel.ingest.receive(
      rappel.ehr.envelope(() =>
        readings.shift() === 'well'
          ? { kind: 'changes', changes: [bookedChange()] }
          : { kind: 'unreadable', fault: { kind: 'content', code: '101', at: 'SCH-2', text: 'missing' } },
      ),
    )
    rappel.clock.set('2026-11-25T15:10:00Z')
    await rappel.post(`${page}/tilleuls/replay`, { ...span, do: 'go' }, integrator)
    expect(await done(rappel.get)).toContain('laissés tels quels 1')
    expect(await rappel.read((tx) => tx.inbox.countByState())).toEqual({ applied: 1 })
  })

  test.each([
    ['no beginning', { until: span.until }, 'Donnez un début et une fin'],
    ['an end before its beginning', { from: span.until, until: span.from }, 'Donnez un début et une fin'],
    ['more than a month', { from: '2026-01-01T00:00', until: '2026-11-01T00:00' }, 'La période est de 31 jours au plus.'],
  ])('refuses %s', async (_what, fields, words) => {
    const { post } = await open()
    const answer = await post(`${page}/tilleuls/replay`, { do: 'dry', ...fields }, integrator)
    expect(answer.status).toBe(422)
    expect(await said(answer)).toContain(words)
  })
})
