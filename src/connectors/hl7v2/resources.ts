import { readDuration } from './duration.ts'
import type { Message, Segment } from './reader.ts'
import { stringAt } from './reader.ts'

type ResourceName = 'AIS' | 'AIG' | 'AIL' | 'AIP'

/** Field numbers of each AI* segment (HL7 v2.5.1 ch. 10.6). */
const layout: Readonly<Record<ResourceName, { readonly start: number; readonly offset: number; readonly duration: number }>> = {
  AIS: { start: 4, offset: 5, duration: 7 },
  AIG: { start: 8, offset: 9, duration: 11 },
  AIL: { start: 6, offset: 7, duration: 9 },
  AIP: { start: 6, offset: 7, duration: 9 },
}

/** One service, place, person or thing that an appointment needs. */
export interface Resource {
  readonly name: ResourceName
  readonly segment: Segment
  /** Where its start stands: `AIP-6`. */
  readonly startAt: string
  /** Its own start, as written. */
  readonly start?: string
  /** The start stood one field too far, where the offset belongs (V2-TIM-4). */
  readonly shifted: boolean
  /** After the start of the appointment, where it has no start of its own; may be negative (V2-TIM-6). */
  readonly offsetSeconds: number
  readonly duration?: string
  readonly durationUnits: readonly (string | undefined)[]
}

export interface Resources {
  /** Those the appointment has, as far as the message says. */
  readonly list: readonly Resource[]
  /** The message without what it takes away, and without what it only adds beside the first of its kind: the rest says who and where. */
  readonly present: Message
  /** It lists every resource (V2-RES-1): what it does not name is gone. False where it lists none (V2-RES-2). */
  readonly snapshot: boolean
  /** Of one resource or service (S18 to S22): it says nothing of the appointment's hour by itself. */
  readonly partial: boolean
  /** Kinds of which the first was taken away. */
  readonly removed: ReadonlySet<ResourceName>
}

/** HL7 table 0206; anything else reads as empty. */
type Action = 'A' | 'D' | 'U' | 'X' | ''

const MOST_RESOURCES = 200
const listing = ['S12', 'S13', 'S14', 'S27']
const adding = 'S18'
const partialEvents = [adding, 'S19', 'S20', 'S21', 'S22']
const removing = ['S20', 'S21', 'S22']

function isResourceName(name: string): name is ResourceName {
  return name in layout
}

function readAction(text: string | undefined): Action {
  return text === 'A' || text === 'D' || text === 'U' || text === 'X' ? text : ''
}

/** An event that takes a service away adds none, whatever the code says: senders leave an `A` there. */
function actionIn(event: string, group: Action, own: Action): Action {
  if (group === 'D') return 'D'
  const action = own === '' ? group : own
  return removing.includes(event) && (action === '' || action === 'A') ? 'D' : action
}

/** An AI* segment, or the RGS that opens its group. */
interface Listed {
  readonly segment: Segment
  readonly action: Action
  /** By the set ids of it and of its group: the second doctor of an appointment is number 2. */
  readonly first: boolean
}

/** Every AI* segment in its group, whatever their order (V2-STR-1, V2-RES-1). The first 200 are read. */
export function readResources(message: Message, event: string): Resources {
  const { listed, coded } = readListed(message, event)
  const removed = new Set<ResourceName>()
  for (const { segment, action, first } of listed) {
    if (action === 'D' && first && isResourceName(segment.name)) removed.add(segment.name)
  }
  const absent = new Set<Segment>()
  for (const { segment, action, first } of listed) {
    const beside = event === adding && !first && isResourceName(segment.name) && !removed.has(segment.name)
    if (action === 'D' || beside) absent.add(segment)
  }
  const here = listed.filter(({ segment }) => !absent.has(segment)).slice(0, MOST_RESOURCES)
  return {
    list: here.flatMap(({ segment }) => readResource(message, segment) ?? []),
    present: absent.size === 0 ? message : { ...message, segments: message.segments.filter((segment) => !absent.has(segment)) },
    snapshot: listing.includes(event) && !coded && listed.some(({ segment }) => segment.name !== 'RGS'),
    partial: partialEvents.includes(event),
    removed,
  }
}

/** `coded`: one of them says that it changes something, so they are not the whole list. */
function readListed(message: Message, event: string): { readonly listed: readonly Listed[]; readonly coded: boolean } {
  const listed: Listed[] = []
  let group: Listed | undefined
  let coded = false
  for (const segment of message.segments) {
    if (segment.name !== 'RGS' && !isResourceName(segment.name)) continue
    const own = readAction(stringAt(message, segment, 2))
    coded ||= own === 'D' || own === 'U' || own === 'X'
    const first = isFirst(stringAt(message, segment, 1))
    if (segment.name === 'RGS') {
      group = { segment, action: own, first }
      listed.push(group)
    } else {
      listed.push({ segment, action: actionIn(event, group?.action ?? '', own), first: first && (group?.first ?? true) })
    }
  }
  return { listed, coded }
}

function isFirst(setId: string | undefined): boolean {
  return setId === undefined || !/^\d{1,4}$/.test(setId) || Number(setId) <= 1
}

function readResource(message: Message, segment: Segment): Resource | undefined {
  if (!isResourceName(segment.name)) return undefined
  const fields = layout[segment.name]
  const own = stringAt(message, segment, fields.start)
  const offset = stringAt(message, segment, fields.offset)
  const shifted = own === undefined && offset !== undefined && /^\d{12,}/.test(offset.slice(0, 16))
  const start = own ?? (shifted ? offset : undefined)
  const duration = stringAt(message, segment, fields.duration)
  return {
    name: segment.name,
    segment,
    startAt: `${segment.name}-${shifted ? fields.offset : fields.start}`,
    ...(start !== undefined && { start }),
    shifted,
    // A start that is written already holds the offset (V2-TIM-6).
    offsetSeconds: start === undefined && offset !== undefined ? readOffset(message, segment, fields.offset, offset) : 0,
    ...(duration !== undefined && { duration }),
    durationUnits: [stringAt(message, segment, fields.duration + 1), stringAt(message, segment, fields.duration + 1, 2)],
  }
}

const MOST_MINUTES = 480

/** Without a unit, up to eight hours is minutes; the standard says seconds. */
function readOffset(message: Message, segment: Segment, field: number, text: string): number {
  const digits = text.replace(/^[+-]/, '')
  const units = [stringAt(message, segment, field + 1), stringAt(message, segment, field + 1, 2)]
  const unit = Number(digits) <= MOST_MINUTES ? 'min' : 's'
  const seconds = readDuration(digits, units, { unit })?.seconds ?? 0
  return text.startsWith('-') ? -seconds : seconds
}
