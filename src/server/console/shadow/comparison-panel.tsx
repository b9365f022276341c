import type { Clockface } from '../../../core/local-time.ts'
import type { Compared, ReasonCount, Verdict } from '../../../core/rollout-compare.ts'
import { verdicts } from '../../../core/rollout-compare.ts'
import type { Settings } from '../../../core/settings.ts'
import type { Language } from '../../../core/words/language.ts'
import type { Comparison, LineFilter } from '../../shadow/comparison.ts'
import { linesOf } from '../../shadow/comparison.ts'
import { sayReason } from '../../shadow/reason-words.ts'
import { number } from '../../simulate/report-words.ts'
import { clinicAddress } from '../menu.ts'
import { Filter } from '../parts/filter.tsx'
import { Note } from '../parts/note.tsx'
import { Paging, withQuery } from '../parts/paging.tsx'
import { Panel } from '../parts/panel.tsx'
import { pageOf } from '../parts/slice.ts'
import { Stats } from '../parts/stats.tsx'
import { Columns, Table } from '../parts/table.tsx'
import type { Tint } from '../parts/tag.tsx'
import { Tag } from '../parts/tag.tsx'
import { When } from '../parts/when.tsx'
import { shadowTexts } from './texts-by-language.ts'

export interface ComparisonView {
  readonly settings: Settings
  /** Absent: the time that was asked for is none. */
  readonly comparison: Comparison | undefined
  readonly days: { readonly from: string; readonly until: string; readonly within: number }
  readonly filter: LineFilter
  readonly page: number
  /** Of this page, with its query. */
  readonly address: string
  readonly mayExport: boolean
}

interface Props {
  readonly view: ComparisonView
  readonly face: Clockface
  readonly language: Language
}

const tints: Readonly<Record<Verdict, Tint | undefined>> = {
  both: 'ok',
  other_time: 'info',
  other_channel: 'info',
  only_we: 'shadow',
  only_they: 'warn',
}

/** Both systems over a time: how much is the same, what differs by reason, and each line. */
export function ComparisonPanel(props: Props) {
  const { view, language } = props
  const texts = shadowTexts[language]
  const { comparison, days } = view
  const isEmpty = comparison !== undefined && comparison.lines.length === 0
  return (
    <Panel id="comparison" title={texts.comparison} aside={texts.comparisonHint} look="stack">
      <Filter language={language} label={texts.comparison} action="#comparison">
        <DayField name="from" label={texts.from} value={days.from} />
        <DayField name="until" label={texts.until} value={days.until} />
        <label for="within">{texts.within}</label>
        <input class="auto" id="within" name="within" type="number" min="0" max="1440" value={days.within} />
      </Filter>
      {!comparison && <Note tint="warn" fact={texts.badSpan} />}
      {isEmpty && <p>{texts.nothingYet}</p>}
      {comparison && !isEmpty && (
        <>
          <Stats
            figures={verdicts.map((verdict) => ({
              label: texts.verdicts[verdict],
              value: number(comparison.verdicts[verdict], language),
              context: texts.verdictMeans[verdict],
            }))}
          />
          {comparison.cut && <Note tint="warn" fact={texts.cut} />}
          <Reasons {...props} comparison={comparison} />
          <Lines {...props} comparison={comparison} />
        </>
      )}
    </Panel>
  )
}

function DayField({ name, label, value }: { readonly name: string; readonly label: string; readonly value: string }) {
  return (
    <>
      <label for={name}>{label}</label>
      <input class="auto" id={name} name={name} type="date" value={value} />
    </>
  )
}

type Found = Props & { readonly comparison: Comparison }

function Reasons({ view, comparison, language }: Found) {
  const texts = shadowTexts[language]
  if (comparison.reasons.length === 0) return <p>{texts.noDifference}</p>
  const linesWith = ({ verdict, kind, reason }: ReasonCount) => withQuery(view.address, { verdict, kind, reason, page: undefined })
  return (
    <>
      <h3>{texts.reasons}</h3>
      <Table label={texts.reasons}>
        <thead>
          <tr>
            <th scope="col">{texts.difference}</th>
            <th scope="col">{texts.kind}</th>
            <th scope="col">{texts.reason}</th>
            <th scope="col" class="num">
              {texts.count}
            </th>
          </tr>
        </thead>
        <tbody>
          {comparison.reasons.map((each) => (
            <tr>
              <th scope="row">
                <Tag tint={tints[each.verdict]}>{texts.verdicts[each.verdict]}</Tag>
              </th>
              <td>{texts.kinds[each.kind]}</td>
              <td>{each.reason === undefined ? texts.verdictMeans[each.verdict] : sayReason(each.reason, view.settings)[language]}</td>
              <td class="num">
                <a href={`${linesWith(each)}#lines`}>{number(each.count, language)}</a>
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  )
}

function Lines({ view, comparison, face, language }: Found) {
  const texts = shadowTexts[language]
  const { rows, page, pages } = pageOf(linesOf(comparison, view.filter), view.page)
  const at = (wanted: number) => `${withQuery(view.address, { page: wanted })}#lines`
  const isFiltered = Object.values(view.filter).some((each) => each !== undefined)
  if (rows.length === 0) return null
  return (
    <>
      <h3 id="lines">{texts.lines}</h3>
      <p class="row">
        {isFiltered && (
          <a class="btn small" href={`${withQuery(view.address, { verdict: '', kind: '', reason: '', page: '' })}#lines`}>
            {texts.everything}
          </a>
        )}
        {view.mayExport && (
          <a class="btn small" href={exportAddress(view)}>
            {texts.export}
          </a>
        )}
      </p>
      <Table label={texts.lines}>
        <Columns names={[texts.appointment, texts.kind, texts.difference, texts.ours, texts.theirs, texts.reason]} />
        <tbody>
          {rows.map((line) => (
            <tr>
              <th scope="row">
                <Appointment line={line} clinicId={view.settings.clinic.id} none={texts.none} />
              </th>
              <td>{texts.kinds[line.kind]}</td>
              <td>
                <Tag tint={tints[line.verdict]}>{texts.verdicts[line.verdict]}</Tag>
              </td>
              <td>{line.we ? <Side side={line.we} face={face} language={language} /> : texts.none}</td>
              <td>{line.they ? <Side side={line.they} face={face} language={language} /> : texts.none}</td>
              <td>{line.reason === undefined ? '' : sayReason(line.reason, view.settings)[language]}</td>
            </tr>
          ))}
        </tbody>
      </Table>
      <Paging
        language={language}
        page={page}
        pages={pages}
        previous={page > 1 ? at(page - 1) : undefined}
        next={page < pages ? at(page + 1) : undefined}
      />
    </>
  )
}

function exportAddress({ address, filter }: ComparisonView): string {
  const [path = '', search] = withQuery(address, { ...filter, page: undefined }).split('?')
  return search === undefined ? `${path}/export` : `${path}/export?${search}`
}

function Appointment({ line, clinicId, none }: { readonly line: Compared; readonly clinicId: string; readonly none: string }) {
  if (line.appointmentId === undefined) return none
  return <a href={`${clinicAddress(clinicId)}/appointments/${encodeURIComponent(line.appointmentId)}`}>{line.appointmentId}</a>
}

function Side({
  side,
  face,
  language,
}: {
  readonly side: NonNullable<Compared['they']>
  readonly face: Clockface
  readonly language: Language
}) {
  return (
    <>
      {shadowTexts[language].channels[side.channel]}, <When at={side.at} face={face} />
    </>
  )
}
