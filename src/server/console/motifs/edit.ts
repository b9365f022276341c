import type { MotifSettings, Settings } from '../../../core/settings.ts'
import type { SettingsDraft } from '../../../core/settings-diff.ts'
import type { Sent } from '../parts/form.ts'
import type { MotifRow } from './rows.ts'
import { isMotifOn, switched } from './rows.ts'

const types: readonly MotifSettings['type'][] = ['none', 'onsite', 'video', 'phone', 'home']

/** The motif as its form says. */
export function motifSent(before: MotifSettings, sent: Sent): MotifSettings {
  const type = types.find((each) => each === sent.one('type')) ?? before.type
  const isOn = sent.has('notifications') ? sent.one('notifications') === 'yes' : isMotifOn(before)
  const listed = isMotifOn(before) ? sent.has('listed') : before.listed
  const { label: _, specialty: __, category: ___, questionnaire: ____, bring: _____, ...rest } = before
  // the switch goes before how one comes: of a motif that was off, it is a new beginning
  const base = switched({ ...rest, listed }, isOn)
  return {
    ...base,
    type,
    notify: isOn && type !== 'none',
    confirmation: sent.has('confirmation'),
    changes: sent.has('changes'),
    reminder: sent.has('reminder'),
    ...textsOf(sent),
  }
}

function textsOf(sent: Sent): Partial<MotifSettings> {
  const text = (name: string) => sent.one(name).trim()
  const bring = Object.fromEntries(
    (['fr', 'en'] as const).flatMap((language) => (text(`bring-${language}`) ? [[language, text(`bring-${language}`)]] : [])),
  )
  return {
    ...(text('questionnaire') && { questionnaire: text('questionnaire') }),
    ...(text('label') && { label: text('label') }),
    ...(text('specialty') && { specialty: text('specialty') }),
    ...(text('category') && { category: text('category') }),
    ...(Object.keys(bring).length > 0 && { bring }),
  }
}

export function withMotif(settings: Settings, key: string, motif: MotifSettings): SettingsDraft {
  return { ...settings, motifs: { ...settings.motifs, [key]: motif } }
}

/** Several switched at once; one that is so already stays untouched. */
export function withSwitched(settings: Settings, rows: readonly MotifRow[], on: boolean): SettingsDraft {
  const changed = rows.filter(({ motif }) => isMotifOn(motif) !== on)
  return { ...settings, motifs: { ...settings.motifs, ...Object.fromEntries(changed.map(({ key, motif }) => [key, switched(motif, on)])) } }
}
