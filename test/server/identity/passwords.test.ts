import { describe, expect, test } from 'vitest'
import { passwordFault } from '../../../src/server/identity/password-rules.ts'
import { createPasswords, Overloaded } from '../../../src/server/identity/passwords.ts'

const own = { login: 'nadia.roy@tilleuls.example', name: 'Nadia Roy' }

describe('a password', () => {
  test.each<[string, string, ReturnType<typeof passwordFault>]>([
    ['a sentence of one’s own', 'les mélèzes perdent leurs aiguilles', undefined],
    ['random letters', 'kT9vQz2mXw4b', undefined],
    ['three words that have nothing to do with each other', 'tortue lampe vingt', undefined],
    ['eleven characters', 'kT9vQz2mXw4', 'too_short'],
    ['eleven characters, of which each takes four bytes', '😀😁😂🤣😃😄😅😆😉😊😋', 'too_short'],
    ['two hundred and one', 'kT9vQz2mXw4b'.repeat(17).slice(0, 201), 'too_long'],
    ['a word of the lists and a year', 'motdepasse2026', 'too_common'],
    ['the same with accents and capitals', 'MotDePassé2026', 'too_common'],
    ['a row of the keyboard', 'azertyqwerty12', 'too_common'],
    ['digits in their order', '123456123456', 'too_common'],
    ['one letter', 'aaaaaaaaaaaaaaaa', 'too_common'],
    ['two in turn', 'abababababababab', 'too_common'],
    ['what is typed at the clinic', 'clinique2026!', 'too_common'],
    ['the name', 'NadiaRoy2026', 'like_the_name'],
    ['the login', 'nadia.roy@tilleuls.example', 'like_the_name'],
    ['the name with something in front', '!!! nadia roy', 'like_the_name'],
    ['a sentence the name is part of', 'nadia ne mange pas de champignons', undefined],
  ])('%s', (_, password, fault) => {
    expect(passwordFault(password, own)).toBe(fault)
  })
})

describe('hashes', () => {
  const cheap = createPasswords({ cost: 4 })

  test('say how they were made, differ each time, and are right only for their password', async () => {
    const [one, two] = [await cheap.hash('motdepasse'), await cheap.hash('motdepasse')]
    expect(one).toMatch(/^\$scrypt\$ln=4,r=8,p=1\$[\w-]{22}\$[\w-]{43}$/)
    expect(one).not.toBe(two)
    expect(await cheap.check('motdepasse', one)).toBe('right')
    expect(await cheap.check('motdepassE', one)).toBe('wrong')
    expect(await cheap.check('motdepasse', undefined)).toBe('wrong')
  })

  test('composed and decomposed letters are the same password', async () => {
    expect(await cheap.check('e\u0301te\u0301', await cheap.hash('\u00e9t\u00e9'))).toBe('right')
  })

  test('made more cheaply than now they are right and outdated; more dearly, right', async () => {
    const dearer = createPasswords({ cost: 5 })
    expect(await dearer.check('motdepasse', await cheap.hash('motdepasse'))).toBe('outdated')
    expect(await cheap.check('motdepasse', await dearer.hash('motdepasse'))).toBe('right')
  })

  test('the usual cost is what OWASP asks for, off the event loop, and as long for nobody', async () => {
    const usual = createPasswords()
    let turns = 0
    const ticking = setInterval(() => {
      turns += 1
    }, 5)
    const hash = await usual.hash('motdepasse')
    expect(turns).toBeGreaterThan(3)
    clearInterval(ticking)
    expect(hash).toContain('$ln=17,r=8,p=1$')
    const took = async (stored: string | undefined) => {
      const from = performance.now()
      await usual.check('another', stored)
      return performance.now() - from
    }
    const [known, unknown] = [await took(hash), await took(undefined)]
    expect(unknown).toBeGreaterThan(known / 4)
  })

  test('R20: no more wait than can be answered', async () => {
    const slow = createPasswords({ cost: 12, atOnce: 1, mostWaiting: 3 })
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => slow.hash('motdepasse')))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(4)
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(Overloaded)
    expect(await slow.hash('motdepasse')).toContain('$scrypt$')
  })

  test('what is no hash of ours is a fault, not a wrong password', async () => {
    await expect(cheap.check('motdepasse', '$argon2id$v=19$m=65536$a$b')).rejects.toThrow('not one of ours')
  })
})
