import type { Context } from 'hono'
import type { ContactPoint } from '../../../core/patient.ts'
import type { Settings } from '../../../core/settings.ts'
import type { ErasureAsked } from '../../operations/erasure.ts'
import type { StaffEnv } from '../../routes/route.ts'
import { mask, maySeePhones, sayPhone } from '../appointments/contacts.ts'
import { Panel } from '../parts/panel.tsx'
import { Tag } from '../parts/tag.tsx'
import type { PatientsTexts } from './patients-texts.ts'
import type { ChannelState, PatientRecord } from './record.ts'

export interface RecordView {
  readonly settings: Settings
  readonly record: PatientRecord
  readonly said?: string
  /** Why an act was not done. */
  readonly refused?: string
  /** The first step of an erasure was made: what would go. */
  readonly erasing?: ErasureAsked
}

interface ChannelsProps {
  readonly c: Context<StaffEnv>
  readonly view: RecordView
  readonly texts: PatientsTexts
  readonly address: string
  readonly may: boolean
}

export function Channels({ c, view, texts, address, may }: ChannelsProps) {
  return (
    <Panel id="channels" title={texts.channels} look="stack">
      <form method="post" action={`${address}/channels`}>
        <ul class="todo">
          {view.record.channels.map((state) => (
            <Channel c={c} state={state} consent={view.settings.consent} texts={texts} may={may} />
          ))}
        </ul>
      </form>
      {!may && <p class="hint">{texts.needsRole}</p>}
    </Panel>
  )
}

interface ChannelProps {
  readonly c: Context<StaffEnv>
  readonly state: ChannelState
  readonly consent: Settings['consent']
  readonly texts: PatientsTexts
  readonly may: boolean
}

function Channel({ c, state, consent, texts, may }: ChannelProps) {
  const { channel, contact, stopped } = state
  const name = texts.channelNames[channel]
  if (contact.kind === 'missing')
    return (
      <li>
        <div>
          <b>{name}</b> <span class="hint">{texts.missing[contact.reason]}</span>
        </div>
      </li>
    )
  const given = state.consent?.state ?? (consent === 'implied' ? 'implied' : 'none')
  const button = (value: string, label: string) => (
    <button type="submit" class="btn small" name="act" value={`${channel}.${value}`}>
      {label}
    </button>
  )
  return (
    <li>
      <div>
        <b>{name}</b> <span class="hint">{shown(c, { kind: channel === 'sms' ? 'phone' : 'email', value: contact.value })}</span>
        <br />
        <Tag tint={given === 'withdrawn' || given === 'none' ? 'stop' : 'ok'}>
          {texts.consent} : {texts.consents[given]}
        </Tag>{' '}
        {stopped ? <Tag tint="stop">{texts.stopped}</Tag> : <Tag>{texts.notStopped}</Tag>}
      </div>
      {may && (
        <span class="row">
          {given === 'given' || given === 'implied' ? button('withdrawn', texts.withdraw(name)) : button('given', texts.give(name))}
          {stopped ? button('lifted', texts.lift(name)) : button('stopped', texts.stop(name))}
        </span>
      )}
    </li>
  )
}

/** Whoever may not telephone sees that there is a contact, not which. */
export function shown(c: Context<StaffEnv>, { kind, value = '' }: Pick<ContactPoint, 'kind' | 'value'>): string {
  if (!maySeePhones(c.get('caller'))) return mask(value)
  return kind === 'phone' ? sayPhone(value) : value
}
