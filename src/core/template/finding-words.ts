import type { Finding, FindingCode } from './finding.ts'

type Says = (about: readonly string[]) => { readonly fr: string; readonly en: string }

interface FindingWords {
  readonly severity: Finding['severity']
  readonly says: Says
}

/** A finding in both languages; `about` is what its sentence names. */
export function sayFinding(code: FindingCode, field: Finding['field'], ...about: readonly string[]): Finding {
  const { severity, says } = findings[code]
  return { code, severity, field, says: says(about) }
}

const acts: Readonly<Record<string, { readonly fr: string; readonly en: string }>> = {
  stop: { fr: 'pour un STOP : plus aucun SMS ne partirait', en: 'for STOP: no text would leave any more' },
  start: { fr: 'pour un START, et ne nous le transmettent pas toujours', en: 'for START, and do not always pass it on' },
  help: { fr: 'pour une demande d’aide, et y répondent eux-mêmes', en: 'for a call for help, and answer it themselves' },
}

const findings: Readonly<Record<FindingCode, FindingWords>> = {
  unreadable: error(([said]) => ({
    fr: `ce texte n’est pas un modèle Liquid lisible : ${said}`,
    en: `not a template that can be read: ${said}`,
  })),
  unwritable: error(() => ({
    fr: 'ce texte ne peut pas être écrit avec un rendez-vous d’exemple',
    en: 'this text cannot be written with a sample appointment',
  })),
  empty: error(() => ({ fr: 'ce texte est vide pour certains rendez-vous', en: 'this text is empty for some appointments' })),
  too_long: error(() => ({ fr: 'ce texte est trop long', en: 'this text is too long' })),
  no_link: error(() => ({
    fr: 'il manque {{ link }} : sans lui le patient ne peut ni confirmer ni annuler',
    en: '{{ link }} is missing: without it the patient can neither confirm nor cancel',
  })),
  unknown_variable: error(([name, here]) => ({
    fr: `il n’y a pas de variable « ${name} » ; on peut écrire : ${here}`,
    en: `there is no variable ${name}; there are: ${here}`,
  })),
  misplaced_variable: error(([name, here]) => ({
    fr: `« ${name} » ne s’écrit pas ici ; on peut écrire : ${here}`,
    en: `${name} is not for this place; there are: ${here}`,
  })),
  health_word: error(([word]) => ({
    fr: `« ${word} » dit pourquoi le patient vient : jamais dans un SMS, un objet ou une notification (R28)`,
    en: `“${word}” tells why the patient comes: never in a text, a subject or a push (R28)`,
  })),
  foreign_address: error(([host]) => ({
    fr: `seule une adresse de ${host} peut figurer ici : {{ link }}`,
    en: `only an address of ${host} may stand here: {{ link }}`,
  })),
  carrier_word: error(([word, act = 'stop']) => ({
    fr: `les opérateurs prennent la réponse ${word} ${acts[act]?.fr}`,
    en: `carriers take the reply ${word} ${acts[act]?.en}`,
  })),
  outside_gsm7: warning(([spelt, segments, fewer]) => ({
    fr: `hors de l’alphabet des SMS (GSM-7) : ${spelt}. ${segments} segment(s), ${fewer} sans`,
    en: `outside the alphabet of texts (GSM-7): ${spelt}. ${segments} segment(s), ${fewer} without`,
  })),
  segments: warning(([segments, units]) => ({
    fr: `${segments} segments avec des noms longs (${units} caractères)`,
    en: `${segments} segments where names are long (${units} characters)`,
  })),
  no_opt_out: warning(() => ({
    fr: 'rien ne dit comment ne plus recevoir de SMS : {{ optOut }}',
    en: 'nothing says how to receive no more texts: {{ optOut }}',
  })),
  no_time: warning(() => ({ fr: 'l’heure n’y est pas : {{ when }}', en: 'the hour is not in it: {{ when }}' })),
  long_subject: warning(([most]) => ({
    fr: `plus de ${most} caractères : un téléphone n’en montre pas tant`,
    en: `more than ${most} characters: a telephone does not show as many`,
  })),
}

function error(says: Says): FindingWords {
  return { severity: 'error', says }
}

function warning(says: Says): FindingWords {
  return { severity: 'warning', says }
}
