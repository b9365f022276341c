import type { Context } from 'hono'
import type { Clockface } from '../../../core/local-time.ts'
import type { Language } from '../../../core/words/language.ts'
import type { AuditKind, AuditRow } from '../../audit/search.ts'
import { auditKinds } from '../../audit/search.ts'
import type { Verified } from '../../audit/verify.ts'
import type { Job } from '../../job.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { consolePage } from '../page.ts'
import { Field, Select } from '../parts/field.tsx'
import { Filter } from '../parts/filter.tsx'
import { Head } from '../parts/head.tsx'
import { Note } from '../parts/note.tsx'
import { withQuery } from '../parts/paging.tsx'
import { Panel } from '../parts/panel.tsx'
import { Table } from '../parts/table.tsx'
import { When } from '../parts/when.tsx'
import { sayCount } from '../technical-face.ts'
import { auditTexts } from './texts.ts'

/** As the form sends it. */
export interface AuditQuery {
  readonly kind: AuditKind | ''
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly clinic: string
  readonly from: string
  readonly until: string
}

export interface AuditView {
  readonly query: AuditQuery
  readonly rows: readonly AuditRow[]
  readonly next: number | undefined
  readonly job: Job<Verified> | undefined
  readonly face: Clockface & { readonly language: Language }
}

/** Who did what, newest first, and whether the chain is whole (R31). */
export function auditPage(c: Context<StaffEnv>, view: AuditView): Response | Promise<Response> {
  const { query, rows, next, job, face } = view
  const texts = auditTexts[face.language]
  const address = withQuery('/console/audit', { ...query })
  if (job?.state === 'running') c.header('refresh', '3')
  return consolePage(
    c,
    { title: texts.title, active: 'audit' },
    <>
      <Head title={texts.title} hint={texts.hint} />
      <div class="stack wide">
        <Search view={view} clinics={c.get('clinics')} />
        {rows.length === 0 ? (
          <section class="panel">
            <p>{texts.empty}</p>
          </section>
        ) : (
          <Acts rows={rows} face={face} />
        )}
        <p class="row">
          {next !== undefined && (
            <a class="btn small" rel="next" href={withQuery(address, { before: next })}>
              {texts.goOn}
            </a>
          )}
          <a class="btn small" href={address.replace('/console/audit', '/console/audit.csv')}>
            {texts.csv}
          </a>
          <span class="hint">{texts.csvHint}</span>
        </p>
        <Verify job={job} face={face} />
      </div>
    </>,
  )
}

function Search({
  view: { query, face },
  clinics,
}: {
  readonly view: AuditView
  readonly clinics: readonly { id: string; name: string }[]
}) {
  const texts = auditTexts[face.language]
  const inputs = [
    ['actor', 'text'],
    ['action', 'text'],
    ['subject', 'text'],
    ['from', 'date'],
    ['until', 'date'],
  ] as const
  return (
    <section class="panel stack">
      <Filter language={face.language} label={texts.search}>
        <Field id="kind" label={texts.fields.kind}>
          <Select
            id="kind"
            name="kind"
            narrow
            chosen={query.kind}
            options={[{ value: '', name: texts.kinds.both }, ...auditKinds.map((value) => ({ value, name: texts.kinds[value] }))]}
          />
        </Field>
        {inputs.map(([name, type]) => (
          <Field id={name} label={texts.fields[name]}>
            <input class="auto" id={name} name={name} type={type} value={query[name]} maxlength={200} />
          </Field>
        ))}
        {clinics.length > 1 && (
          <Field id="clinic" label={texts.fields.clinic}>
            <Select
              id="clinic"
              name="clinic"
              narrow
              chosen={query.clinic}
              options={[{ value: '', name: texts.everyClinic }, ...clinics.map(({ id, name }) => ({ value: id, name }))]}
            />
          </Field>
        )}
      </Filter>
      <p class="hint">{texts.begins}</p>
    </section>
  )
}

function Acts({ rows, face }: Pick<AuditView, 'rows' | 'face'>) {
  const texts = auditTexts[face.language]
  return (
    <section class="panel flush">
      <Table label={texts.table}>
        <thead>
          <tr>
            {texts.columns.map((name, index) => (
              <th scope="col" class={index === 0 ? 'num' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ seq, at, actor, action, subject, detail }) => (
            <tr>
              <td class="num">{seq}</td>
              <td>
                <When at={at} face={face} />
              </td>
              <td>{actor}</td>
              <td>
                <code>{action}</code>
              </td>
              <th scope="row">
                <a href={withQuery('/console/audit', { subject })}>{subject}</a>
              </th>
              <td class="hint">{detail ? sayDetail(detail) : texts.erased}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </section>
  )
}

function sayDetail(detail: NonNullable<AuditRow['detail']>): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name}=${value}`)
    .join(' · ')
}

function Verify({ job, face }: Pick<AuditView, 'job' | 'face'>) {
  const { verify } = auditTexts[face.language]
  return (
    <Panel id="chaine" title={verify.title} look="stack">
      <p>{verify.hint}</p>
      {job && <Came job={job} face={face} />}
      {job?.state !== 'running' && (
        <form method="post" action="/console/audit/verify">
          <button class="btn" type="submit">
            {verify.act}
          </button>
        </form>
      )}
    </Panel>
  )
}

function Came({ job: { state, progress, result, endedAt }, face }: { readonly job: Job<Verified>; readonly face: AuditView['face'] }) {
  const { verify } = auditTexts[face.language]
  const count = (value: number) => sayCount(value, face.language)
  if (state === 'running')
    return (
      <p role="status">
        <progress max={100} value={Math.round(progress * 100)} aria-label={verify.title} />{' '}
        {verify.runs(count(result?.looked ?? 0), count(result?.of ?? 0))} <a href="/console/audit">{verify.reload}</a>
      </p>
    )
  if (state === 'stopped') return <Note tint="warn" fact={verify.stopped} />
  if (state === 'failed' || !result) return <Note tint="bad" fact={verify.failed} />
  const when = endedAt && (
    <>
      {verify.at} <When at={endedAt} face={face} />
    </>
  )
  if (result.faulty === 0)
    return (
      <Note tint="ok" fact={verify.whole(count(result.looked))}>
        {when}
      </Note>
    )
  return (
    <Note tint="bad" fact={verify.broken(count(result.faulty))}>
      {verify.first} {result.faults.map(({ seq, fault }) => `${verify.row(String(seq))}, ${verify.faults[fault]}`).join(' · ')} {when}
    </Note>
  )
}
