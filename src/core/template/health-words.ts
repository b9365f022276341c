import type { Settings } from '../settings.ts'
import { plainWords } from './literals.ts'

/** Specialties, examinations, illnesses: whoever holds the telephone would know (R28). Begin a word: `cardiolog` finds cardiologie and cardiologist. */
const stems =
  `oncolog cancer chimiotherap chemotherap radiotherap psychiatr psycholog psychotherap gyneco obstetri urolog cardiolog dermatolog neurolog
  rhumatolog rheumatolog gastroenter endocrinolog pneumolog pulmonolog nephrolog hematolog ophtalmo ophthalmo infectiolog geriatr pediatr paediatr
  addictolog addiction sexolog alcoolog avortement abortion contracept sterilet grossesse pregnan prenatal fertilit infertilit menopaus biopsi biops
  coloscop colonoscop endoscop mammogra echograph ultrasound radiograph scintigra frottis depistage diabet hepatit tubercul dialys vaccin
  vasectom chirurgi surgery surgical diagnos pathologi resultat methadone`
    .split(/\s+/)
    .map((stem) => ` ${stem}`)

const whole = [
  'ivg',
  'vih',
  'hiv',
  'sida',
  'aids',
  'mst',
  'sti',
  'ist',
  'irm',
  'mri',
  'pap test',
  'test results',
  'your results',
  'blood test',
  'prise de sang',
  'bilan sanguin',
]

/** Motifs are called so too, and it says nothing of anybody. */
const harmless = new Set(
  `appointment appel call clinic clinique consultation consult domicile home maison meeting onsite phone place rappel rdv reminder rendez rendezvous
  seance session site sur telephone video vous visit visite visio teleconsultation a by de des du la le les en par chez the`.split(/\s+/),
)

/** What of a text tells why one comes: a word of medicine, or the clinic's own name for a motif, a specialty or a category. */
export function healthWordsIn(texts: readonly string[], settings: Pick<Settings, 'motifs'>): readonly string[] {
  const read = texts.map(plainWords)
  const isSaid = (words: string) => read.some((text) => text.includes(words))
  const medical = [...stems.filter(isSaid).map((stem) => wordWith(read, stem)), ...whole.filter((words) => isSaid(` ${words} `))]
  return [...new Set([...medical, ...namesIn(settings).filter((name) => isSaid(plainWords(name)))])]
}

function namesIn({ motifs }: Pick<Settings, 'motifs'>): readonly string[] {
  const names = Object.entries(motifs).flatMap(([key, { label, specialty, category }]) => [key, label, specialty, category])
  return names.flatMap((name) => (name !== undefined && tells(name) ? [name.trim()] : []))
}

/** `Consultation` tells nothing, `Consultation diabète` does; an EHR's number is no name. */
function tells(name: string): boolean {
  return plainWords(name)
    .trim()
    .split(' ')
    .some((word) => word.length >= 3 && /\p{L}{3}/u.test(word) && !harmless.has(word))
}

/** The word as it stands there. */
function wordWith(texts: readonly string[], stem: string): string {
  for (const text of texts) {
    const at = text.indexOf(stem)
    if (at >= 0) return text.slice(at + 1, text.indexOf(' ', at + 1))
  }
  return stem.trim()
}
