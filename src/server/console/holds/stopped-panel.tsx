import { sayDayAndHour } from '../../../core/local-time.ts'
import { Note } from '../parts/note.tsx'
import { Panel } from '../parts/panel.tsx'
import { Columns, Table } from '../parts/table.tsx'
import { When } from '../parts/when.tsx'
import { Decide, type HoldPart } from './decide.tsx'
import type { StoppedView } from './look.ts'
import { WaitingRow } from './waiting-row.tsx'

/** A provider that takes nothing of us (R21): since when, what waits for it, and what is too late first. */
export function StoppedPanel({ stop, ...part }: HoldPart & { readonly stop: StoppedView }) {
  const { may, face, base, texts } = part
  const { channel, stopped, count, examples } = stop
  const says = texts.stopped
  const id = `stopped-${channel}`
  const first = examples[0]?.notification.notAfter
  return (
    <Panel id={id} title={says.title(says.channels[channel], count)} look="stack">
      {stopped?.isWell ? (
        <Note tint="info" fact={says.well}>
          {says.wellRest}
        </Note>
      ) : (
        <Note tint="warn" fact={stopped ? says.fact(sayDayAndHour(stopped.since, face)) : says.elsewhere}>
          {says.rest}
        </Note>
      )}
      {stopped && (
        <p>
          {says.reason} <code>{stopped.reason}</code>.{!stopped.isWell && <> {says.nextTry(sayDayAndHour(stopped.nextTryAt, face))}</>}
        </p>
      )}
      {first && <p>{says.expires(sayDayAndHour(first, face))}</p>}
      {examples.length > 0 && (
        <Table label={says.examples}>
          <Columns names={[...texts.columns, says.until]} />
          <tbody>
            {examples.map((example) => (
              <WaitingRow {...part} example={example}>
                <td>
                  <When at={example.notification.notAfter} face={face} />
                </td>
              </WaitingRow>
            ))}
          </tbody>
        </Table>
      )}
      <Decide
        words={{ release: says.release, sure: says.sure, mayNot: texts.mayNot, drop: texts.drop }}
        id={id}
        action={`${base}/holds/stopped/${channel}`}
        may={may.stopped}
        {...(count > 0 && { dropHint: says.dropHint })}
      />
    </Panel>
  )
}
