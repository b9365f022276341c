import type { Config, ConnectorConfig } from '../config/config.ts'
import { Refusal } from './refusal.ts'

export type Hl7Config = Extract<ConnectorConfig, { protocol: 'hl7v2' }>

/** The HL7 v2 connector of that id, or the first; a `Refusal` names those there are. */
export function hl7ConnectorAsked({ connectors }: Config, id: string | undefined): Hl7Config {
  const speaking = connectors.filter((each) => each.protocol === 'hl7v2')
  const found = id === undefined ? speaking[0] : speaking.find((each) => each.id === id)
  if (found) return found
  const known = speaking.map((each) => each.id).join(', ')
  throw new Refusal(`no HL7 v2 connector ${id ?? ''} is configured; there is ${known || 'none'}`)
}
