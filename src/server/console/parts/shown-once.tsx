import type { Context } from 'hono'
import type { StaffEnv } from '../../routes/route.ts'
import type { MenuName } from '../menu.ts'
import { consolePage } from '../page.ts'
import { Field } from './field.tsx'
import { type Crumb, Head } from './head.tsx'
import { Note } from './note.tsx'
import { copyScript } from './scripts.ts'
import { partsTexts } from './texts.ts'

interface ShownOnce {
  readonly active: MenuName
  /** The page it belongs to, to which one goes back. */
  readonly from: Crumb
  readonly title: string
  readonly fact: string
  readonly rest: string
  readonly label: string
  readonly value: string
  readonly back: string
}

/** A secret, on the answer to the form that made it and nowhere else: not behind an address that a reload or a history would bring back. */
export function shownOnce(c: Context<StaffEnv>, shown: ShownOnce): Response | Promise<Response> {
  const { active, from, title, fact, rest, label, value, back } = shown
  const { copy, copied, selected } = partsTexts[c.get('language')]
  return consolePage(
    c,
    { title, active, scripts: [copyScript.path] },
    <>
      <Head crumbs={[from]} title={title} />
      <section class="panel stack">
        <Note tint="warn" fact={fact} role="status">
          {rest}
        </Note>
        <Field id="secret" label={label}>
          <input
            id="secret"
            class="mono"
            type="text"
            readonly
            value={value}
            autocomplete="off"
            data-copy={copy}
            data-copied={copied}
            data-select={selected}
          />
        </Field>
        <p>
          <a class="btn" href={from.href}>
            {back}
          </a>
        </p>
      </section>
    </>,
  )
}
