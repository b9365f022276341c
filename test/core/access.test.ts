import { describe, expect, test } from 'vitest'
import type { Role } from '../../src/core/access.ts'
import { mayEdit, mayEnter, mayReach } from '../../src/core/access.ts'

const roles: readonly Role[] = ['operator', 'admin', 'appointments', 'reader', 'integrator']

test.each<[Role, readonly Role[]]>([
  ['operator', ['operator', 'admin', 'appointments', 'reader', 'integrator']],
  ['admin', ['admin', 'appointments', 'reader']],
  ['appointments', ['appointments', 'reader']],
  ['reader', ['reader']],
  ['integrator', ['integrator']],
])('%s includes %j, and no other role', (role, included) => {
  expect(roles.filter((least) => mayReach({ role }, [least]))).toEqual(included)
  expect(mayReach({ role }, [])).toBe(false)
})

test('a token with clinics sees those, one without sees all', () => {
  expect(mayEnter({ clinics: ['tilleuls'] }, 'tilleuls')).toBe(true)
  expect(mayEnter({ clinics: ['tilleuls'] }, 'erables')).toBe(false)
  expect(mayEnter({}, 'erables')).toBe(true)
})

describe('who may change what', () => {
  test.each<[string, readonly string[], readonly Role[]]>([
    ['an agenda’s switches (D4)', ['agendas', 'MOREAU', 'switches', 'sms', 'reminder'], ['operator', 'admin']],
    ['a motif (D14)', ['motifs', 'CONSULT', 'notify'], ['operator', 'admin']],
    ['a site’s options (O5)', ['sites', 'main', 'patientMayCancel'], ['operator', 'admin']],
    ['the cadence', ['cadence', 'steps', '0', 'notAfter'], ['operator', 'admin']],
    ['automated communications (O7)', ['communications'], ['operator', 'admin']],
    ['a price (O21)', ['smsPrices', '0', 'perSegment'], ['operator', 'admin']],
    ['a patient’s switch (D23)', ['patients', 'ehr:P1', 'notify'], ['operator', 'admin', 'appointments']],
    ['activating SMS (O22)', ['smsActivated'], ['operator']],
    ['whether settings may be changed at all (D1)', ['settingsEnabled'], ['operator']],
  ])('%s', (_, path, allowed) => {
    expect(roles.filter((role) => mayEdit(role, [{ path }], true) === undefined)).toEqual(allowed)
  })

  test('where the clinic’s settings are read-only, an operator alone changes any (D1)', () => {
    const patient = [{ path: ['patients', 'ehr:P1', 'notify'] }]
    expect(mayEdit('admin', patient, false)).toEqual({ type: 'plan_required' })
    expect(mayEdit('appointments', patient, false)).toEqual({ type: 'plan_required' })
    expect(mayEdit('operator', patient, false)).toBeUndefined()
    expect(mayEdit('admin', [], false)).toBeUndefined()
  })

  test('a role that would not be enough anyway is told so first', () => {
    expect(mayEdit('reader', [{ path: ['motifs', 'CONSULT', 'notify'] }], false)).toMatchObject({ type: 'role_required', role: 'admin' })
  })
})
