/** One field of a message that holds anything, as sent. */
export interface FieldShown {
  /** `SCH-25`; a second segment of the same name is `AIP[2]-3`. Of FHIR its path: `Appointment.participant[0].status`. */
  readonly at: string
  /** As the standard of the message's version calls it; absent for what it does not know, and in FHIR, whose paths are names. */
  readonly name?: string
  readonly value: string
}

export interface MessageShown {
  /** MSH-9 and MSH-10; of FHIR the type of the resource and its id. */
  readonly type: string
  readonly controlId: string
  readonly fields: readonly FieldShown[]
}
