/** A code, a count, a name of the configuration: never an id, nor anything of a patient (R25). */
export type Attributes = Readonly<Record<`rappel.${string}` | `http.${string}`, string | number | boolean>>

export interface Span {
  /** What came of it. */
  set(attributes: Attributes): void
}

export type SpanName = 'envelope' | 'decision' | 'send' | 'write-back' | 'request'

/** What the service was about, for who looks at where time goes. Off: `work` runs, and nothing else happens. */
export interface Tracing {
  /** Runs the work within a span; what it awaits is its child. A thrown error marks the span by its name, never by its message. */
  span<T>(name: SpanName, attributes: Attributes, work: (span: Span) => Promise<T>): Promise<T>
  /** Sends what waits, then nothing more. */
  close(): Promise<void>
}

const silent: Span = { set: () => {} }

export const noTracing: Tracing = {
  span: (_name, _attributes, work) => work(silent),
  close: async () => {},
}
