import type { Context } from 'hono'
import type { Settings } from '../../../core/settings.ts'
import type { Impact } from '../../impact/impact.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { ImpactLine, ImpactPanel } from '../impact/impact-panel.tsx'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import { Head } from '../parts/head.tsx'
import { Savebar } from '../parts/savebar.tsx'
import { Tag } from '../parts/tag.tsx'
import type { MotifRow } from './rows.ts'
import { motifsTexts } from './texts.ts'

interface BulkView {
  readonly settings: Settings
  readonly rows: readonly MotifRow[]
  readonly on: boolean
  readonly impact: Impact
  readonly seen: string
}

/** Several motifs are switched together: which, and what that would change, before it is saved. */
export function bulkPage(c: Context<StaffEnv>, { settings, rows, on, impact, seen }: BulkView): Response | Promise<Response> {
  const language = c.get('language')
  const texts = motifsTexts[language]
  const clinic = clinicAddress(settings.clinic.id)
  const address = `${clinic}/motifs`
  const title = texts.bulk.title(rows.length, on)
  return consolePage(
    c,
    { title: texts.title, active: 'motifs' },
    <>
      <Head crumbs={[{ href: address, name: texts.title }]} title={title} hint={texts.everyAgenda} />
      <form class="stack wide" method="post" action={address}>
        <input type="hidden" name="version" value={settings.version} />
        <input type="hidden" name="seen" value={seen} />
        <input type="hidden" name="to" value={on ? 'on' : 'off'} />
        <section class="panel">
          <ul class="facts">
            {rows.map(({ key, label }) => (
              <li>
                <input type="hidden" name="key" value={key} />
                {label} <Tag tint="warn">{texts.edited}</Tag>
              </li>
            ))}
          </ul>
        </section>
        <ImpactPanel impact={impact} settings={settings} language={language} toCall={`${clinic}/to-call`} />
        <Savebar fact={texts.form.unsaved} hint={<ImpactLine impact={impact} language={language} />}>
          <a class="btn" href={address}>
            {texts.form.drop}
          </a>
          <button type="submit" class="btn go" name="do" value="save">
            {texts.form.save}
          </button>
        </Savebar>
      </form>
    </>,
  )
}
