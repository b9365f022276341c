import type { Context } from 'hono'
import type { Language } from '../../../core/words/language.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import { Head } from '../parts/head.tsx'
import { consoleRefusal } from '../refusal.tsx'

interface Link {
  readonly path: string
  readonly name: string
  readonly says: string
}

type Hub = Readonly<Record<'communication' | 'management', { readonly title: string; readonly links: readonly Link[] }>>

const french: Hub = {
  communication: {
    title: 'Messagerie patients et communication',
    links: [
      { path: '/agendas', name: 'Communications liées aux rendez-vous', says: 'ce que chaque agenda envoie, par canal' },
      { path: '/messages', name: 'Textes des messages', says: 'ce que dit chaque message' },
      { path: '/cadences', name: 'Cadences', says: 'ce qui part, et quand' },
      { path: '/absences', name: 'Absences', says: 'ce qu’une absence dira, et à qui' },
      { path: '/versions', name: 'Versions des réglages', says: 'ce qui a changé, et le retour en arrière' },
    ],
  },
  management: {
    title: 'Gestion des rendez-vous',
    links: [{ path: '/motifs', name: 'Motifs de consultation', says: 'quels motifs sont communiqués aux patients' }],
  },
}

const english: Hub = {
  communication: {
    title: 'Patient messages and communication',
    links: [
      { path: '/agendas', name: 'Messages about appointments', says: 'what each agenda sends, by channel' },
      { path: '/messages', name: 'Texts of messages', says: 'what each message says' },
      { path: '/cadences', name: 'Cadences', says: 'what leaves, and when' },
      { path: '/absences', name: 'Absences', says: 'what an absence will tell whom' },
      { path: '/versions', name: 'Versions of the settings', says: 'what changed, and the way back' },
    ],
  },
  management: {
    title: 'Appointment management',
    links: [{ path: '/motifs', name: 'Appointment motifs', says: 'of which motifs patients are told' }],
  },
}

const hubs: Readonly<Record<Language, Hub>> = { fr: french, en: english }

/** What stands behind the gear of an agenda. */
export function settingsHub(c: Context<StaffEnv>): Response | Promise<Response> {
  const section = c.req.param('section')
  if (section !== 'communication' && section !== 'management') return consoleRefusal(c, 404, 'missing')
  const { title, links } = hubs[c.get('language')][section]
  const clinic = clinicAddress(c.req.param('clinic') ?? '')
  return consolePage(
    c,
    { title },
    <>
      <Head title={title} />
      <section class="panel">
        <ul class="facts">
          {links.map(({ path, name, says }) => (
            <li>
              <a href={`${clinic}${path}`}>{name}</a> <span class="hint">{says}</span>
            </li>
          ))}
        </ul>
      </section>
    </>,
  )
}
