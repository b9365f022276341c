import type { Context } from 'hono'
import type { StaffEnv } from '../../routes/route.ts'
import { consolePage } from '../page.ts'
import { Field } from '../parts/field.tsx'
import { Head } from '../parts/head.tsx'
import { Note } from '../parts/note.tsx'
import { accessTexts } from './texts.ts'

interface ShownOnce {
  readonly title: string
  readonly fact: string
  readonly rest: string
  readonly label: string
  readonly value: string
}

/** A secret, on the answer to the form that made it and nowhere else: not behind an address that a reload or a history would bring back. */
export function shownOnce(c: Context<StaffEnv>, { title, fact, rest, label, value }: ShownOnce): Response | Promise<Response> {
  const texts = accessTexts(c.get('language'))
  return consolePage(
    c,
    { title, active: 'access' },
    <>
      <Head crumbs={[{ href: '/console/access', name: texts.title }]} title={title} />
      <section class="panel stack">
        <Note tint="warn" fact={fact} role="status">
          {rest}
        </Note>
        <Field id="secret" label={label}>
          <input id="secret" class="mono" type="text" readonly value={value} autocomplete="off" />
        </Field>
        <p>
          <a class="btn" href="/console/access">
            {texts.back}
          </a>
        </p>
      </section>
    </>,
  )
}
