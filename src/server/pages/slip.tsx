import { ActLinks, Ahead } from './ahead.tsx'
import { When } from './heading.tsx'
import { ArrivalOpen, Arrived, CancelStepTwo, OffByClinic, OffByPatient, Past, UnderWay } from './states.tsx'
import type { View } from './view.ts'
import { isAhead, isOff } from './view.ts'

/** The appointment itself: its date first (design.md, principle 1), then what is known, asked or offered. */
export function Slip({ view }: { readonly view: View }) {
  const { page } = view
  const classes = ['slip', ...(isOff(view) ? ['off'] : []), ...(page.state === 'past' ? ['past'] : [])]
  return (
    <article class={classes.join(' ')}>
      <When view={view} />
      <div class="in stack">
        <Body view={view} />
      </div>
      {isAhead(view) && <ActLinks view={view} />}
    </article>
  )
}

function Body({ view }: { readonly view: View }) {
  const { page } = view
  switch (page.state) {
    case 'cancelled-by-clinic':
      return <OffByClinic view={view} />
    case 'cancelled-by-patient':
      return <OffByPatient view={view} page={page} />
    case 'arrived':
      return <Arrived view={view} page={page} />
    case 'past':
      return <Past view={view} />
    case 'arrival-open':
      return <ArrivalOpen view={view} page={page} />
    case 'under-way':
      return <UnderWay view={view} />
    case 'cancel-step-two':
      return <CancelStepTwo view={view} />
    case 'moved':
    case 'confirmable':
    case 'confirmed':
    case 'before-window':
    case 'upcoming':
      return <Ahead view={view} />
    default:
      return page satisfies never
  }
}
