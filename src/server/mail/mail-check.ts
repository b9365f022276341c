import type { Finding } from '../../connectors/connector.ts'
import type { Bilingual } from '../../core/explain/words.ts'
import { both } from '../../core/explain/words.ts'
import type { MailDns } from './mail-dns.ts'
import { spfLookups } from './spf.ts'

export interface MailChecked {
  /** Of the From line. */
  readonly domain: string
  /** DKIM selectors of whoever signs; none: it cannot be looked up. */
  readonly selectors: readonly string[]
}

/** Whether other people's servers can believe our e-mail: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489), and an address that replies reach. */
export async function checkMail({ domain, selectors }: MailChecked, dns: MailDns, signal: AbortSignal): Promise<readonly Finding[]> {
  const asked = await Promise.all([
    answered(domain, () => spf(domain, dns, signal)),
    ...(selectors.length === 0 ? [Promise.resolve(noSelector(domain))] : []),
    ...selectors.map((selector) => answered(domain, () => dkim(`${selector}._domainkey.${domain}`, dns, signal))),
    answered(domain, () => dmarc(domain, dns, signal)),
    answered(domain, () => replies(domain, dns, signal)),
  ])
  return asked
}

/** No answer is no fault of the domain's. */
async function answered(domain: string, ask: () => Promise<Finding>): Promise<Finding> {
  try {
    return await ask()
  } catch {
    return warn(both(`Le DNS de ${domain} ne répond pas.`, `The DNS of ${domain} does not answer.`), again)
  }
}

const again = both(
  'Réessayer ; sinon, voir la résolution de noms de cette machine.',
  'Try again; else look at this machine’s name servers.',
)

async function spf(domain: string, dns: MailDns, signal: AbortSignal): Promise<Finding> {
  const records = (await dns.txt(domain, signal)).filter((text) => /^v=spf1( |$)/i.test(text))
  const [record] = records
  if (record === undefined)
    return bad(
      both(`${domain} n’a pas de SPF.`, `${domain} has no SPF.`),
      both(
        'Publier un TXT « v=spf1 … -all » qui nomme le serveur d’envoi.',
        'Publish a TXT "v=spf1 … -all" that names the sending server.',
      ),
    )
  if (records.length > 1)
    return bad(
      both(`${domain} a ${records.length} SPF : aucun ne vaut.`, `${domain} has ${records.length} SPF records: none counts.`),
      both('N’en garder qu’un.', 'Keep one.'),
    )
  if (/(^| )\+?all( |$)/i.test(record))
    return bad(
      both(`Le SPF de ${domain} laisse tout le monde écrire en son nom.`, `The SPF of ${domain} lets anybody write in its name.`),
      both('Finir par -all ou ~all.', 'End it with -all or ~all.'),
    )
  const lookups = await spfLookups(record, dns, signal)
  if (lookups > 10)
    return bad(
      both(
        `Le SPF de ${domain} demande plus de dix recherches : il ne vaut rien.`,
        `The SPF of ${domain} needs more than ten look-ups: it counts for nothing.`,
      ),
      both('Réduire les « include ».', 'Have fewer includes.'),
    )
  return ok(both(`SPF de ${domain} : ${lookups} recherches`, `SPF of ${domain}: ${lookups} look-ups`))
}

function noSelector(domain: string): Finding {
  return warn(
    both(`DKIM de ${domain} : sélecteur inconnu, non vérifié.`, `DKIM of ${domain}: selector not known, not checked.`),
    both('Donner email.dkimSelectors : celui que nomme le serveur d’envoi.', 'Give email.dkimSelectors: the one the sending server names.'),
  )
}

