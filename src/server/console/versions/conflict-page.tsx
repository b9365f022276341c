import type { Context } from 'hono'
import type { Settings } from '../../../core/settings.ts'
import type { SettingsDraft } from '../../../core/settings-diff.ts'
import { diffSettings } from '../../../core/settings-diff.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { consolePage } from '../page.ts'
import { Head } from '../parts/head.tsx'
import { Note } from '../parts/note.tsx'
import { Panel } from '../parts/panel.tsx'
import { DiffTable } from './diff-table.tsx'
import { versionsTexts } from './texts.ts'

interface Conflict {
  readonly read: Settings
  readonly wanted: SettingsDraft
  readonly current: Settings
  /** Where one edits again, upon the version in use. */
  readonly address: string
}

/** D6: somebody was faster. What they changed and what one wanted, side by side; nothing is merged. */
export function settingsConflict(c: Context<StaffEnv>, { read, wanted, current, address }: Conflict): Response | Promise<Response> {
  const language = c.get('language')
  const texts = versionsTexts[language]
  const inUse = texts.version(current.version)
  return consolePage(
    c,
    { title: texts.conflict.title },
    <>
      <Head title={texts.conflict.title} />
      <div class="stack wide">
        <Note tint="warn" fact={texts.conflict.fact(current.version)} role="alert">
          {texts.conflict.rest} <a href={address}>{texts.conflict.again}</a>
        </Note>
        <Panel id="theirs" title={texts.conflict.theirs} look="flush">
          <DiffTable
            label={texts.conflict.theirs}
            changes={diffSettings(read, current)}
            settings={current}
            language={language}
            before={texts.version(read.version)}
            after={inUse}
          />
        </Panel>
        <Panel id="yours" title={texts.conflict.yours} look="flush">
          <DiffTable
            label={texts.conflict.yours}
            changes={diffSettings(read, wanted)}
            settings={current}
            language={language}
            before={texts.version(read.version)}
            after={texts.conflict.yours}
          />
        </Panel>
      </div>
    </>,
    409,
  )
}
