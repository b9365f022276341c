import type { Context } from 'hono'
import type { Clockface } from '../../../core/local-time.ts'
import { sayClock, sayDayAndHour } from '../../../core/local-time.ts'
import type { Language } from '../../../core/words/language.ts'
import type { Health } from '../../operations/health.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { consolePage } from '../page.ts'
import { Facts } from '../parts/facts.tsx'
import { Head } from '../parts/head.tsx'
import { Note } from '../parts/note.tsx'
import { Panel } from '../parts/panel.tsx'
import { Stats } from '../parts/stats.tsx'
import { Tag } from '../parts/tag.tsx'
import { When } from '../parts/when.tsx'
import { sayAge, sayCount } from '../technical-face.ts'
import type { HealthFacts } from './facts.ts'
import { most } from './facts.ts'
import { Letters, Loops } from './letters-and-loops.tsx'
import { healthTexts } from './texts.ts'

export interface HealthView {
  readonly health: Health
  readonly facts: HealthFacts
  readonly version: string
  readonly channels: readonly string[]
  readonly face: Clockface & { readonly language: Language }
}

/** Every alarm with its fix, then the depths of the queues and what runs. */
export function healthPage(c: Context<StaffEnv>, view: HealthView): Response | Promise<Response> {
  const { face } = view
  const { alarms, deadLetters, loops } = view.health
  const texts = healthTexts[face.language]
  return consolePage(
    c,
    { title: texts.title, active: 'health' },
    <>
      <Head title={texts.title} hint={texts.hint} />
      <div class="stack wide">
        {alarms.length === 0 ? (
          <Note tint="ok" fact={texts.well.fact}>
            {texts.well.rest}
          </Note>
        ) : (
          <AlarmList alarms={alarms} face={face} />
        )}
        <Depths view={view} />
        <Letters deadLetters={deadLetters} face={face} />
        <Loops loops={loops} face={face} />
        <Received view={view} />
        <Program view={view} />
      </div>
    </>,
  )
}

function AlarmList({ alarms, face }: Pick<HealthView, 'face'> & Pick<Health, 'alarms'>) {
  const texts = healthTexts[face.language]
  return (
    <section class="panel" aria-labelledby="alarmes">
      <h2 id="alarmes">{texts.alarms(alarms.length)}</h2>
      <ul class="todo">
        {alarms.map(({ code, level, subject, count, since, says, fix, link }) => (
          <li>
            <div>
              <p>
                <Tag tint={level}>{texts.levels[level]}</Tag> <b>{says[face.language]}</b> {subject && <code>{subject}</code>}{' '}
                {count !== undefined && <span class="num">({sayCount(count, face.language)})</span>}
              </p>
              <p>
                {texts.fix} {fix[face.language]}
              </p>
              <p class="hint">
                {texts.since} <When at={since} face={face} /> · {sayAge(since, face)} · <code>{code}</code>
              </p>
            </div>
            {link.startsWith('/console') && (
              <a class="btn small" href={link} aria-label={`${texts.go}, ${says[face.language]}`}>
                {texts.go}
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Depths({ view: { facts, face } }: { readonly view: HealthView }) {
  const texts = healthTexts[face.language]
  const { envelopes, sendDueAt, writeBackDueAt, inDoubt } = facts
  const isLate = sendDueAt && sendDueAt.epochMilliseconds < face.now.epochMilliseconds
  const count = (value: number) => (value >= most ? `${most}+` : sayCount(value, face.language))
  return (
    <Stats
      figures={[
        {
          label: texts.figures.oldest,
          value: isLate ? texts.dueSince(sayAge(sendDueAt, face)) : texts.none,
          context: isLate ? <When at={sendDueAt} face={face} /> : texts.nothingDue,
        },
        {
          label: texts.figures.waiting,
          value: writeBackDueAt ? <When at={writeBackDueAt} face={face} as="hour" /> : texts.none,
          context: texts.context.waiting,
        },
        { label: texts.figures.doubt, value: count(inDoubt), context: texts.context.doubt },
        { label: texts.figures.quarantine, value: sayCount(envelopes.quarantined ?? 0, face.language), context: texts.context.quarantine },
        { label: texts.figures.envelopes, value: sayCount(envelopes.received ?? 0, face.language), context: texts.context.envelopes },
      ]}
    />
  )
}

function Received({ view: { facts, face } }: { readonly view: HealthView }) {
  const texts = healthTexts[face.language]
  const names = ['received', 'applied', 'ignored', 'quarantined', 'retried'] as const
  return (
    <Panel id="recus" title={texts.inbox}>
      <Facts facts={names.map((name) => [texts.states[name], sayCount(facts.envelopes[name] ?? 0, face.language)] as const)} />
    </Panel>
  )
}

function Program({ view: { facts, version, channels, face } }: { readonly view: HealthView }) {
  const texts = healthTexts[face.language]
  const settings = facts.settings.map(({ clinic, version: each }) => texts.settings(clinic, String(each)))
  return (
    <Panel id="programme" title={texts.program} aside={texts.elsewhere}>
      <Facts
        facts={[
          [texts.facts.version, version],
          [texts.facts.node, process.version],
          [texts.facts.zones, process.versions.tz ?? '–'],
          [texts.facts.settings, settings.join(' · ')],
          [texts.facts.channels, channels.length > 0 ? channels.join(', ') : texts.noChannel],
          [texts.facts.clock, `${sayDayAndHour(face.now, face)} (${sayClock(face.zone, face.language)})`],
        ]}
      />
    </Panel>
  )
}
