import fc from 'fast-check'
import { cellKinds, readCell } from '../../src/core/template/cell.ts'
import { isRefused, lintTemplate } from '../../src/core/template/lint.ts'
import { valuesOf } from '../../src/core/template/values.ts'
import { variablesIn } from '../../src/core/template/variables.ts'
import { factsOf } from '../../src/core/told.ts'
import { storyOf } from '../../src/core/words/story.ts'
import { wordsBy } from '../../src/core/words.ts'
import type { Log, LogFields } from '../../src/server/log.ts'
import { parseTemplate } from '../../src/server/templates/render.ts'
import { anyInput, channels, secret, spots } from '../core/template/any-input.ts'
import { aClinicThatLived, erase, searchFiles } from '../server/operations/lived.ts'
import { aBadDay, canaryTraces, tracesIn } from '../support/canary.ts'
import { clinicSettings } from '../support/clinic.ts'
import { prove } from './proof.ts'
import { wholeRun } from './whole-run.ts'

/** What writes an error's message down, as most programs do. */
function talkative(lines: string[]): Log {
  const write = (event: string, fields: LogFields = {}) => {
    const { error } = fields
    lines.push(JSON.stringify({ msg: event, error: error instanceof Error ? error.message : undefined }))
  }
  return { info: write, warn: write, error: write }
}

prove({
  id: 'R25',
  promise: 'no patient data in logs, metrics, traces, errors, addresses',
  async run({ of }) {
    const count = of({ landing: 15, long: 90 })
    let [bytes, looked] = [0, 0]
    for (const level of ['info', 'warn', 'error', 'silent'] as const) {
      const { places, traces } = await wholeRun(level, level === 'info' ? count : 3)
      for (const [place, text] of Object.entries(places)) {
        const found = tracesIn(text, traces)
        if (found.length > 0) throw new Error(`${place} at level ${level} holds ${found.slice(0, 3).join(', ')}`)
        bytes += text.length
      }
      if (level === 'info' && ['log', 'metrics', 'traces', 'acknowledgements', 'addresses', 'refusals'].some((place) => !places[place]))
        throw new Error(
          `nothing was said: ${Object.keys(places)
            .filter((place) => !places[place])
            .join(', ')}`,
        )
      looked = Math.max(looked, traces.length)
    }
    const { rappel, token } = await aBadDay()
    const found = tracesIn(rappel.lines.join('\n'), [...canaryTraces, token])
    if (found.length > 0) throw new Error(`a bad day's log holds ${found.join(', ')}`)
    return {
      figure: `${count} canary patients through the whole service, others at each log level, ${looked} words each as text, URL, hex and base64 in ${Math.round(bytes / 1024)} kB of log, metrics, health, traces, acknowledgements, addresses and refusals, and a day of ${rappel.lines.length} errors: 0 found`,
    }
  },
  async control() {
    const { rappel } = await aBadDay(talkative)
    const found = tracesIn(rappel.lines.join('\n'), canaryTraces)
    if (found.length < canaryTraces.length) throw new Error(`a log that quotes errors was found to hold ${found.length} words`)
    return `a log that writes the messages of errors: ${found.length} of ${canaryTraces.length} words found`
  },
  timeoutMs: { landing: 240_000, long: 1_200_000 },
})

prove({
  id: 'R39',
  promise: 'an erasure leaves nothing of the patient, and the same search found them before',
  async run({ of }) {
    const times = of({ landing: 5, long: 100 })
    let before = 0
    for (let time = 0; time < times; time += 1) {
      const rappel = await aClinicThatLived()
      before += (await searchFiles(rappel)).length
      await erase(rappel)
      const left = await searchFiles(rappel)
      if (left.length > 0) throw new Error(`left behind: ${left[0]?.split(':')[0]}, of ${left.length}`)
    }
    if (before < 5 * times) throw new Error('the search finds nobody')
    return { figure: `${times} erasures; ${before} places in store, log, freed pages and archive before, 0 after` }
  },
  async control() {
    const rappel = await aClinicThatLived()
    rappel.spoil((tx) => ({ ...tx, forgetting: { ...tx.forgetting, forgetPatient: async () => {} } }))
    await erase(rappel)
    const left = await searchFiles(rappel)
    if (left.length === 0) throw new Error('an erasure that keeps the record was found well')
    return `an erasure that keeps the record of the patient: found in ${left.length} places`
  },
})

const languages = ['fr', 'en'] as const

prove({
  id: 'R28',
  promise: 'no message says why somebody comes, or who it is',
  async run({ seed, of }) {
    const each = of({ landing: 150, long: 5_000 })
    let messages = 0
    for (const kind of cellKinds)
      for (const language of languages)
        for (const given of fc.sample(anyInput, { numRuns: each, seed })) {
          const input = { ...given, kind, language }
          const story = storyOf(input)
          for (const channel of channels) {
            messages += 1
            if (JSON.stringify(wordsBy(channel, story)).includes(secret)) throw new Error(`${kind} by ${channel} in ${language} says it`)
          }
          for (const spot of spots) {
            const values = valuesOf(input, story, spot)
            const outside = Object.keys(values).filter((name) => !variablesIn(spot).some((each) => each.name === name))
            if (outside.length > 0 || JSON.stringify(values).includes(secret))
              throw new Error(`a template's ${spot} is given ${outside.join(', ') || 'it'}`)
          }
        }
    return {
      figure: `${cellKinds.length} kinds × ${languages.length} languages × ${channels.length} channels × ${each} fuzzed appointments: ${messages} messages and the values of ${spots.length} places of a template, 0 outside the list`,
    }
  },
  async control({ seed }) {
    const seen = fc.sample(anyInput, { numRuns: 50, seed }).filter((input) => {
      // what a place would be called by, were its motif in it
      const telling = {
        ...input,
        appointment: { ...input.appointment, practitioner: { name: `Moreau, ${input.appointment.motif?.text}` } },
      }
      const appointment = telling.appointment
      return channels.some((channel) =>
        JSON.stringify(wordsBy(channel, storyOf({ ...telling, facts: factsOf(appointment) }))).includes(secret),
      )
    })
    const written = lintTemplate({
      cell: readCell('reminder.sms.onsite.fr') ?? fail(),
      template: { body: 'Votre rendez-vous {{ motif }} {{ link }}' },
      settings: clinicSettings(),
      parse: parseTemplate,
      publicUrl: 'https://rdv.example',
    })
    if (seen.length === 0 || !isRefused(written)) throw new Error('messages that name the motif were found well')
    return `a professional whose name holds the motif: seen in ${seen.length} of 50; a template that asks for the motif: refused`
  },
})

function fail(): never {
  throw new Error('no such cell')
}
