export interface ImpactTexts {
  readonly title: string
  readonly basis: (hour: string, total: number) => string
  readonly estimate: (hour: string, seen: number, total: number) => string
  readonly sms: string
  readonly email: string
  readonly cost: string
  readonly losing: string
  readonly gaining: string
  readonly spared: string
  readonly in30Days: (before: string, after: string) => string
  readonly toCall: string
  readonly toldAgain: string
  readonly online: string
  readonly byAgenda: string
  readonly agenda: string
  readonly withoutChannel: string
  readonly noAgenda: string
  readonly more: (count: number) => string
  readonly line: {
    readonly less: (sms: string) => string
    readonly more: (sms: string) => string
    readonly same: string
    readonly cheaper: (price: string) => string
    readonly dearer: (price: string) => string
  }
  readonly lineLosing: (count: string) => string
  readonly see: string
  readonly nothing: string
}
