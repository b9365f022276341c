export interface PartsTexts {
  readonly filter: string
  readonly pages: string
  readonly previous: string
  readonly next: string
  readonly page: (page: number, pages: number | undefined) => string
  readonly copy: string
  readonly copied: string
  /** Where a browser does not copy by itself: the field is selected. */
  readonly selected: string
  /** By whose clock a time is typed. */
  readonly clock: (clock: string) => string
  readonly errors: (count: number) => string
}
