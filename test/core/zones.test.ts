import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { isSame, readZones, workOut, zonesOf } from './zone-truth.ts'

const version = process.versions.tz

const everywhere = zonesOf('zones-2025c')
/** More, from a file of one's own making: test/fixtures/time/README.md. */
const more = process.env.RAPPEL_ZONE_CASES
const zones = [...everywhere, ...zonesOf('casablanca-2026c'), ...(more ? readZones(pathToFileURL(more)) : [])]
const count = (key: 'cases' | 'same') => everywhere.reduce((sum, zone) => sum + zone[key].length, 0)
const differing = everywhere.filter(({ same, cases }) => same.length < cases.length).map(({ zone }) => zone)

/** Where a country changed its rules between Python's zone data and ours, neither is wrong: such cases are counted and left out. */
describe('R13: what Python’s zoneinfo works out', () => {
  it(`${count('same')} of ${count('cases')} cases can be compared with zone data ${version}; other rules in ${differing.join(', ') || 'no zone'}`, () => {
    expect(count('cases')).toBe(100_000)
    expect(count('same')).toBeGreaterThanOrEqual(90_000)
  })

  it('differs in no zone whose data are of the same version', () => {
    for (const { tz, same, cases } of zones) if (tz === version) expect(same.length).toBe(cases.length)
  })

  it('covers hours that do not exist and hours that come twice, at the start and at the due time', () => {
    for (const oddity of ['gap', 'overlap']) {
      for (const key of ['startWall', 'dueWall'] as const) {
        const covered = everywhere.filter(({ same }) => same.some((each) => each[key] === oddity)).map(({ zone }) => zone)
        expect(covered).toEqual(expect.arrayContaining(['America/St_Johns', 'America/Toronto', 'Australia/Lord_Howe', 'Europe/Paris']))
      }
    }
  })

  it.each(zones)(
    '$zone, zone data $tz',
    ({ zone, same }) => {
      const wrong = same.map((each) => ({ expected: each, got: workOut(each, zone) })).filter(({ expected, got }) => !isSame(expected, got))
      expect(wrong.slice(0, 10)).toEqual([])
    },
    60_000,
  )
})
