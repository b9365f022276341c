/** People and places of the simulated chart. All invented: 555-01xx numbers belong to nobody, example.org receives no mail. */

export interface ChartPatient {
  readonly id: string
  readonly given: string
  readonly family: string
  /** `YYYY-MM-DD`. */
  readonly birthDate: string
  readonly sex: 'F' | 'M'
  readonly language: 'fr' | 'en'
  /** E.164. */
  readonly mobile?: string
  readonly email?: string
}

export interface ChartPractitioner {
  /** Also the key of the agenda. */
  readonly id: string
  readonly prefix: string
  readonly given: string
  readonly family: string
}

export interface ChartLocation {
  readonly id: string
  readonly room: string
  readonly name: string
  /** From street to city. */
  readonly address: readonly string[]
}

export interface ChartMotif {
  readonly code: string
  readonly text: string
}

export const CLINIC = { key: 'TILLEULS', name: 'Clinique des Tilleuls', phone: '+14185550140' } as const

export const PRACTITIONERS: readonly ChartPractitioner[] = [
  { id: 'MOREAU', prefix: 'Dre', given: 'Claire', family: 'Moreau' },
  { id: 'OUELLET', prefix: 'Dr', given: 'Samuel', family: 'Ouellet' },
]

export const LOCATIONS: readonly ChartLocation[] = [
  { id: 'SITE1', room: '210', name: CLINIC.name, address: ['1240, avenue des Tilleuls, bureau 210', 'Québec (Québec)'] },
]

/** `BILAN` is a motif that nobody has set in Rappel: it shows that an unknown motif is silent (O4). */
export const MOTIFS: readonly ChartMotif[] = [
  { code: 'CONSULT', text: 'Consultation' },
  { code: 'BILAN', text: 'Bilan annuel' },
]

export const PATIENTS: readonly ChartPatient[] = [
  {
    id: '004417',
    given: 'Élise',
    family: 'Gagnon',
    birthDate: '1979-04-12',
    sex: 'F',
    language: 'fr',
    mobile: '+14185550177',
    email: 'elise.gagnon@example.org',
  },
  {
    id: '005120',
    given: 'Thomas',
    family: 'Lavoie',
    birthDate: '1988-11-30',
    sex: 'M',
    language: 'fr',
    mobile: '+14185550118',
    email: 'thomas.lavoie@example.org',
  },
  {
    id: '005533',
    given: 'Margaret',
    family: 'O’Neill',
    birthDate: '1952-02-03',
    sex: 'F',
    language: 'en',
    mobile: '+15145550164',
    email: 'margaret.oneill@example.org',
  },
  {
    id: '006071',
    given: 'Yasmine',
    family: 'Benali',
    birthDate: '1995-07-21',
    sex: 'F',
    language: 'fr',
    email: 'yasmine.benali@example.org',
  },
  { id: '006240', given: 'Jean-Noël', family: 'Hébert', birthDate: '1941-12-25', sex: 'M', language: 'fr', mobile: '+14185550152' },
]
