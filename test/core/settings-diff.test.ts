import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import type { Settings } from '../../src/core/settings.ts'
import { applyEdit, diffSettings, touchedBy, withPatient } from '../../src/core/settings-diff.ts'
import { anySettings } from '../support/arbitraries.ts'
import { agendaSettings, clinicSettings, motifSettings } from '../support/clinic.ts'

const usual = clinicSettings()
const paths = (after: Partial<Settings>, before: Settings = usual) =>
  diffSettings(before, { ...before, ...after }).map(({ path, before, after }) => [path.join(' '), before, after])

describe('what differs between two versions', () => {
  test.each<[string, Partial<Settings>, unknown[][]]>([
    ['nothing', {}, []],
    ['the number of the version alone: nothing', { version: 9 }, []],
    ['one flag', { communications: false }, [['communications', true, false]]],
    ['a duration, as ISO 8601', { grace: Temporal.Duration.from('PT10M') }, [['grace', 'PT0S', 'PT10M']]],
    [
      'hours that were none',
      { quietHours: { from: Temporal.PlainTime.from('21:00'), until: Temporal.PlainTime.from('08:00') } },
      [
        ['quietHours from', undefined, '21:00:00'],
        ['quietHours until', undefined, '08:00:00'],
      ],
    ],
    [
      'SMS de rappel of one agenda (D8)',
      {
        agendas: {
          moreau: {
            ...agendaSettings(),
            switches: { ...agendaSettings().switches, sms: { confirmation: true, reminder: false, change: true } },
          },
        },
      },
      [['agendas moreau switches sms reminder', true, false]],
    ],
    [
      'a motif that is gone',
      { motifs: {} },
      ['type', 'notify', 'listed', 'confirmation', 'changes', 'reminder'].map((key) => [
        `motifs CONSULT ${key}`,
        key === 'type' ? 'onsite' : true,
        undefined,
      ]),
    ],
    ['a key with a dot and a slash', { patients: { 'ehr:a.b/c': { notify: false } } }, [['patients ehr:a.b/c notify', undefined, false]]],
    [
      'an address that is empty is not one that is absent',
      { clinic: { ...usual.clinic, address: [] } },
      [['clinic address', undefined, '[]']],
    ],
    [
      'a price that was added',
      { smsPrices: [...usual.smsPrices, { from: '2027-01-01', perSegment: 600, currency: 'CAD' }] },
      [
        ['smsPrices 1 from', undefined, '2027-01-01'],
        ['smsPrices 1 perSegment', undefined, 600],
        ['smsPrices 1 currency', undefined, 'CAD'],
      ],
    ],
  ])('%s', (_, after, expected) => {
    expect(paths(after)).toEqual(expected)
  })

  test('is nothing between equals, and never nothing where a stored document would differ', () => {
    const written = ({ version: _, ...settings }: Settings) =>
      JSON.stringify(settings, (_key, part: unknown) =>
        typeof part === 'object' && part !== null && !Array.isArray(part)
          ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
          : part,
      )
    fc.assert(
      fc.property(anySettings, anySettings, (a, b) => {
        expect(diffSettings(a, a)).toEqual([])
        expect(diffSettings(a, b).length === 0).toBe(written(a) === written(b))
      }),
    )
  })

  test('read backwards is the same with its sides changed', () => {
    const sorted = (changes: readonly { readonly path: readonly string[] }[]) => [...changes].map((each) => JSON.stringify(each)).sort()
    fc.assert(
      fc.property(anySettings, anySettings, (a, b) => {
        const back = diffSettings(b, a).map(({ path, before, after }) => ({
          path,
          ...(after !== undefined && { before: after }),
          ...(before !== undefined && { after: before }),
        }))
        expect(sorted(back)).toEqual(sorted(diffSettings(a, b)))
      }),
    )
  })
})

describe('an edit is taken whole, or not at all (D6, D8)', () => {
  const edit = (after: Partial<Settings>, more: Partial<Parameters<typeof applyEdit>[0]> = {}) =>
    applyEdit({ current: usual, wanted: { ...usual, ...after }, from: 1, role: 'operator', ...more })

  test('the next version names what changed', () => {
    expect(edit({ dailyCap: 3 })).toMatchObject({
      kind: 'changed',
      settings: { version: 2, dailyCap: 3 },
      changes: [{ path: ['dailyCap'], before: 6, after: 3 }],
    })
  })
  test('what changes nothing is no version', () => expect(edit({})).toEqual({ kind: 'unchanged' }))
  test('of another version than the current it is refused, whoever edits', () =>
    expect(edit({ dailyCap: 3 }, { from: 2 })).toEqual({ kind: 'conflict' }))
  test('one switch needs no version', () => {
    const { from: _, ...free } = {
      current: { ...usual, version: 7 },
      wanted: withPatient(usual, 'ehr:P1', false),
      from: 1,
      role: 'operator' as const,
    }
    expect(applyEdit(free)).toMatchObject({ kind: 'changed', settings: { version: 8, patients: { 'ehr:P1': { notify: false } } } })
  })
  test('where the role is not enough for one part, no part is taken (D4)', () =>
    expect(edit({ patients: { 'ehr:P1': { notify: false } }, dailyCap: 3 }, { role: 'appointments' })).toEqual({
      kind: 'refused',
      refusal: { type: 'role_required', role: 'admin', path: ['dailyCap'] },
    }))
})

describe('one patient’s switch (D22, D24)', () => {
  test('off is a row; on again is none', () => {
    const off = withPatient(usual, 'ehr:P1', false)
    expect(off.patients).toEqual({ 'ehr:P1': { notify: false } })
    expect(withPatient(off, 'ehr:P1', true).patients).toEqual({})
  })

  test('concerns that patient alone; anything else concerns everybody', () => {
    const two = withPatient(withPatient(usual, 'ehr:P1', false), 'ehr:P2', false)
    expect(touchedBy(diffSettings(usual, two))).toEqual(['ehr:P1', 'ehr:P2'])
    expect(touchedBy(diffSettings(usual, { ...two, motifs: { CONSULT: motifSettings({ reminder: false }) } }))).toBe('all')
  })
})
