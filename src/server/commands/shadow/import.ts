import { z } from 'zod'
import type { Command } from '../command.ts'
import { readArgs } from '../command.ts'
import { readBytes } from '../files.ts'
import { serviceAt } from '../service-client.ts'
import { clinicAsked } from './clinic-asked.ts'

const help = `usage: rappel shadow import FILE… [--clinic ID] [--service ADDRESS] [--json] [--config FILE]
Gives the running service a log of what the former system sent, as CSV, to compare it with what was decided in shadow (rappel shadow compare).
The clinic's settings say how it is read (incumbentLog): its columns, its words, its clock. No contact is kept of it, only its hash.
A file may be given again, whole or grown: what was taken is known.

  --clinic   whose log it is; the only one there is, unless given
  --service  http://HOST:PORT; by default where the configuration has it listen
  --json     what the service answers

exit status: 0 all of it was taken · 1 some rows are in quarantine, or it failed · 2 wrong configuration, file or command
`

const flags = {
  clinic: { type: 'string' },
  service: { type: 'string' },
  json: { type: 'boolean' },
  config: { type: 'string' },
} as const
const mostFiles = 100
const shownFaults = 20
const timeoutMs = 300_000

const answer = z.object({
  taken: z.int(),
  known: z.int(),
  ignored: z.int(),
  refused: z.int(),
  faults: z.array(z.object({ line: z.int(), reason: z.string(), column: z.string().optional() })),
})

export const shadowImport: Command = {
  name: 'shadow import',
  summary: `rappel shadow import FILE… [--clinic ID] [--config FILE]
                                  takes a log of what the former system sent`,
  help,
  async run(args, { defaultConfig, readConfig, stopSignal, print, complain }) {
    const { values, positionals: files } = readArgs(shadowImport, args, flags, [1, mostFiles])
    const config = readConfig(values.config ?? defaultConfig)
    if (!config) return 2
    const { clinic } = clinicAsked(config, values.clinic)
    const { base, token } = serviceAt(config, clinic.id, values.service)
    const signal = stopSignal()
    let failed = false
    for (const file of files) {
      const response = await post(new URL(`/api/v1/clinics/${clinic.id}/shadow/log`, base), token, await readBytes(file), signal)
      if (typeof response === 'string') {
        complain(`${file}: ${response}\n`)
        return 1
      }
      print(values.json ? `${JSON.stringify(response)}\n` : `${file}: ${say(response)}\n`)
      for (const { line, reason, column } of response.faults.slice(0, shownFaults))
        complain(`${file}:${line}: ${reason}${column === undefined ? '' : ` (${column})`}\n`)
      failed ||= response.refused > 0
    }
    return failed ? 1 : 0
  },
}

function say({ taken, known, ignored, refused }: z.infer<typeof answer>): string {
  return [
    `${taken} taken`,
    ...(known > 0 ? [`${known} known already`] : []),
    ...(ignored > 0 ? [`${ignored} left out as the settings say`] : []),
    ...(refused > 0 ? [`${refused} in quarantine`] : []),
  ].join(', ')
}

/** A text: why it was not taken. */
async function post(url: URL, token: string, body: Uint8Array, signal: AbortSignal): Promise<z.infer<typeof answer> | string> {
  let response: Response
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
      body: Buffer.from(body),
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
  } catch {
    return `nobody answers at ${url.origin}: start the service, or give --service`
  }
  if (response.ok) return answer.parse(await response.json())
  const told = z.object({ detail: z.string() }).safeParse(await response.json().catch(() => undefined))
  return told.success ? told.data.detail : `refused, status ${response.status}`
}
