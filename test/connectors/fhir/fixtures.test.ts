import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { connect, hookEnvelope } from './fhir-story.ts'
import { files, outcomeOf, root } from './fixture-outcome.ts'

describe('every public sample comes to what is written beside it', () => {
  it('walks them all', () => {
    expect(files.length).toBeGreaterThanOrEqual(73)
  })

  it.each(files)('%s', (file) => {
    const expected = JSON.parse(readFileSync(join(root, `${file}.expected.json`), 'utf8'))
    expect(JSON.parse(JSON.stringify(outcomeOf(file)))).toEqual(expected)
  })

  it('a Bundle with an appointment, posted to the hook, is a hint and no more', () => {
    const posted = readFileSync(join(root, 'siu-converted/SIU-S12-01-expected.json'), 'utf8')
    expect(connect('https://ehr.example/fhir').read(hookEnvelope('', posted))).toEqual({ kind: 'hint' })
  })
})
