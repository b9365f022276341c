/** `off`: nothing automatic leaves, nothing is compared. `shadow`: all is decided and recorded as if it left, and nothing does. */
export type RolloutMode = 'off' | 'shadow' | 'live'

/** How far a clinic has come from its former system to this one (gate 0). Absent from the settings: all the way. */
export interface Rollout {
  readonly mode: RolloutMode
  /** While live: of how many patients in a hundred. Whoever is in stays in as it rises, and a household is in or out as one. */
  readonly percent: number
  /** Live for everybody already, though the clinic is in shadow or its share is small; `live: false` of the agenda itself stands above it. */
  readonly agendas?: readonly string[]
  /** All that leaves goes there instead of to patients; a channel without an address, and push, sends nothing. */
  readonly redirectTo?: RedirectTo
  /** What is answered from a redirected message goes to the EHR as a patient's answer would. */
  readonly answersToChart?: boolean
}

export interface RedirectTo {
  readonly email?: string
  /** E.164. */
  readonly sms?: string
}
