import type { StaffFace } from '../appointments/timeline.tsx'
import type { HoldsView, MayHold } from './look.ts'
import type { HoldsFlash, HoldsTexts } from './texts-shape.ts'

export interface HoldsShown {
  readonly view: HoldsView
  readonly may: MayHold
  readonly face: StaffFace
  readonly base: string
  readonly flash?: HoldsFlash
}

export type HoldPart = HoldsShown & { readonly texts: HoldsTexts }

interface DecideProps {
  readonly words: Pick<HoldsTexts, 'release' | 'drop' | 'sure' | 'mayNot'>
  /** Of the form; the button's own name says what is decided. */
  readonly action: string
  readonly id: string
  readonly may: boolean
  readonly dropHint?: string
}

/** Nobody decides before they have looked: the tick stands before both buttons. */
export function Decide({ words, action, id, may, dropHint }: DecideProps) {
  if (!may) return <p class="hint">{words.mayNot}</p>
  return (
    <form method="post" action={action} class="stack">
      <label class="choice">
        <input type="checkbox" name="sure" value="on" required id={`${id}-sure`} /> {words.sure}
      </label>
      <p class="row">
        <button type="submit" class="btn go" name="decision" value="released">
          {words.release}
        </button>
        {dropHint !== undefined && (
          <button type="submit" class="btn danger" name="decision" value="dropped">
            {words.drop}
          </button>
        )}
      </p>
      {dropHint !== undefined && <p class="hint">{dropHint}</p>}
    </form>
  )
}