async function dkim(name: string, dns: MailDns, signal: AbortSignal): Promise<Finding> {
  const records = (await dns.txt(name, signal)).map(tagsOf).filter((tags) => tags.has('p'))
  const [tags] = records
  if (!tags)
    return bad(
      both(`Aucune clé DKIM en ${name}.`, `No DKIM key at ${name}.`),
      both('Publier la clé que donne le serveur d’envoi.', 'Publish the key that the sending server gives.'),
    )
  const key = tags.get('p') ?? ''
  if (key === '')
    return bad(
      both(`La clé DKIM ${name} est révoquée.`, `The DKIM key ${name} is revoked.`),
      both('En publier une autre.', 'Publish another.'),
    )
  const bits = rsaBits(key)
  if ((tags.get('k') ?? 'rsa') === 'rsa' && bits < 2_048)
    return (bits < 1_024 ? bad : warn)(
      both(`La clé DKIM ${name} a ${bits} bits.`, `The DKIM key ${name} has ${bits} bits.`),
      both('En publier une de 2048 bits.', 'Publish one of 2048 bits.'),
    )
  return ok(both(`Clé DKIM en ${name}`, `DKIM key at ${name}`))
}

/** Of the modulus: the key is a SubjectPublicKeyInfo of an RSA key, some 38 octets longer. */
function rsaBits(base64: string): number {
  const octets = Buffer.from(base64, 'base64').byteLength
  return Math.max(0, Math.round((octets - 38) / 64) * 512)
}

async function dmarc(domain: string, dns: MailDns, signal: AbortSignal): Promise<Finding> {
  for (const each of [domain, parentOf(domain)]) {
    if (each === undefined) continue
    const [tags] = (await dns.txt(`_dmarc.${each}`, signal)).map(tagsOf).filter((found) => found.get('v') === 'DMARC1')
    if (!tags) continue
    const policy = (each === domain ? undefined : tags.get('sp')) ?? tags.get('p') ?? 'none'
    if (policy !== 'none') return ok(both(`DMARC de ${each} : ${policy}`, `DMARC of ${each}: ${policy}`))
    return warn(
      both(`DMARC de ${each} : « none », qui n’arrête personne.`, `DMARC of ${each}: none, which stops nobody.`),
      both('Passer à quarantine, puis reject, une fois les rapports lus.', 'Go to quarantine, then reject, once the reports are read.'),
    )
  }
  return bad(
    both(`${domain} n’a pas de DMARC : Gmail et Yahoo le demandent.`, `${domain} has no DMARC: Gmail and Yahoo ask for it.`),
    both(
      `Publier un TXT en _dmarc.${domain} : « v=DMARC1; p=quarantine; rua=mailto:… ».`,
      `Publish a TXT at _dmarc.${domain}: "v=DMARC1; p=quarantine; rua=mailto:…".`,
    ),
  )
}

/** `rdv.tilleuls.ca` → `tilleuls.ca`, whose policy counts where it has none of its own; a public suffix answers nothing. */
function parentOf(domain: string): string | undefined {
  const labels = domain.split('.')
  return labels.length > 2 ? labels.slice(1).join('.') : undefined
}

async function replies(domain: string, dns: MailDns, signal: AbortSignal): Promise<Finding> {
  const exchanges = (await dns.mx(domain, signal)).filter((exchange) => exchange !== '' && exchange !== '.')
  if (exchanges.length > 0) return ok(both(`${domain} reçoit du courrier.`, `${domain} receives mail.`))
  return warn(
    both(
      `${domain} ne reçoit pas de courrier : les réponses et les échecs se perdent.`,
      `${domain} receives no mail: replies and failures are lost.`,
    ),
    both('Publier un MX, ou donner email.replyTo.', 'Publish an MX, or give email.replyTo.'),
  )
}

/** `v=DKIM1; k=rsa; p=…` */
function tagsOf(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(';').map((part): [string, string] => {
    const [name = '', ...value] = part.split('=')
    return [name.trim().toLowerCase(), value.join('=').replace(/\s+/g, '')]
  })
  return new Map(pairs.filter(([name]) => name !== ''))
}

function ok(says: Bilingual): Finding {
  return { level: 'ok', says }
}

function warn(says: Bilingual, fix: Bilingual): Finding {
  return { level: 'warn', says, fix }
}

function bad(says: Bilingual, fix: Bilingual): Finding {
  return { level: 'bad', says, fix }
}
