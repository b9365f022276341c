import type { Context } from 'hono'
import { mayEdit } from '../../../core/access.ts'
import { sayDayAndHour } from '../../../core/local-time.ts'
import type { Settings } from '../../../core/settings.ts'
import type { SettingsDraft } from '../../../core/settings-diff.ts'
import { diffSettings } from '../../../core/settings-diff.ts'
import type { Impact } from '../../impact/impact.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { ImpactPanel } from '../impact/impact-panel.tsx'
import { clinicAddress } from '../menu.ts'
import { consolePage } from '../page.ts'
import type { FieldError } from '../parts/errors.tsx'
import { ErrorSummary } from '../parts/errors.tsx'
import { Field } from '../parts/field.tsx'
import { Head } from '../parts/head.tsx'
import { Note, Toast } from '../parts/note.tsx'
import { withQuery } from '../parts/paging.tsx'
import { Panel } from '../parts/panel.tsx'
import { Savebar } from '../parts/savebar.tsx'
import { Tag } from '../parts/tag.tsx'
import type { SavingDeps } from '../saving.ts'
import { DiffTable } from './diff-table.tsx'
import { versionsTexts } from './texts.ts'

export interface Import {
  readonly text?: string
  readonly errors?: readonly FieldError[]
  readonly wanted?: SettingsDraft
  readonly impact?: Impact
  readonly seen?: string
  readonly said?: string
}

export async function listPage({ store, clock }: SavingDeps, c: Ask, current: Settings, given: Import): Promise<Response> {
  const language = c.get('language')
  const texts = versionsTexts[language]
  const address = `${clinicAddress(clinicOf(c))}/versions`
  const history = await store.read((tx) => tx.settings.history(clinicOf(c), mostListed))
  const face = { zone: current.clinic.zone, language, now: clock.now() }
  const { errors = [] } = given
  return consolePage(
    c,
    { title: texts.title },
    <>
      <ErrorSummary language={language} errors={errors} />
      {given.said && <Toast>{given.said}</Toast>}
      <Head title={texts.title} hint={texts.hint}>
        <a class="btn" href={`${address}/export`}>
          {texts.export}
        </a>
      </Head>
      <div class="stack wide">
        <Panel id="versions" title={texts.list}>
          <ol class="facts">
            {history.map(({ version, at, source }) => (
              <li>
                <a href={`${address}/${version}`}>{texts.version(version)}</a>{' '}
                {version === current.version && <Tag tint="ok">{texts.inUse}</Tag>}
                <p class="hint">
                  {texts.when} {sayDayAndHour(at, face)} · {texts.source(source)}
                </p>
              </li>
            ))}
          </ol>
        </Panel>
        {mayWrite(c, current) && <ImportForm c={c} current={current} given={given} address={address} />}
      </div>
    </>,
    errors.length > 0 ? 422 : 200,
  )
}

interface ImportProps {
  readonly c: Ask
  readonly current: Settings
  readonly given: Import
  readonly address: string
}

function ImportForm({ c, current, given, address }: ImportProps) {
  const language = c.get('language')
  const texts = versionsTexts[language]
  const { text, wanted, impact, seen, errors = [] } = given
  const changes = wanted ? diffSettings(current, wanted) : []
  return (
    <form class="stack wide" method="post" action={`${address}/import`}>
      <input type="hidden" name="version" value={current.version} />
      {seen !== undefined && <input type="hidden" name="seen" value={seen} />}
      <Panel id="import" title={texts.import.title} look="stack">
        <Field id="document" label={texts.import.label} hint={texts.import.hint} error={errors[0]?.says}>
          <textarea id="document" name="document" class="mono" rows={12} spellcheck={false} aria-describedby="document-hint">
            {`\n${text ?? ''}`}
          </textarea>
        </Field>
        {!wanted && (
          <button type="submit" class="btn" name="do" value="preview">
            {texts.import.preview}
          </button>
        )}
      </Panel>
      {changes.length > 0 && (
        <Panel id="changes" title={texts.changes(changes.length)} look="flush">
          <DiffTable
            label={texts.changes(changes.length)}
            changes={changes}
            settings={wanted ?? current}
            language={language}
            before={texts.version(current.version)}
            after={texts.import.label}
          />
        </Panel>
      )}
      {impact && <ImpactPanel impact={impact} settings={current} language={language} toCall={`${clinicAddress(clinicOf(c))}/to-call`} />}
      {wanted && (
        <Savebar fact={texts.unsaved}>
          <button type="submit" class="btn go" name="do" value="save">
            {texts.import.save}
          </button>
        </Savebar>
      )}
    </form>
  )
}

export function versionPage(
  c: Ask,
  current: Settings,
  settings: Settings,
  before: Settings,
  given: Pick<Import, 'impact' | 'seen' | 'errors'>,
): Response | Promise<Response> {
  const language = c.get('language')
  const texts = versionsTexts[language]
  const address = `${clinicAddress(clinicOf(c))}/versions`
  const changes = diffSettings(before, settings)
  const toCurrent = withQuery(`${address}/${current.version}`, { from: settings.version })
  return consolePage(
    c,
    { title: texts.version(settings.version) },
    <>
      <ErrorSummary language={language} errors={given.errors ?? []} />
      <Head
        crumbs={[{ href: address, name: texts.title }]}
        title={
          <>
            {texts.version(settings.version)} {settings.version === current.version && <Tag tint="ok">{texts.inUse}</Tag>}
          </>
        }
        hint={texts.compared(before.version, settings.version)}
      >
        {settings.version !== current.version && (
          <a class="btn" href={toCurrent}>
            {texts.compared(settings.version, current.version)}
          </a>
        )}
      </Head>
      <form class="stack wide" method="post" action={`${address}/${settings.version}/rollback`}>
        <input type="hidden" name="version" value={current.version} />
        {given.seen !== undefined && <input type="hidden" name="seen" value={given.seen} />}
        <Panel id="changes" title={texts.changes(changes.length)} look="flush">
          {changes.length === 0 ? (
            <p>{texts.same}</p>
          ) : (
            <DiffTable
              label={texts.compared(before.version, settings.version)}
              changes={changes}
              settings={settings}
              language={language}
              before={texts.version(before.version)}
              after={texts.version(settings.version)}
            />
          )}
        </Panel>
        {given.impact && (
          <>
            <ImpactPanel impact={given.impact} settings={current} language={language} toCall={`${clinicAddress(clinicOf(c))}/to-call`} />
            <Note tint="warn" fact={texts.losing(given.impact.losing)} role="alert">
              {texts.losingRest}
            </Note>
          </>
        )}
        {settings.version !== current.version && mayWrite(c, current) && (
          <p class="row">
            <button type="submit" class="btn">
              {texts.rollBack(settings.version)}
            </button>
            <span class="hint">{texts.rollBackHint}</span>
          </p>
        )}
      </form>
    </>,
    given.impact || given.errors ? 422 : 200,
  )
}

function mayWrite(c: Ask, settings: Settings): boolean {
  return mayEdit(c.get('caller').role, [{ path: ['agendas'] }], settings.settingsEnabled) === undefined
}

export const clinicOf = (c: Ask): string => c.req.param('clinic') ?? ''
export type Ask = Context<StaffEnv>

const mostListed = 100
