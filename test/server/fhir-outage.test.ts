import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { fhir } from '../../src/connectors/fhir/fhir.ts'
import type { WriteBack } from '../../src/core/write-back.ts'
import { createWriteBacks } from '../../src/server/write-back.ts'
import { type Fault, fhirServer } from '../connectors/fhir/fhir-server.ts'
import { appointment, patient, practitioner, secret, writeBack } from '../connectors/fhir/fhir-story.ts'
import { fakeConnector } from '../support/fakes.ts'
import { openRappel } from '../support/rappel.ts'

const going = new AbortController().signal
/** Of two answers each; more by `RAPPEL_WRITE_BACKS=1000`. */
const appointments = Number(process.env.RAPPEL_WRITE_BACKS ?? 120) / 2
const poison = '0'

/** What may come between a patient's answer and the chart. `edit`: a clinician is quicker. */
type Trouble = 'none' | '409' | '412' | '500' | '503' | 'lost answer' | 'cut' | 'edit'
const troubles: readonly Trouble[] = ['none', '409', '412', '500', '503', 'lost answer', 'cut', 'edit']

test('R12: answers through conflicts, outages and lost answers: all final, in order, nothing overwritten, a poison delays nobody', async () => {
  const server = await fhirServer()
  onTestFinished(() => server.close())
  for (const resource of [patient, practitioner]) server.put(resource)
  const rappel = await openRappel({ now: '2026-03-01T11:00:00Z', connectors: [fakeConnector('tilleuls')] })
  const { clock, store } = rappel
  const real = fhir({
    id: 'tilleuls',
    baseUrl: server.baseUrl,
    zone: 'Europe/Paris',
    region: 'FR',
    hook: { secrets: [secret] },
    writeBack: { conflictPauseMs: 1, perSecond: 100_000 },
    now: clock.now,
  })
  const retries = rappel.clock.now().until(rappel.clock.now().add({ seconds: 30 }))
  const work = createWriteBacks({
    ...rappel,
    connectors: new Map([['tilleuls', real]]),
    retries: Array.from({ length: 10 }, () => retries),
    planned: () => {},
  })
  const given: Trouble[][] = fc.sample(fc.array(fc.constantFrom(...troubles), { maxLength: 3 }), { numRuns: appointments, seed: 12 })
  const edited: string[] = []
  const ids = given.map((_, index) => String(index))
  for (const id of ids) {
    server.put(appointment({ id }))
    for (const trouble of given[Number(id)] ?? []) server.meet(new RegExp(`^PATCH Appointment/${id}$`), ...faultOf(trouble, id))
    for (const [step, kind] of (['confirm', 'cancel'] as const).entries())
      await store.transact((tx) => tx.writeBacks.save(answer(id, kind, step)))
  }
  server.meet(new RegExp(`^PATCH Appointment/${poison}$`), ...Array.from({ length: 200 }, (): Fault => ({ kind: 'answer', status: 500 })))

  function faultOf(trouble: Trouble, id: string): readonly Fault[] {
    switch (trouble) {
      case 'none':
        return []
      case 'lost answer':
        return [{ kind: 'drop after commit' }]
      case 'cut':
        return [{ kind: 'drop' }]
      case 'edit': {
        const act = () => {
          edited.push(id)
          server.put({ ...server.get(`Appointment/${id}`), comment: 'apporter les radios' })
        }
        return [{ kind: 'first', act }]
      }
      default:
        return [{ kind: 'answer', status: Number(trouble) }]
    }
  }

  function answer(id: string, kind: 'confirm' | 'cancel', step: number): WriteBack {
    const at = clock.now().add({ milliseconds: step })
    const place = { appointmentId: `tilleuls:${id}`, ehrId: id, kind, answeredAt: at, dueAt: at, nextTryAt: at }
    return writeBack({ ...place, id: `tilleuls:${id}:${kind}`, state: 'queued', attempts: 0 })
  }

  const states = async (id: string) => {
    const all = await store.read((tx) => tx.writeBacks.ofAppointment(`tilleuls:${id}`))
    return all.map(({ kind, state }) => `${kind} ${state}`).sort()
  }
  for (let minute = 0; minute < 12; minute++) {
    for (let more = true; more; ) more = await work.step(going)
    clock.advance({ minutes: 1 })
  }
  for (const id of ids.filter((each) => each !== poison)) {
    // a 409 although nobody changed it is a rule of theirs: for a person
    const handed = given[Number(id)]?.includes('409') ?? false
    const final = handed ? /^confirm (verified|failed)$/ : /^confirm verified$/
    const [cancelled, confirmed] = await states(id)
    expect(cancelled, `${id}: ${given[Number(id)]?.join(', ')}`).toMatch(handed ? /^cancel (verified|failed)$/ : /^cancel verified$/)
    expect(confirmed, `${id}: ${given[Number(id)]?.join(', ')}`).toMatch(final)
    // what is cancelled is not confirmed any more: both are there, so they came in their order, and each once
    const edits = edited.filter((each) => each === id).length
    if (confirmed === 'confirm verified' && cancelled === 'cancel verified')
      expect([server.get(`Appointment/${id}`).status, Number(server.get(`Appointment/${id}`).meta?.versionId)]).toEqual([
        'cancelled',
        3 + edits,
      ])
  }
  expect(await states(poison)).toEqual(['cancel queued', 'confirm failed'])
  expect(edited.length).toBeGreaterThan(0)
  for (const id of edited) expect(server.get(`Appointment/${id}`).comment).toBe('apporter les radios')
}, 240_000)
