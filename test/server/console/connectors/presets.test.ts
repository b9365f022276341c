import { describe, expect, it, test } from 'vitest'
import { presets } from '../../../../src/connectors/hl7v2/presets/presets.ts'
import { signedIn } from '../../../support/console.ts'
import { fakeConnector } from '../../../support/fakes.ts'
import { openRappel } from '../../../support/rappel.ts'
import { workbenchFor } from '../../../support/workbench.ts'

const integrator = signedIn('integrator')

const said = async (answer: Response | Promise<Response>): Promise<string> =>
  (await (await answer).text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

const workbench = workbenchFor(`  - id: tilleuls
    protocol: hl7v2
    clinic: tilleuls
    zone: America/Toronto
    region: CA
    preset: quebec
    listen: { port: 6661 }
  - id: fhir
    protocol: fhir
    clinic: tilleuls
    zone: America/Toronto
    region: CA
    baseUrl: http://127.0.0.1:9/fhir
    hook: { secrets: [{ env: HOOK }] }
`)
const open = () => openRappel({ workbench, connectors: [fakeConnector('tilleuls'), fakeConnector('fhir')] })

describe('the presets of a connector', () => {
  it('are listed, its own marked, each with its message or a word that it has none', async () => {
    const { get } = await open()
    const hl7 = await said(get('/console/connectors/tilleuls', integrator))
    for (const name of presets.keys())
      expect(hl7).toContain(`${name} ${name === 'quebec' ? 'celui de ce connecteur ' : ''}Lire son message`)
    expect(await said(get('/console/connectors/fhir', integrator))).toContain('epic Aucun message')
    expect(await said(get('/console/connectors/tilleuls?lang=en', integrator))).toContain('Read its message')
    expect(await said(get('/console/connectors/tilleuls', signedIn('reader'))), 'for whoever may try').not.toContain('Lire son message')
  })

  test.each([...presets.keys()])('%s reads its own message by one click, and nothing is kept', async (name) => {
    const { post, appointment, read } = await open()
    const answer = await post('/console/connectors/tilleuls/try', { example: name }, integrator)
    const shown = await answer.text()
    expect(answer.status).toBe(200)
    expect(shown).toContain('MSH|')
    expect(shown, 'as its words are written').not.toContain('\ufffd')
    expect(shown.replaceAll(/<[^>]+>/g, ' ')).toContain(`preset: ${name}`)
    expect(await appointment()).toBeUndefined()
    expect(await read((tx) => tx.inbox.countByState())).toEqual({})
  })

  test.each(['epic', '../presets', ''])('there is no message %j of FHIR', async (name) => {
    const { post } = await open()
    const answer = await post('/console/connectors/fhir/try', { example: name }, integrator)
    expect([answer.status, await said(answer)]).toEqual([422, expect.stringContaining('Aucun message')])
  })
})
