import type { Temporal } from 'temporal-polyfill'
import type { Channel } from '../../channels/channel.ts'
import type { Caller } from '../../core/access.ts'
import { smsSegments } from '../../core/gsm7.ts'
import type { Message, Words } from '../../core/message.ts'
import { priceOf } from '../../core/metering.ts'
import type { ChannelKind } from '../../core/patient.ts'
import type { Settings } from '../../core/settings.ts'
import type { Cell } from '../../core/template/cell.ts'
import { cellKey } from '../../core/template/cell.ts'
import { previewWords } from '../../core/template/preview.ts'
import type { Template } from '../../core/template/template.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { sha256, timeOrderedId } from '../ids.ts'
import { actorOf } from '../settings/edit-settings.ts'
import { parseTemplate } from './render.ts'

export interface TestSendDeps {
  readonly store: Store
  readonly clock: Clock
  readonly channels: ReadonlyMap<ChannelKind, Channel>
  /** Without a slash at its end. */
  readonly publicUrl: string
}

export interface TestSend {
  readonly settings: Settings
  readonly cell: Cell
  /** As it is being written; absent: what the settings have. */
  readonly template?: Template
  /** E.164, or an e-mail address: the caller's own. */
  readonly to: string
  readonly caller: Caller
}

export type TestSent =
  | { readonly kind: 'sent' }
  | { readonly kind: 'not_sent' }
  | { readonly kind: 'too_many' }
  | { readonly kind: 'no_channel' }

/** In an hour, of one who edits. */
const mostInAnHour = 5
const withinMs = 10_000
const worth = { hours: 1 }

/** Sends one message of invented data to whoever writes it; counted and priced like any other (O21), and written down without the address. */
export function createTestSend(deps: TestSendDeps): (ask: TestSend) => Promise<TestSent> {
  const { store, clock, channels, publicUrl } = deps
  return async (ask) => {
    const { settings, cell, caller, to } = ask
    const channel = cell.channel === 'push' ? undefined : channels.get(cell.channel)
    if (!channel) return { kind: 'no_channel' }
    const now = clock.now()
    const id = timeOrderedId(now)
    // written down before it is made: what was refused by a crash is counted too
    const isFirst = await store.transact(async (tx) => {
      const subject = `tests:${settings.clinic.id}:${actorOf(caller)}`
      const recent = await tx.audit.of(subject, mostInAnHour)
      const oldest = recent[mostInAnHour - 1]
      if (oldest && now.since(oldest.at).total('minutes') < 60) return false
      const detail = { id, cell: cellKey(cell), to: sha256(`${id}|${to}`).slice(0, 16) }
      await tx.audit.append({ at: now, actor: actorOf(caller), action: 'template.tested', subject, detail })
      return true
    })
    if (!isFirst) return { kind: 'too_many' }
    const message = messageOf(ask, id, now, publicUrl)
    const outcome = await channel.send(message, AbortSignal.timeout(withinMs))
    if (outcome.kind === 'accepted' && cell.channel === 'sms') await meter(deps, settings, message, now)
    return { kind: outcome.kind === 'accepted' ? 'sent' : 'not_sent' }
  }
}

/** O21: counted as manual. */
async function meter({ store }: TestSendDeps, settings: Settings, { attemptId, words, to }: Message, now: Temporal.Instant): Promise<void> {
  const { segments } = smsSegments(words.sms)
  const day = now.toZonedDateTimeISO(settings.clinic.zone).toPlainDate().toString()
  await store.transact((tx) =>
    tx.usage.save({
      attemptId,
      clinicId: settings.clinic.id,
      channel: 'sms',
      kind: 'manual',
      automatic: false,
      capped: false,
      contactHash: sha256(`${attemptId}|${to}`),
      sentAt: now,
      segments,
      ...priceOf(settings.smsPrices, day, segments),
      refused: false,
    }),
  )
}

function messageOf({ settings, cell, template, to }: TestSend, id: string, now: Temporal.Instant, publicUrl: string): Message {
  const { words } = previewWords({ cell, settings, parse: parseTemplate, ...(template && { template }) })
  const { name, phone, address } = settings.clinic
  const notificationId = `test:${id}`
  return {
    channel: cell.channel,
    to,
    attemptId: `${notificationId}#1`,
    notificationId,
    clinic: { name, ...(phone !== undefined && { phone }), ...(address && { address }) },
    words: asTest(words, `${publicUrl}/${'x'.repeat(22)}`),
    sentAt: now,
    notAfter: now.add(worth),
  }
}

/** Nobody takes it for an appointment: it says that it is a test, and its address opens nothing. */
function asTest(words: Words, url: string): Words {
  const mark = words.language === 'fr' ? 'ESSAI' : 'TEST'
  const filled = (text: string) => text.replaceAll(/\{link\d*\}/g, url)
  return {
    ...words,
    subject: `${mark} · ${words.subject}`,
    lines: words.lines.map(filled),
    asides: words.asides.map(filled),
    action: { ...words.action, url },
    sms: filled(`${mark} ${words.sms}`),
  }
}
