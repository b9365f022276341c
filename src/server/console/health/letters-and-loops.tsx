import type { Clockface } from '../../../core/local-time.ts'
import type { Language } from '../../../core/words/language.ts'
import { stalledSince } from '../../loop-book.ts'
import { mostCounted } from '../../operations/dead-letters.ts'
import type { Health } from '../../operations/health.ts'
import { Note } from '../parts/note.tsx'
import { Panel } from '../parts/panel.tsx'
import { Columns, Table } from '../parts/table.tsx'
import { Tag } from '../parts/tag.tsx'
import { When } from '../parts/when.tsx'
import { sayAge, sayCount } from '../technical-face.ts'
import { healthTexts } from './texts.ts'

interface Told {
  readonly face: Clockface & { readonly language: Language }
}

/** What goes no further by itself, with the fix beside it. */
export function Letters({ deadLetters, face }: Told & Pick<Health, 'deadLetters'>) {
  const { letters, go } = healthTexts[face.language]
  if (deadLetters.length === 0) return <Note tint="ok" fact={letters.none} />
  return (
    <Panel id="lettres" title={letters.title} look="flush">
      <Table label={letters.title}>
        <Columns names={letters.columns} />
        <tbody>
          {deadLetters.map(({ kind, clinicId, subject, count, oldestAt, fix, link }) => (
            <tr>
              <th scope="row">
                {letters.kinds[kind]} <code>{subject ?? clinicId}</code>
              </th>
              <td class="num">{count >= mostCounted ? `${mostCounted}+` : sayCount(count, face.language)}</td>
              <td>
                <When at={oldestAt} face={face} />
              </td>
              <td>{fix[face.language]}</td>
              <td>
                <a class="btn small" href={link} aria-label={`${go}, ${letters.kinds[kind]} ${subject ?? clinicId}`}>
                  {go}
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}

const stateTints = { running: undefined, done: 'ok', failed: 'bad' } as const

/** What each loop of this process did last: when, how long, how it ended. */
export function Loops({ loops, face }: Told & Pick<Health, 'loops'>) {
  const texts = healthTexts[face.language]
  if (loops.length === 0) return null
  return (
    <Panel id="taches" title={texts.loops.title} look="flush">
      <Table label={texts.loops.title}>
        <Columns names={texts.loops.columns} />
        <tbody>
          {loops.map((step) => {
            const [kind = '', connector] = step.name.split(' ')
            const tint = stalledSince(step, face.now) ? 'bad' : stateTints[step.state]
            return (
              <tr>
                <th scope="row">
                  {texts.loops.names[kind] ?? kind} {connector} <code class="hint">{step.name}</code>
                </th>
                <td>{sayAge(step.startedAt, face)}</td>
                <td class="num">{step.tookMs === undefined ? '–' : texts.loops.took(sayCount(step.tookMs, face.language))}</td>
                <td>
                  <Tag {...(tint && { tint })}>{texts.loops.states[step.state]}</Tag>
                </td>
                <td>{step.nextAt ? <When at={step.nextAt} face={face} as="hour" /> : '–'}</td>
              </tr>
            )
          })}
        </tbody>
      </Table>
    </Panel>
  )
}
