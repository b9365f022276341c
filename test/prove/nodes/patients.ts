import { setTimeout as wait } from 'node:timers/promises'
import type { Taken } from './peers.ts'

/** An answer that the page said it had. */
export interface Given {
  readonly to: string
  readonly kind: 'confirm' | 'cancel'
  readonly at: number
}

export interface Answers {
  readonly given: readonly Given[]
  /** Whose cancellation left: the node that was asked may have kept it and died before it said so. */
  readonly cancelling: ReadonlySet<string>
}

export const noAnswers: Answers = { given: [], cancelling: new Set() }

export interface Patients extends Answers {
  /** They read what has come, and answer no more. */
  end(): Promise<void>
}

/** Every so-manieth patient opens the page of their first text and confirms, and every third of those then cancels; through whichever node is up. */
export function startPatients(taken: () => readonly Taken[], webPort: number, every: number): Patients {
  const given: Given[] = []
  const [asked, cancelling] = [new Set<string>(), new Set<string>()]
  let going = true

  async function live(): Promise<void> {
    while (going) {
      for (const { to, body } of taken()) {
        if (asked.has(to)) continue
        asked.add(to)
        if (asked.size % every !== 0 || !going) continue
        const path = /http:\/\/127\.0\.0\.1:\d+(\/[\w-]{22})/.exec(body)?.[1]
        if (path === undefined) continue
        const site = `http://127.0.0.1:${webPort}`
        if (await answered(site, path, 'confirm')) given.push({ to, kind: 'confirm', at: Date.now() / 1000 })
        if (asked.size % (3 * every) !== 0) continue
        cancelling.add(to)
        if (await answered(site, path, 'cancel')) given.push({ to, kind: 'cancel', at: Date.now() / 1000 })
      }
      await wait(200)
    }
  }
  const living = live()
  return {
    given,
    cancelling,
    async end() {
      going = false
      await living
    },
  }
}

/** False: the page offers it no more, since the EHR has changed the appointment meanwhile. */
async function answered(site: string, path: string, kind: 'confirm' | 'cancel'): Promise<boolean> {
  for (;;) {
    try {
      const page = await text(
        await fetch(`${site}${path}${kind === 'cancel' ? '?step=cancel' : ''}`, { signal: AbortSignal.timeout(5_000) }),
      )
      const form = new RegExp(`<form[^>]*action="[^"]*/${kind}".*?</form>`, 's').exec(page)?.[0]
      if (form === undefined) return false
      const fields = [...form.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value])
      const response = await fetch(`${site}${path}/${kind}`, {
        method: 'POST',
        headers: { origin: site },
        body: new URLSearchParams(fields),
        redirect: 'manual',
        signal: AbortSignal.timeout(5_000),
      })
      await response.body?.cancel()
      if (response.status < 500) return (response.headers.get('location') ?? '').includes('done=')
    } catch {
      // the node that was asked is gone, or stands still: another one is asked
    }
    await wait(100)
  }
}

async function text(response: Response): Promise<string> {
  const body = await response.text()
  if (response.status >= 500) throw new Error('not now')
  return body
}
