import type { Modality } from '../appointment.ts'
import type { NotificationKind } from '../kind.ts'
import type { ChannelKind } from '../patient.ts'
import type { MessageLanguage } from '../words/catalogue.ts'
import { messageLanguageOf } from '../words/catalogue.ts'
import type { News } from '../words/phrases.ts'
import type { Template, Templates } from './template.ts'

/** One place of the catalogue. `*`: however the patient comes. */
export interface Cell {
  readonly kind: NotificationKind
  readonly channel: ChannelKind
  readonly modality: Modality | '*'
  readonly language: MessageLanguage
}

const kinds: Readonly<Record<NotificationKind, true>> = {
  confirmation: true,
  reminder: true,
  previsit: true,
  change: true,
  cancellation: true,
  correction: true,
  no_show: true,
  manual: true,
}
const channels: Readonly<Record<ChannelKind, true>> = { email: true, sms: true, push: true }
const modalities: Readonly<Record<Modality | '*', true>> = { onsite: true, video: true, phone: true, home: true, unknown: true, '*': true }

/** Undefined: no cell is called so. */
export function readCell(key: string): Cell | undefined {
  const [kind = '', channel = '', modality = '', language = '', ...more] = key.split('.')
  const known = messageLanguageOf(language)
  if (!isOf(kinds, kind) || !isOf(channels, channel) || !isOf(modalities, modality) || known !== language || more.length > 0)
    return undefined
  return { kind, channel, modality, language: known }
}

function isOf<Word extends string>(words: Readonly<Record<Word, true>>, text: string): text is Word {
  return Object.hasOwn(words, text)
}

export function cellKey({ kind, channel, modality, language }: Cell): string {
  return `${kind}.${channel}.${modality}.${language}`
}

/** Every kind, in the order of the rulebook. */
export const cellKinds = Object.keys(kinds) as readonly NotificationKind[]

/** The clinic's words for a message, the nearest cell first: of this way to come, then `*`. A `previsit` without its own takes the `reminder`'s. */
export function templateFor(
  templates: Templates | undefined,
  { kind, ...cell }: Cell,
): { readonly key: string; readonly template: Template } | undefined {
  for (const each of kind === 'previsit' ? ([kind, 'reminder'] as const) : [kind]) {
    for (const modality of [cell.modality, '*'] as const) {
      const key = cellKey({ ...cell, kind: each, modality })
      const template = templates && Object.hasOwn(templates, key) ? templates[key] : undefined
      if (template) return { key, template }
    }
  }
  return undefined
}

/** The row a message takes its words from: a correction that says it is off is a cancellation, one that says what moved a change. */
export function kindSaid(news: News, kind: NotificationKind): NotificationKind {
  switch (news) {
    case 'booked':
      return 'confirmation'
    case 'reminder':
      return kind === 'previsit' ? 'previsit' : 'reminder'
    case 'changed':
      return 'change'
    case 'restored':
      return 'correction'
    case 'cancelled':
      return 'cancellation'
    case 'missed':
      return 'no_show'
    case 'manual':
      return 'manual'
    default:
      return news satisfies never
  }
}
