import { describe, expect, test } from 'vitest'
import type { Settings } from '../../../src/core/settings.ts'
import { agendaSettings, bookedChange, clinicSettings, email, mobile, start } from '../../support/clinic.ts'
import { signedIn } from '../../support/console.ts'
import { wordsOf } from '../../support/pressed.ts'
import { openRappel } from '../../support/rappel.ts'

const path = '/console/clinics/tilleuls/absences'
const day = new URLSearchParams({ agenda: 'moreau', from: '2026-11-26T00:00', until: '2026-11-27T00:00' })

/** A patient with e-mail and mobile, one with a mobile alone, one without either; told of their appointments. */
async function openAbsences(overrides: Partial<Settings> = {}) {
  const rappel = await openRappel({ settings: clinicSettings(overrides), now: '2026-11-20T15:00:00Z' })
  for (const [index, contacts] of [[mobile, email], [mobile], []].entries())
    await rappel.hear(
      bookedChange({
        ehrId: `A${index}`,
        time: { start: start.add({ minutes: 30 * index }) },
        patient: { ehrId: `P${index}`, name: { given: 'Anne', family: `Roy${index}` }, contacts },
      }),
    )
  await rappel.send()
  const see = async (query = day) => wordsOf(await (await rappel.get(`${path}?${query}`, signedIn('reader'))).text())
  return { ...rappel, see }
}

describe('the absence assistant', () => {
  test('D12: who will be told what, by which channel, and who is to be called, before it is set in the EHR', async () => {
    const { see, sms, email: mails } = await openAbsences()
    const [texted, mailed] = [sms.sent.length, mails.sent.length]
    const page = await see()
    expect(page).toContain('3 rendez-vous seraient annulés : moreau')
    expect(page).toContain('Avertis par e-mail 1 sur 3')
    expect(page).toContain('Avertis par SMS 2 sur 3')
    expect([sms.sent.length, mails.sent.length], 'nothing is sent').toEqual([texted, mailed])
  })

  test('D12: SMS de rappel off stops the texts of the absence; whoever has no e-mail is to be called', async () => {
    const off = agendaSettings()
    const { see } = await openAbsences({
      agendas: { moreau: { ...off, switches: { ...off.switches, sms: { ...off.switches.sms, reminder: false } } } },
    })
    const page = await see()
    expect(page).toContain('Avertis par SMS 0 sur 3')
    expect(page).toContain('Avertis par SMS, ne part pas')
    expect(page).toMatch(/À appeler [12] aucun canal ne les atteindra/)
  })

  test('it foresees what the service then does', async () => {
    const rappel = await openAbsences()
    const page = await rappel.see()
    for (const index of [0, 1, 2])
      await rappel.hear({
        ehrId: `A${index}`,
        stamp: { at: rappel.clock.now() },
        status: { value: 'cancelled', cancelKind: 'cancelled' },
        warnings: [],
      })
    const before = { sms: rappel.sms.sent.length, email: rappel.email.sent.length }
    await rappel.send()
    expect(page).toContain(`Avertis par SMS ${rappel.sms.sent.length - before.sms} sur 3`)
    expect(page).toContain(`Avertis par e-mail ${rappel.email.sent.length - before.email} sur 3`)
    const called = await rappel.read((tx) => tx.toCall.open('tilleuls', 10))
    expect(page).toContain(`À appeler ${called.length} aucun canal`)
  })

  test('a time without appointments tells nobody anything', async () => {
    const { see } = await openAbsences()
    expect(await see(new URLSearchParams({ agenda: 'moreau', from: '2027-01-01T00:00', until: '2027-01-02T00:00' }))).toContain(
      'ne dira rien à personne',
    )
  })

  test('what was left out, or is backwards, is said all at once', async () => {
    const { see } = await openAbsences()
    const page = await see(new URLSearchParams({ agenda: '', from: '', until: '' }))
    expect(page).toContain('3 réponses sont à revoir')
    expect(await see(new URLSearchParams({ agenda: 'moreau', from: '2026-11-27T00:00', until: '2026-11-26T00:00' }))).toContain(
      'une fin après le début',
    )
  })
})
