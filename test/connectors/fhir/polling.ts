import { Temporal } from 'temporal-polyfill'
import type { Connector, Poll } from '../../../src/connectors/connector.ts'
import type { FhirOptions } from '../../../src/connectors/fhir/options.ts'
import type { FhirServer } from './fhir-server.ts'
import { connect, now, patience } from './fhir-story.ts'

export type ReadPoll = Extract<Poll, { kind: 'read' }>

/** What the server's loop does with a connector, and nothing else: the mark is kept once the envelopes are. */
export function pollStory(server: FhirServer, options: Partial<FhirOptions> = {}) {
  let clock = now
  let mark: string | undefined
  const open = () => connect(server.baseUrl, { now: () => clock, ...options })
  let connector: Connector = open()

  async function ask(): Promise<Poll> {
    if (!connector.poll) throw new Error('this connector does not poll')
    return await connector.poll(mark, patience)
  }

  async function round(): Promise<readonly ReadPoll[]> {
    const answers: ReadPoll[] = []
    for (let more = true; more; more = answers.at(-1)?.more ?? false) {
      if (answers.length > 100) throw new Error('it never ends')
      const answer = await ask()
      if (answer.kind !== 'read') throw new Error(`not read, but ${JSON.stringify(answer)}`)
      answers.push(answer)
      mark = answer.mark
    }
    return answers
  }

  return {
    ask,
    round,
    /** `id version` of all that a poll finds, with a star where it is an import. */
    async found(): Promise<readonly string[]> {
      return (await round())
        .flatMap(({ envelopes }) => envelopes)
        .map((envelope) => {
          const result = connector.read(envelope)
          const id = result.identity?.replace(/^Appointment\/(.*)\/_history\//, '$1 ')
          const gone = result.kind === 'changes' && result.changes[0]?.status?.cancelKind === 'deleted' && `${result.changes[0].ehrId} gone`
          return `${id ?? (gone || result.kind)}${envelope.purpose === 'import' ? '*' : ''}`
        })
    },
    /** Time passes at ours. */
    pass(duration: Temporal.DurationLike | string): void {
      clock = clock.add(Temporal.Duration.from(duration))
    },
    /** The process ends and another begins; what was kept is kept. */
    restart(): void {
      connector = open()
    },
    mark: () => mark,
    searches: () => server.requests.filter((request) => /^GET Appointment(\?|\/_history)/.test(request)),
    queries: () =>
      server.requests
        .filter((request) => /^GET Appointment(\?|\/_history)/.test(request))
        .map((request) => [...new URLSearchParams(request.split('?')[1])].map(([name, value]) => `${name}=${value}`).join(' ')),
  }
}
