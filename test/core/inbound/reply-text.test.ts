import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readReply } from '../../../src/core/inbound/reply-text.ts'

/** `kind codes`, as a nurse would say what was meant. */
function meaning(text: string): string {
  const read = readReply(text)
  return [read.kind, ...('codes' in read ? read.codes : []), ...('doubtful' in read && read.doubtful ? ['?'] : [])].join(' ')
}

describe('what a patient texts means', () => {
  test.each([
    ['oui', 'confirm'],
    ['Oui.', 'confirm'],
    ['OUI merci !', 'confirm'],
    ['Bonjour, oui, merci beaucoup 👍', 'confirm'],
    ['o', 'confirm'],
    ['Yes please', 'confirm'],
    ['y', 'confirm'],
    ['c', 'confirm'],
    ['Confirmé', 'confirm'],
    ['je confirme', 'confirm'],
    ['Oui, je confirme', 'confirm'],
    ['ＯＵＩ', 'confirm'],
    ['« Oui »', 'confirm'],
    ['oui 2', 'confirm 2'],
    ['OUI2', 'confirm 2'],
    ['2 oui', 'confirm 2'],
    ['oui 1 et 2', 'confirm 1 2'],
    ['Oui 1, 2', 'confirm 1 2'],
    ['1', 'code 1'],
    ['1️⃣', 'code 1'],
    ['2.', 'code 2'],
    ['1 et 2', 'code 1 2'],
    ['non', 'decline'],
    ['No', 'decline'],
    ['n', 'decline'],
    ['Je ne peux pas venir', 'decline'],
    ['I can’t come', 'decline'],
    ['Non merci', 'decline'],
    ['NON 2', 'decline 2'],
    ['annuler', 'cancel'],
    ['Annuler 1', 'cancel 1'],
    ['ANNULER1', 'cancel 1'],
    ['Annuler mon rendez-vous', 'cancel'],
    ['drop 1', 'cancel 1'],
    ['garder', 'keep'],
    ['KEEP', 'keep'],
    ['ok', 'polite'],
    ['Merci', 'polite'],
    ['👍', 'polite'],
    ['', 'polite'],
    ['D’accord, merci', 'polite'],
    ['mauvais numéro', 'wrong_number'],
    ['Vous avez fait un faux numéro, je ne suis pas Anne', 'wrong_number'],
    ['Erreur', 'wrong_number'],
    ['wrong number', 'wrong_number'],
    ['Ce n’est pas moi', 'wrong_number'],
    ['aide', 'help'],
    ['INFO', 'help'],
    ['Help', 'help'],
  ])('“%s”: %s', (text, expected) => {
    expect(meaning(text)).toBe(expected)
  })

  test.each([
    ['stop', 'stop'],
    ['STOP.', 'stop'],
    ['Stop SVP', 'stop'],
    ['arrêt', 'stop'],
    ['ARRET', 'stop'],
    ['Arrêtez', 'stop'],
    ['unsubscribe', 'stop'],
    ['End', 'stop'],
    ['QUIT', 'stop'],
    ['stopall', 'stop'],
    ['désabonnement', 'stop'],
    ['STOP je ne suis plus votre patient', 'stop ?'],
    ['cancel', 'stop ?'],
    ['start', 'start'],
    ['UNSTOP', 'start'],
    ['Reprendre', 'start'],
  ])('R27: “%s”: %s', (text, expected) => {
    expect(meaning(text)).toBe(expected)
  })

  test.each([
    'Oui mais j’aurai 10 minutes de retard',
    'oui 9h40',
    'Oui ou non ?',
    'Puis-je venir à 15 h ?',
    'Arrêt de travail : le médecin peut-il le prolonger ?',
    'Je voudrais annuler et reprendre un autre jour',
    'no pain today',
    '418 555-0177',
    'oui 123',
    '0',
    'Non, je viendrai avec ma fille',
    'cancel my appointment',
    'Quit smoking?',
    'Да',
    'Oui Да',
  ])('“%s” is in their own words: a person reads it', (text) => {
    expect(meaning(text)).toBe('free')
  })

  test('whatever is written is read, and does not take for ever', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (text) => {
        expect(readReply(text).kind).toMatch(/^[a-z_]+$/)
      }),
    )
    // an expression that goes back would not end
    const long = [`${'1 '.repeat(1600)}x`, `${'A '.repeat(1600)}1x`, 'OUI'.repeat(900), `${'1 ET '.repeat(400)}?`]
    expect(long.map((text) => readReply(text).kind)).toEqual(['code', 'free', 'free', 'free'])
  })
})
