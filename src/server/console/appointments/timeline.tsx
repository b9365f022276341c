import { nameStep } from '../../../core/explain/story-words.ts'
import type { Explanation, GateExplained } from '../../../core/explain.ts'
import type { Clockface } from '../../../core/local-time.ts'
import { sayDayAndHour, sayHour, toLocalText } from '../../../core/local-time.ts'
import type { NotificationState } from '../../../core/notification.ts'
import type { TimelineLine } from '../../../core/timeline.ts'
import type { Language } from '../../../core/words/language.ts'
import { capitalise } from '../../../core/words/typography.ts'
import type { WriteBack } from '../../../core/write-back.ts'
import { Icon } from '../../pages/icon.tsx'
import { Tag, type Tint } from '../parts/tag.tsx'
import { sayShortWhen } from '../plots/dates.ts'
import { mask } from './contacts.ts'
import type { StoryLine } from './story.ts'
import { appointmentsTexts } from './texts.ts'
import type { AppointmentsTexts } from './texts-shape.ts'

export type StaffFace = Clockface & { readonly language: Language }

interface TimelineProps {
  readonly story: readonly StoryLine[]
  readonly face: StaffFace
  /** The line that was looked for: its reasons are open. */
  readonly opened?: string | undefined
}

/** What happened, then what is to come, with a line between them. */
export function Timeline({ story, face, opened }: TimelineProps) {
  const texts = appointmentsTexts[face.language]
  const firstAhead = story.findIndex(({ ahead }) => ahead)
  const past = firstAhead < 0 ? story : story.slice(0, firstAhead)
  return (
    <ol class="tl">
      {past.map((each) => (
        <Line each={each} face={face} texts={texts} opened={opened} />
      ))}
      <li class="now">
        <p>{texts.now(sayDayAndHour(face.now, face))}</p>
      </li>
      {story.slice(past.length).map((each) => (
        <Line each={each} face={face} texts={texts} opened={opened} />
      ))}
    </ol>
  )
}

interface LineProps {
  readonly each: StoryLine
  readonly face: StaffFace
  readonly texts: AppointmentsTexts
  readonly opened: string | undefined
}

function Line({ each, face, texts, opened }: LineProps) {
  const { line, act } = each
  const explanation = line?.explanation
  const look = lookOf(each)
  return (
    <li {...(look && { class: look })} {...(explanation && { id: explanation.notificationId })}>
      <p class="at">
        <time datetime={toLocalText(each.at, face.zone)}>{sayShortWhen(each.at, face)}</time>
      </p>
      {line && <Said line={line} texts={texts} language={face.language} />}
      {act && (
        <p>
          <b>{texts.acts[act.name]}</b>
        </p>
      )}
      {each.attempts.map((attempt) => (
        <div>
          <p class="hint">
            {texts.sentTo(attempt.to === undefined ? texts.none : mask(attempt.to), sayDayAndHour(attempt.startedAt, face))}
          </p>
          <details>
            <summary>{texts.wording}</summary>
            <p class="sms">{attempt.text}</p>
          </details>
        </div>
      ))}
      {each.openedAt && <p class="hint">{texts.opened(sayDayAndHour(each.openedAt, face))}</p>}
      {line?.writeBack && <Steps writeBack={line.writeBack} face={face} texts={texts} />}
      {explanation && <Why explanation={explanation} face={face} texts={texts} open={explanation.notificationId === opened} />}
      {line?.what === 'message' && !explanation && <p class="hint">{line.sentence[face.language]}</p>}
    </li>
  )
}

function Said({ line, texts, language }: { readonly line: TimelineLine; readonly texts: AppointmentsTexts; readonly language: Language }) {
  const state = line.explanation?.state
  const [says, tint] = state ? texts.outcomes[state] : []
  return (
    <p>
      <b>{capitalise(line.title[language])}</b> {says !== undefined && <Tag tint={tint}>{says}</Tag>}
      {line.what === 'message' && !state && <Tag tint="stop">{texts.notPlanned}</Tag>}
      {line.writeBack && <Tag tint={answerTint(line.writeBack)}>{capitalise(nameStep(line.writeBack.state)[language])}</Tag>}
    </p>
  )
}

