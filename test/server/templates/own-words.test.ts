import { describe, expect, it } from 'vitest'
import { smsSegments } from '../../../src/core/gsm7.ts'
import type { Templates } from '../../../src/core/template/template.ts'
import { bookedChange, clinicSettings } from '../../support/clinic.ts'
import { openRappel } from '../../support/rappel.ts'

const sms = '{{ clinic.name }}: on vous attend {{ date }} {{ time }}. {{ link }} {{ optOut }}'

async function reminded(templates: Templates) {
  const rappel = await openRappel({ now: '2026-11-20T12:00:00Z', settings: clinicSettings({ templates }) })
  await rappel.hear(bookedChange())
  await rappel.send()
  rappel.clock.set('2026-11-25T15:00:00Z')
  await rappel.send()
  return rappel
}

describe('a clinic’s own words', () => {
  it('go in the place of the built-in ones, with a private address that opens the page', async () => {
    const rappel = await reminded({ 'reminder.sms.*.fr': { body: sms } })
    expect(rappel.sms.sent.at(-1)?.words.sms).toMatch(
      /^Clinique des Tilleuls: on vous attend jeu\. 26\/11 9h40\. https:\/\/rdv\.example\/[\w-]{22} Fin SMS: STOP$/,
    )
    expect((await rappel.get(`/${rappel.lastToken()}`)).status).toBe(200)
    // the e-mail has no words of the clinic's, and keeps ours
    expect(rappel.email.sent.at(-1)?.words.lines.join(' ')).toContain('Merci de confirmer votre venue')
  })

  it('of an e-mail are a subject and paragraphs: date, link and foot stay', async () => {
    const rappel = await reminded({
      'reminder.email.onsite.fr': {
        subject: 'On vous attend {{ when }}',
        body: 'Bonjour,\nà bientôt avec {{ practitioner }}.\n\n{% if asks %}Dites-nous si vous venez.{% endif %}\n\n\n{{ address }}',
      },
    })
    const words = rappel.email.sent.at(-1)?.words
    expect(words).toMatchObject({
      subject: expect.stringMatching(/^On vous attend jeudi 26 novembre à 9/),
      lines: ['Bonjour, à bientôt avec Dre Claire Moreau.', 'Dites-nous si vous venez.'],
      preheader: 'Bonjour, à bientôt avec Dre Claire Moreau.',
      day: 'Jeudi 26 novembre',
      action: { label: 'Voir les détails et confirmer', url: expect.stringMatching(/^https:\/\/rdv\.example\//) },
    })
    expect(words?.footer[0]).toContain('Clinique des Tilleuls')
  })

  it('keep names inside GSM-7 in a text, whatever they are written in', async () => {
    const settings = clinicSettings({ templates: { 'reminder.sms.*.fr': { body: `{{ practitioner }} ${sms}` } } })
    const rappel = await openRappel({ now: '2026-11-20T12:00:00Z', settings })
    await rappel.hear(bookedChange({ practitioner: { name: 'Dr Łukasz “Œuvré” {link}' } }))
    rappel.clock.set('2026-11-25T15:00:00Z')
    await rappel.send()
    const text = rappel.sms.sent.at(-1)?.words.sms ?? ''
    expect(text).toContain('Dr Lukasz "OEuvré" link Clinique')
    expect(smsSegments(text).encoding).toBe('gsm7')
    expect(text.match(/https:/g)).toHaveLength(1)
  })

  it.each([
    ['unreadable', '{% for a in b %}{{ link }}'],
    ['unwritable', '{{ motif }} {{ link }}'],
    ['no_link', '{{ clinic.name }}'],
    ['empty', '{% if confirmed %}{{ link }}{% endif %}'],
    ['too_long', `{{ link }} ${'x'.repeat(1_600)}`],
  ])('that cannot be used (%s) keep nobody waiting: ours go, and it is counted and audited', async (reason, body) => {
    const rappel = await reminded({ 'reminder.sms.*.fr': { body } })
    expect(rappel.sms.sent.at(-1)?.words.sms).toMatch(/^Clinique des Tilleuls: RDV jeu\. 26\/11 9h40/)
    expect((await rappel.outcomes()).filter((each) => each.includes('sms'))).toEqual(['confirmation sms: sent', 'previsit sms: sent'])
    expect(await rappel.metrics.registry.metrics()).toContain(`rappel_template_failures_total{reason="${reason}"} 1`)
    const [notification] = (await rappel.notifications()).filter(({ channel, kind }) => channel === 'sms' && kind === 'previsit')
    const audit = await rappel.read((tx) => tx.audit.of(notification?.id ?? '', 10))
    expect(audit).toContainEqual(expect.objectContaining({ action: 'template.failed', detail: { template: 'reminder.sms.*.fr', reason } }))
  })

  it('of a text that a household shares are ours: it names each of them (D29)', async () => {
    const settings = clinicSettings({ templates: { 'reminder.sms.*.fr': { body: sms } } })
    const rappel = await openRappel({ now: '2026-11-20T12:00:00Z', settings })
    await rappel.hear(bookedChange())
    const { patient } = bookedChange()
    await rappel.hear(bookedChange({ ehrId: 'A2', patient: { ...patient, ehrId: 'P2', name: { given: 'Paul', family: 'Roy' } } }))
    await rappel.send()
    rappel.clock.set('2026-11-25T15:00:00Z')
    rappel.sms.sent.length = 0
    await rappel.send()
    expect(rappel.sms.sent).toHaveLength(1)
    expect(rappel.sms.sent[0]?.words.sms).toMatch(/Anne 9h40.*Paul 9h40/)
  })
})
