import type { Context } from 'hono'
import type { Clockface } from '../../../core/local-time.ts'
import type { Language } from '../../../core/words/language.ts'
import type { Job } from '../../job.ts'
import type { ReplayJob } from '../../replay/start.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { consolePage } from '../page.ts'
import { ErrorSummary, type FieldError } from '../parts/errors.tsx'
import { Facts } from '../parts/facts.tsx'
import { Head } from '../parts/head.tsx'
import { Note } from '../parts/note.tsx'
import { Panel } from '../parts/panel.tsx'
import { SpanFields, type SpanTyped } from '../parts/span.tsx'
import { sayCount } from '../technical-face.ts'
import { textsOf } from './said.tsx'

export interface ReplayView extends SpanTyped {
  readonly id: string
  readonly errors: readonly FieldError[]
  readonly job: Job<ReplayJob> | undefined
  readonly face: Clockface & { readonly language: Language }
}

/** A time span of received messages, read again by the mapping of now: dry first. */
export function replayPage(c: Context<StaffEnv>, view: ReplayView): Response | Promise<Response> {
  const { id, errors, job, face } = view
  const texts = textsOf(face)
  const base = `/console/connectors/${encodeURIComponent(id)}`
  // looked at again by itself while it runs, without a script
  if (job?.state === 'running') c.header('refresh', '3')
  return consolePage(
    c,
    { title: `${texts.replay.title} · ${id}`, active: 'connectors' },
    <>
      <ErrorSummary language={face.language} errors={errors} />
      <Head
        crumbs={[
          { href: '/console/connectors', name: texts.title },
          { href: base, name: id },
        ]}
        title={texts.replay.title}
        hint={texts.replay.hint}
      />
      <div class="stack wide">
        <Came job={job} face={face} base={base} />
        {job?.state !== 'running' && <Span view={view} base={base} />}
      </div>
    </>,
    errors.length > 0 ? 422 : 200,
  )
}

function Span({ view: { from, until, errors, face }, base }: { readonly view: ReplayView; readonly base: string }) {
  const { replay } = textsOf(face)
  return (
    <form class="panel stack" method="post" action={`${base}/replay`}>
      <SpanFields from={from} until={until} face={face} labels={[replay.from, replay.until]} error={errors[0]?.says} />
      <p class="hint">{replay.goHint}</p>
      <div class="row">
        <button class="btn go" type="submit" name="do" value="dry">
          {replay.dry}
        </button>
        <button class="btn" type="submit" name="do" value="go">
          {replay.go}
        </button>
      </div>
    </form>
  )
}

function Came({ job, face, base }: { readonly job: ReplayView['job']; readonly face: ReplayView['face']; readonly base: string }) {
  const { replay } = textsOf(face)
  if (!job) return <p class="hint">{replay.none}</p>
  const percent = `${Math.round(Math.min(1, Math.max(0, job.progress)) * 100)}\u00a0%`
  return (
    <Panel id="resultat" title={titleOf(job, replay)} look="stack">
      {job.state === 'running' && (
        <p role="status">
          <progress max={100} value={Math.round(job.progress * 100)} aria-label={replay.title} /> {replay.progress(percent)}{' '}
          <a href={`${base}/replay`}>{replay.reload}</a>
        </p>
      )}
      {job.state === 'stopped' && <Note tint="warn" fact={replay.stopped} />}
      {job.state === 'failed' && <Note tint="bad" fact={replay.failed} />}
      {job.result && <Counts result={job.result} face={face} />}
    </Panel>
  )
}

function titleOf({ state, result }: Job<ReplayJob>, texts: ReturnType<typeof textsOf>['replay']): string {
  if (state === 'running') return texts.runs
  return result?.dry ? texts.dryResult : texts.result
}

function Counts({ result, face }: { readonly result: ReplayJob; readonly face: ReplayView['face'] }) {
  const { replay } = textsOf(face)
  const names = [
    'looked',
    'read',
    'unreadable',
    'without',
    'gone',
    ...(result.dry ? (['fresh', 'changed', 'merged'] as const) : []),
  ] as const
  const aspects = Object.entries(result.aspects).map(([aspect, count]) => `${aspect} ${sayCount(count, face.language)}`)
  return (
    <>
      <Facts
        facts={[
          ...names.map((name) => [replay.counts[name], sayCount(result[name], face.language)] as const),
          ...(aspects.length > 0 ? [[replay.counts.aspects, aspects.join(', ')] as const] : []),
        ]}
      />
      {result.cut && <p class="hint">{replay.cut}</p>}
    </>
  )
}
