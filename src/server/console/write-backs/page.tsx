import type { Context } from 'hono'
import type { Clockface } from '../../../core/local-time.ts'
import { sayDayAndHour } from '../../../core/local-time.ts'
import type { Language } from '../../../core/words/language.ts'
import type { WriteBack } from '../../../core/write-back.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import { Head } from '../parts/head.tsx'
import { Toast } from '../parts/note.tsx'
import { Paging } from '../parts/paging.tsx'
import { Empty } from '../parts/panel.tsx'
import { Columns, Table } from '../parts/table.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { Tag, type Tint } from '../parts/tag.tsx'
import { When } from '../parts/when.tsx'
import { hasDiverged, mostCounted } from './ledger.ts'
import type { ShownAs } from './page-texts.ts'
import { shownAs } from './page-texts.ts'
import { writeBacksTexts } from './texts.ts'

export interface LedgerView {
  readonly clinicId: string
  readonly shown: ShownAs
  readonly counts: Readonly<Record<ShownAs, number>>
  readonly rows: readonly WriteBack[]
  readonly next: string | undefined
  readonly mayAct: boolean
  readonly done: string | undefined
  readonly face: Clockface & { readonly language: Language }
}

/** The ledger of what patients answered: asked, accepted, read back. */
export function ledgerView(c: Context<StaffEnv>, view: LedgerView): Response | Promise<Response> {
  const { clinicId, shown, counts, rows, next, mayAct, done, face } = view
  const texts = writeBacksTexts[face.language]
  const base = `${clinicAddress(clinicId)}/write-backs`
  const counted = (count: number) => (count === 0 ? '' : ` ${count >= mostCounted ? `${mostCounted}+` : count}`)
  return consolePage(
    c,
    { title: texts.title, active: 'writeBacks' },
    <>
      {done !== undefined && <Toast>{done}</Toast>}
      <Head title={texts.title} hint={texts.hint} />
      <div class="stack">
        <Tabs
          label={texts.filter}
          tabs={shownAs.map((each) => ({
            href: `${base}?state=${each}`,
            name: `${texts.shownAs[each]}${counted(counts[each])}`,
            current: each === shown,
          }))}
        />
        {!mayAct && <p class="hint">{texts.reserved}</p>}
        {rows.length === 0 && next === undefined ? (
          <Empty>{texts.empty[shown]}</Empty>
        ) : (
          <section class="panel flush">
            <Table label={`${texts.table}, ${texts.shownAs[shown]}`}>
              <Columns names={texts.columns.slice(0, mayAct ? 6 : 5)} />
              <tbody>
                {rows.map((each) => (
                  <Row writeBack={each} view={view} base={base} />
                ))}
              </tbody>
            </Table>
          </section>
        )}
        <Paging language={face.language} next={next} />
      </div>
    </>,
  )
}

function tintOf(writeBack: WriteBack): Tint | undefined {
  if (hasDiverged(writeBack)) return 'warn'
  const tints = {
    queued: 'info',
    sending: 'info',
    acknowledged: undefined,
    verified: 'ok',
    withdrawn: 'stop',
    stale: 'stop',
    failed: 'bad',
  } as const
  return tints[writeBack.state]
}

function Row({ writeBack, view, base }: { readonly writeBack: WriteBack; readonly view: LedgerView; readonly base: string }) {
  const { clinicId, mayAct, face } = view
  const { id, appointmentId, kind, answeredAt, state, attempts, reason, nextTryAt } = writeBack
  const texts = writeBacksTexts[face.language]
  return (
    <tr>
      <th scope="row">
        <When at={answeredAt} face={face} />
      </th>
      <td>
        <a href={`${clinicAddress(clinicId)}/appointments/${encodeURIComponent(appointmentId)}`}>{appointmentId}</a>
      </td>
      <td>{texts.kinds[kind]}</td>
      <td>
        <Steps writeBack={writeBack} face={face} />
      </td>
      <td>
        <Tag tint={tintOf(writeBack)}>{hasDiverged(writeBack) ? texts.shownAs.diverged : texts.states[state]}</Tag>{' '}
        {attempts > 0 && <span class="hint">{texts.tries(attempts)}</span>}
        {reason !== undefined && (
          <p class="hint">
            {texts.why} <code>{reason}</code>
          </p>
        )}
        {state === 'queued' && <p class="hint">{texts.nextTry(sayDayAndHour(nextTryAt, face))}</p>}
      </td>
      {mayAct && (
        <td>
          <Acts id={id} state={state} appointmentId={appointmentId} base={base} language={face.language} />
        </td>
      )}
    </tr>
  )
}

function Steps({ writeBack, face }: { readonly writeBack: WriteBack; readonly face: LedgerView['face'] }) {
  const { steps, notYet } = writeBacksTexts[face.language]
  const at = [
    ['asked', writeBack.answeredAt],
    ['accepted', writeBack.acknowledgedAt],
    ['read', writeBack.verifiedAt],
  ] as const
  return (
    <ol class="steps">
      {at.map(([step, when]) => (
        <li>
          {steps[step]} <span class="hint">{when ? <When at={when} face={face} as="hour" /> : notYet}</span>
        </li>
      ))}
    </ol>
  )
}

interface ActsProps {
  readonly id: string
  readonly state: WriteBack['state']
  readonly appointmentId: string
  readonly base: string
  readonly language: Language
}

function Acts({ id, state, appointmentId, base, language }: ActsProps) {
  const texts = writeBacksTexts[language]
  if (state !== 'failed' && state !== 'queued') return null
  const label = (act: string) => `${act}, ${texts.of} ${appointmentId}`
  const retry = state === 'failed' ? texts.retry : texts.tryNow
  return (
    <form class="row" method="post" action={base}>
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="state" value={state} />
      <button class="btn small" type="submit" name="do" value="retry" aria-label={label(retry)}>
        {retry}
      </button>
      {state === 'queued' && (
        <button class="btn small" type="submit" name="do" value="give_up" aria-label={label(texts.giveUp)}>
          {texts.giveUp}
        </button>
      )}
      {state === 'failed' && <a href={base.replace(/\/write-backs$/, '/inbox')}>{texts.replies}</a>}
    </form>
  )
}