/** Asked → accepted → read back, each with its hour; where it ended otherwise, the tag says so. */
function Steps({ writeBack, face, texts }: { readonly writeBack: WriteBack; readonly face: StaffFace; readonly texts: AppointmentsTexts }) {
  const { answeredAt, acknowledgedAt, verifiedAt, state } = writeBack
  const isWaiting = state === 'queued' || state === 'sending'
  return (
    <ol class="steps hint">
      <li>
        {texts.steps.asked} {sayHour(answeredAt, face)}
      </li>
      {acknowledgedAt && (
        <li>
          {texts.steps.accepted} {sayHour(acknowledgedAt, face)}
        </li>
      )}
      {verifiedAt && (
        <li>
          {texts.steps.readBack} {sayHour(verifiedAt, face)}
        </li>
      )}
      {isWaiting && <li>{texts.steps.waiting}</li>}
    </ol>
  )
}

interface WhyProps {
  readonly explanation: Explanation
  readonly face: StaffFace
  readonly texts: AppointmentsTexts
  readonly open: boolean
}

/** The decision record itself: its conclusion, all gates in order, what would have it sent. */
function Why({ explanation, face, texts, open }: WhyProps) {
  const { sentence, gates, wouldNeed, forecast, settingsVersion, decidedAt } = explanation
  const { language } = face
  const record = [
    settingsVersion !== undefined && texts.settingsVersion(settingsVersion),
    forecast ? texts.forecast : decidedAt && texts.decidedAt(sayDayAndHour(decidedAt, face)),
  ].filter(Boolean)
  return (
    <details class="why" {...(open && { open: true })}>
      <summary>{texts.why}</summary>
      <div class="stack">
        <p>
          <b>{sentence[language]}</b>
        </p>
        {gates.length > 0 && (
          <ol class="gates">
            {gates.map((gate) => (
              <Gate gate={gate} language={language} />
            ))}
          </ol>
        )}
        {wouldNeed.length > 0 && (
          <div class="note info">
            <Icon name="alert" />
            <div>
              <p>
                <b>{forecast ? texts.toGo : texts.wouldHave}</b> {wouldNeed.map((need) => need[language]).join(' · ')}
              </p>
            </div>
          </div>
        )}
        <p class="hint">{record.join(' · ')}</p>
      </div>
    </details>
  )
}

function Gate({ gate, language }: { readonly gate: GateExplained; readonly language: Language }) {
  const look = gate.decided || gate.verdict === 'no' ? 'no' : gate.verdict === 'na' ? 'na' : undefined
  return (
    <li {...(look && { class: look })}>
      <span>{gate.title[language]}</span>
      <span>{gate.said[language]}</span>
      <span class="hint">{gate.rule}</span>
    </li>
  )
}

const looks: Readonly<Partial<Record<NotificationState, string>>> = {
  sent: 'good',
  delivered: 'good',
  failed: 'fail',
  suppressed: 'stop',
  shadow: 'stop',
  expired: 'stop',
  withdrawn: 'stop',
  merged_into: 'stop',
}

function lookOf({ ahead, line }: StoryLine): string | undefined {
  if (ahead) return 'next'
  if (line?.writeBack) return line.writeBack.state === 'failed' ? 'fail' : 'good'
  if (line?.what === 'message' && !line.explanation) return 'stop'
  return line?.explanation && looks[line.explanation.state]
}

function answerTint({ state }: WriteBack): Tint | undefined {
  if (state === 'verified') return 'ok'
  if (state === 'failed') return 'bad'
  return state === 'stale' || state === 'withdrawn' ? 'stop' : undefined
}
