import { describe, expect, test } from 'vitest'
import type { Role } from '../../../src/core/access.ts'
import { diffWords } from '../../../src/server/console/messages/word-diff.ts'
import { clinicSettings } from '../../support/clinic.ts'
import { signedIn } from '../../support/console.ts'
import { formIn, press, wordsOf } from '../../support/pressed.ts'
import { openRappel } from '../../support/rappel.ts'

const path = '/console/clinics/tilleuls/messages'
const cell = `${path}/reminder.sms.onsite.fr`
const fit = '{{ clinic.name }}: RDV {{ date }} {{ time }}. {{ link }} {{ optOut }}'

async function openMessages(role: Role = 'admin') {
  const rappel = await openRappel({ settings: clinicSettings() })
  const headers = signedIn(role)
  const open = async (address = cell) => await (await rappel.get(address, headers)).text()
  return {
    ...rappel,
    open,
    /** Types into the editor, and presses a button. */
    write: async (button: string, typed: Readonly<Record<string, string>>, address = cell, page?: string) =>
      rappel.app.request(address, {
        method: 'POST',
        body: press(formIn(page ?? (await open(address)), address), button, [], typed),
        headers,
      }),
    current: () => rappel.read((tx) => tx.settings.current('tilleuls')),
  }
}

describe('the messages', () => {
  test('D3: from the catalogue one reads what each message says, by channel, language and modality', async () => {
    const { open } = await openMessages('reader')
    expect(wordsOf(await open(path))).toMatch(/Rappel Clinique des Tilleuls: .*RDV .*GSM-7 · 1 segment · 0,05 \$/)
    expect(wordsOf(await open(`${path}?channel=email&language=en`))).toContain('Your appointment')
    expect(wordsOf(await open(`${path}?channel=sms&modality=video`))).toContain('vidéo')
  })

  test('a text is tried before it is published, with its price and the character that takes it out of the alphabet', async () => {
    const { write } = await openMessages()
    const page = await (await write('Actualiser l’aperçu', { body: fit.replace('RDV', 'RDV vous-même') })).text()
    expect(page).toContain('vous-m<mark>ê</mark>me')
    expect(wordsOf(page)).toContain('ê → e')
    expect(wordsOf(page)).toContain('UCS-2 (ê)')
    expect(wordsOf(page)).toMatch(/UCS-2 · 2 segments · 0,10 \$/)
    const mended = await (await write('Appliquer', {}, cell, page)).text()
    expect(mended).not.toContain('<mark>')
    expect(formIn(mended, cell).fields.find(([name]) => name === 'body')?.[1]).toContain('vous-meme')
  })

  test('R28: what would tell why somebody comes is not published', async () => {
    const { write, current } = await openMessages()
    const answer = await write('Publier la version 2', { body: `${fit} cardiologie` })
    expect(answer.status).toBe(422)
    expect(wordsOf(await answer.text())).toContain('cardiologie')
    expect((await current())?.version).toBe(1)
  })

  test('published, it is a version; the one before can be taken up again', async () => {
    const { write, open, current } = await openMessages()
    expect((await write('Publier la version 2', { body: fit })).headers.get('location')).toBe(`${cell}?saved=2`)
    expect((await current())?.templates).toEqual({ 'reminder.sms.*.fr': { body: fit } })
    const draft = await (await write('Actualiser l’aperçu', { body: `Bonjour. ${fit}`, scope: 'one' })).text()
    expect(draft).toContain('<ins>Bonjour. </ins>')
    await write('Publier la version 3', { body: `Bonjour. ${fit}`, scope: 'one' })
    expect((await current())?.templates).toEqual({
      'reminder.sms.*.fr': { body: fit },
      'reminder.sms.onsite.fr': { body: `Bonjour. ${fit}` },
    })
    const page = await open()
    expect(wordsOf(page)).toContain('Version 3 En service')
    const before = await open(`${cell}?from=2`)
    expect(formIn(before, cell).fields.find(([name]) => name === 'body')?.[1]).toBe(fit)
    const back = await (await write('Revenir au texte d’origine', {})).text()
    await write('Publier la version 4', {}, cell, back)
    expect((await current())?.templates).toEqual({ 'reminder.sms.*.fr': { body: fit } })
  })

  test('a test goes to the address of whoever writes, says that it is one, is counted, and is written down without the address', async () => {
    const { write, sms, lines, dump, read } = await openMessages()
    const page = await (await write('M’envoyer un essai', { body: fit, to: '418 555-0140' })).text()
    expect(wordsOf(page)).toContain('Essai envoyé.')
    expect(sms.sent.map(({ to, words }) => [to, words.sms.startsWith('ESSAI ')])).toEqual([['+14185550140', true]])
    expect(await dump()).not.toContain('4185550140')
    expect(lines.join()).not.toContain('4185550140')
    const [entry] = await read((tx) => tx.audit.of('tests:tilleuls:token:admin@tilleuls', 1))
    expect(entry).toMatchObject({ action: 'template.tested', detail: { cell: 'reminder.sms.onsite.fr' } })
  })

  test('no more than five tests in an hour', async () => {
    const { write, sms, clock } = await openMessages()
    for (let count = 0; count < 6; count += 1) await write('M’envoyer un essai', { body: fit, to: '418 555-0140' })
    expect(sms.sent).toHaveLength(5)
    clock.advance({ hours: 1 })
    await write('M’envoyer un essai', { body: fit, to: '418 555-0140' })
    expect(sms.sent).toHaveLength(6)
  })

  test('what is no address is sent nowhere', async () => {
    const { write, email } = await openMessages()
    const address = `${path}/reminder.email.onsite.fr`
    expect((await write('M’envoyer un essai', { to: 'nobody' }, address)).status).toBe(422)
    expect((await write('M’envoyer un essai', { to: 'nadia.roy@example.org' }, address)).status).toBe(200)
    expect(email.sent.map(({ words }) => words.subject.startsWith('ESSAI'))).toEqual([true])
  })

  test('whoever is no administrator reads', async () => {
    const { open, app } = await openMessages('appointments')
    expect(await open()).not.toContain('method="post"')
    expect((await app.request(cell, { method: 'POST', headers: signedIn('appointments') })).status).toBe(403)
  })
})

test.each([
  ['a word that is another', 'un deux trois', 'un quatre trois', 'un [-deux-][+quatre+] trois'],
  ['words that are new', 'un deux', 'un deux trois', 'un deux[+ trois+]'],
  ['words that are gone', 'un deux trois', 'trois', '[-un deux -]trois'],
  ['nothing', 'un deux', 'un deux', 'un deux'],
])('two texts differ by %s', (_, before, after, said) => {
  const marks = { both: ['', ''], before: ['[-', '-]'], after: ['[+', '+]'] } as const
  expect(
    diffWords(before, after)
      .map((run) => marks[run.in].join(run.text))
      .join(''),
  ).toBe(said)
})
