export const leastCharacters = 12
const mostCharacters = 200

export type PasswordFault = 'too_short' | 'too_long' | 'too_common' | 'like_the_name'

/** Of the lists of what is found in leaks, those of twelve characters and more begin with these, over and over. */
const common = [
  '123456',
  '123123',
  '111111',
  '654321',
  'abcdef',
  'abc123',
  'qwerty',
  'azerty',
  '1q2w3e',
  'qazwsx',
  'asdfgh',
  'password',
  'passw0rd',
  'p@ssw0rd',
  'p@ssword',
  'motdepasse',
  'iloveyou',
  'jetaime',
  'letmein',
  'welcome',
  'bienvenue',
  'bonjour',
  'soleil',
  'princess',
  'football',
  'superman',
  'trustno1',
  'changeme',
  'admin',
  'administrator',
  'secretariat',
  'clinique',
  'doctolib',
  'rappel',
]

/** NIST SP 800-63B: length counts, composition rules do not; nothing that is tried first. Undefined: it may be taken. */
export function passwordFault(password: string, own: { readonly login: string; readonly name: string }): PasswordFault | undefined {
  const length = [...password.normalize('NFKC')].length
  if (length < leastCharacters) return 'too_short'
  if (length > mostCharacters) return 'too_long'
  const plain = simplify(password)
  const parts = [own.login, own.login.split('@')[0] ?? '', own.name, ...own.name.split(/\s+/)].map(simplify)
  if (
    rest(
      plain,
      parts.filter((part) => part.length >= 3),
    ).length <
    leastCharacters / 2
  )
    return 'like_the_name'
  if (new Set(plain).size < 5 || rest(plain, common).length < leastCharacters / 2) return 'too_common'
  return undefined
}

function simplify(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, '')
}

/** What is left once all that is known is taken out: a year after `motdepasse` protects nothing. */
function rest(plain: string, known: readonly string[]): string {
  return [...known].sort((a, b) => b.length - a.length).reduce((left, each) => left.replaceAll(each, ''), plain)
}
