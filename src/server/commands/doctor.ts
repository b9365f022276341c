import process from 'node:process'
import type { Finding } from '../../connectors/connector.ts'
import type { Language } from '../../core/words/language.ts'
import type { Store } from '../../store/store.ts'
import type { Config } from '../config/config.ts'
import { hasStore } from '../config/store.ts'
import { checkMail } from '../mail/mail-check.ts'
import type { Command, Composition, Surroundings } from './command.ts'
import { languageIn, readArgs } from './command.ts'
import { feedFindings, storeFindings, zoneFinding } from './own-findings.ts'
import { keyFinding, machineFindings, providerFinding, publicAddress, soundness } from './world-findings.ts'

/** What was looked at together: a connector by its id, or `rappel` itself. */
interface Examined {
  readonly subject: string
  readonly findings: readonly Finding[]
}

const longestMs = 30_000

export const doctor: Command = {
  name: 'doctor',
  summary: `rappel doctor [--lang fr|en] [--json] [--config FILE]
                                  asks every EHR and looks at the store: what works, what does not, what to do`,
  help: `usage: rappel doctor [--lang fr|en] [--json] [--config FILE]
Reads the configuration, asks every EHR whether it can be reached, what it offers and whether it lets us in, and looks at the store, the disk, the
time zones, the clock, certificates, keys, the public address, how the feeds did, whether the mail server and Twilio let us in, and whether the DNS lets
e-mail go in the clinic's name (SPF, DKIM, DMARC). Nothing is written and nothing is sent. Runs beside the service, or without it.

  --lang  the first clinic's unless given
  --json  the same for machines, in both languages

exit status: 0 well, warnings or not · 1 something does not work · 2 wrong configuration or command
`,
  async run(args, surroundings) {
    const flags = { config: { type: 'string' }, lang: { type: 'string' }, json: { type: 'boolean' } } as const
    const { values } = readArgs(doctor, args, flags)
    const asked = languageIn(doctor, values.lang)
    const config = surroundings.readConfig(values.config ?? surroundings.defaultConfig)
    if (!config) return 2
    const examined = await examineAll(config, surroundings)
    const language = asked ?? (config.clinics[0]?.clinic.language === 'en' ? 'en' : 'fr')
    const isWell = examined.every(({ findings }) => findings.every(({ level }) => level !== 'bad'))
    surroundings.print(values.json ? `${JSON.stringify({ well: isWell, examined }, undefined, 2)}\n` : say(examined, language))
    return isWell ? 0 : 1
  },
}

async function examineAll(config: Config, { composition, now, stopSignal }: Surroundings): Promise<readonly Examined[]> {
  const store = hasStore(config.store) ? await composition.openStore(config) : undefined
  const signal = AbortSignal.any([stopSignal(), AbortSignal.timeout(longestMs)])
  try {
    const inFile = store && config.store.postgres === undefined ? await soundness(config, composition.storeTools(config)) : []
    const outside = [
      ...(await machineFindings(composition.machine(config), now())),
      await publicAddress(config, signal),
      keyFinding(config),
    ]
    const own = [...(await storeFindings(config, store)), ...inFile, zoneFinding(process.versions.tz, now()), ...outside]
    const connectors = composition.connectorsOf(config)
    const others = config.connectors.map(async (each): Promise<Examined> => {
      const asked = (await connectors.get(each.id)?.examine?.(signal)) ?? []
      return { subject: each.id, findings: [...asked, ...(await heard(each, store, now))] }
    })
    return [
      { subject: 'rappel', findings: own },
      ...(await Promise.all([...others, ...mail(config, composition, signal), ...providers(config, composition, signal)])),
    ]
  } finally {
    await store?.close()
  }
}

/** Whether the providers would take what we send; nothing is sent. */
function providers(config: Config, { examineProvider }: Composition, signal: AbortSignal): readonly Promise<Examined>[] {
  const asked = (['email', 'sms'] as const).filter((channel) => config[channel] !== undefined && canBeAsked(config, channel))
  return asked.map(async (channel) => {
    const trouble = await examineProvider(config, channel, signal)
    return { subject: `${channel} provider`, findings: [providerFinding(channel, trouble)] }
  })
}

/** A gateway that is only described has no way of being asked. */
function canBeAsked({ sms }: Config, channel: 'email' | 'sms'): boolean {
  return channel === 'email' || sms?.provider === 'twilio'
}

/** Whether other people's servers can believe what is sent in the clinic's name. */
function mail({ email }: Config, { mailDns }: Pick<Composition, 'mailDns'>, signal: AbortSignal): readonly Promise<Examined>[] {
  const domain = email?.from.address.split('@')[1]
  if (!email || domain === undefined) return []
  const asked = checkMail({ domain, selectors: email.dkimSelectors }, mailDns(), signal)
  return [asked.then((findings) => ({ subject: 'email', findings }))]
}

async function heard(config: Config['connectors'][number], store: Store | undefined, now: Surroundings['now']) {
  return store ? await feedFindings(config, store, now()) : []
}

const marks: Readonly<Record<Language, Readonly<Record<Finding['level'], string>>>> = {
  fr: { ok: 'bien', warn: 'À VOIR', bad: 'FAUTE' },
  en: { ok: 'ok', warn: 'WARN', bad: 'BAD' },
}

function say(examined: readonly Examined[], language: Language): string {
  const lines = examined.flatMap(({ subject, findings }) => [
    subject,
    ...findings.flatMap(({ level, says, fix }) => [
      `  ${marks[language][level].padEnd(7)}${says[language]}`,
      ...(fix && level !== 'ok' ? [`         → ${fix[language]}`] : []),
    ]),
  ])
  return `${lines.join('\n')}\n`
}
