import type { Child } from 'hono/jsx'

export type Tint = 'ok' | 'warn' | 'bad' | 'info' | 'shadow' | 'stop'

/** A state in one word, with a shape of its own (design.md, Status tag); without a tint it is neutral. */
export function Tag({ tint, children }: { readonly tint?: Tint | undefined; readonly children?: Child }) {
  return <span class={tint ? `tag ${tint}` : 'tag'}>{children}</span>
}
