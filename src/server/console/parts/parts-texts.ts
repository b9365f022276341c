export interface PartsTexts {
  readonly filter: string
  readonly pages: string
  readonly previous: string
  readonly next: string
  readonly page: (page: number, pages: number | undefined) => string
  readonly errors: (count: number) => string
}
