import type { Rollout } from '../../../core/rollout-terms.ts'
import type { Settings } from '../../../core/settings.ts'
import { rolloutSchema } from '../../config/clinic-rollout.ts'
import type { Sent } from '../parts/form.ts'
import type { Step } from './texts.ts'
import { steps } from './texts.ts'

/** How far a clinic is, as the page calls it. */
export function stepOf(rollout: Rollout | null | undefined): Step {
  if (!rollout || (rollout.mode === 'live' && rollout.percent >= 100)) return 'all'
  if (rollout.mode === 'off') return 'off'
  if (rollout.mode === 'live' && rollout.percent > 0) return 'percent'
  return (rollout.agendas?.length ?? 0) > 0 ? 'agendas' : 'shadow'
}

/** What the form of a step sent; undefined: it is none. */
export function stepSent(sent: Pick<Sent, 'one' | 'all' | 'has'>, { agendas }: Settings): Rollout | undefined {
  const step = steps.find((each) => each === sent.one('step'))
  if (!step) return undefined
  const chosen = sent.all('agendas').filter((key) => Object.hasOwn(agendas, key))
  const kept = step === 'agendas' || step === 'percent' ? chosen : []
  const percent = step === 'percent' ? Number(sent.one('percent')) : step === 'all' ? 100 : 0
  if (step === 'agendas' && kept.length === 0) return undefined
  if (step === 'percent' && !(percent >= 1 && percent <= 99)) return undefined
  const [email, sms] = [sent.one('test-email').trim(), sent.one('test-sms').replace(/[\s().-]/g, '')]
  const read = rolloutSchema.safeParse({
    mode: step === 'off' ? 'off' : step === 'percent' || step === 'all' ? 'live' : 'shadow',
    percent,
    ...(kept.length > 0 && { agendas: kept }),
    ...((email || sms) && { redirectTo: { ...(email && { email }), ...(sms && { sms }) } }),
    ...(sent.has('answers') && { answersToChart: true }),
  })
  return read.success ? read.data : undefined
}
