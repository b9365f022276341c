import { onTestFinished } from 'vitest'
import type { AppointmentChange } from '../../src/core/change.ts'
import { bookedChange } from '../support/clinic.ts'
import type { RappelOptions } from '../support/rappel.ts'
import { openRappel } from '../support/rappel.ts'
import { serveApp } from './served.ts'

interface ToldOptions extends RappelOptions {
  /** What the EHR says first. */
  readonly first?: AppointmentChange
}

/** A patient told of an appointment on Thursday at 14:40 UTC, on Wednesday at 13:00 unless said: the server on a real port, its clock moved by hand. */
export async function openTold({ first = bookedChange(), ...options }: ToldOptions = {}) {
  const rappel = await openRappel({ now: '2026-11-25T13:00:00Z', ...options })
  await rappel.hear(first)
  await rappel.send()
  const token = rappel.lastToken()
  const asked: string[] = []
  const served = await serveApp({
    fetch: (request) => {
      asked.push(`${request.method} ${new URL(request.url).pathname}`)
      return rappel.app.fetch(request)
    },
  })
  onTestFinished(() => served.close())
  return {
    ...rappel,
    url: served.url,
    token,
    link: `${served.url}/${token}`,
    /** What reached the server: method and path. */
    asked,
    /** `confirm queued`, in the order they were given. */
    states: async () => (await rappel.answers()).map(({ kind, state }) => `${kind} ${state}`),
  }
}
