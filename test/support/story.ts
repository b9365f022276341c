import { Temporal } from 'temporal-polyfill'
import type { Appointment } from '../../src/core/appointment.ts'
import { confirmationBasis } from '../../src/core/appointment.ts'
import type { AppointmentChange } from '../../src/core/change.ts'
import { decide } from '../../src/core/decide.ts'
import { evolve } from '../../src/core/evolve.ts'
import { evolvePatient } from '../../src/core/evolve-patient.ts'
import type { Notification } from '../../src/core/notification.ts'
import { isPending, newsOf } from '../../src/core/notification.ts'
import type { ChannelKind, Patient } from '../../src/core/patient.ts'
import type { PlanInput } from '../../src/core/plan.ts'
import { plan } from '../../src/core/plan.ts'
import { advance, assumedTold, toldBy, withhold } from '../../src/core/progress.ts'
import type { ReplyKind } from '../../src/core/reply.ts'
import { decideReply, isCancelling } from '../../src/core/reply.ts'
import { wasHeardBefore } from '../../src/core/rollout.ts'
import type { Settings } from '../../src/core/settings.ts'
import type { Told } from '../../src/core/told.ts'
import { factsOf } from '../../src/core/told.ts'
import type { WriteBack, WriteBackOutcome } from '../../src/core/write-back.ts'
import { settleWriteBack, withAnswer } from '../../src/core/write-back.ts'
import { clinicSettings } from './clinic.ts'

/** The pure core on a clock moved by hand: what one appointment would have sent, and why the rest was not. */
export function story(options: { settings?: Settings; now?: string; cancelDebounce?: string } = {}) {
  let now = Temporal.Instant.from(options.now ?? '2026-11-20T12:00:00Z')
  let settings = options.settings ?? clinicSettings()
  let appointment: Appointment | undefined
  let patient: Patient | undefined
  let told: Told | undefined
  const notifications = new Map<string, Notification>()
  const optedOut = new Set<ChannelKind>()
  const writeBacks = new Map<string, WriteBack>()
  const sent: string[] = []
  const arrival = () => ({ connectorId: 'ehr', clinicId: 'tilleuls', zone: settings.clinic.zone, now })

  function replan(changed: PlanInput['changed'], cause: PlanInput['cause']): void {
    if (!appointment) return
    const planned = plan({
      appointment,
      ...(patient && { patient }),
      settings,
      ...(told && { told }),
      existing: [...notifications.values()],
      changed,
      cancelling: isCancelling(appointment, [...writeBacks.values()]),
      cause,
      optedOut,
      cancelDebounce: Temporal.Duration.from(options.cancelDebounce ?? 'PT0S'),
      now,
    })
    for (const notification of planned.save) notifications.set(notification.id, notification)
    told = planned.told ?? told
  }

  function consider(notification: Notification): void {
    if (!appointment) return
    const { kind, channel, notAfter } = notification
    const twinOfTold = told?.by === newsOf(notification)
    const decision = decide('send', {
      kind,
      channel,
      notAfter,
      appointment,
      ...(patient && { patient }),
      settings,
      ...(told && { told }),
      optedOut: optedOut.has(channel),
      twinOfTold,
      heardBefore: wasHeardBefore(notification, settings),
      now,
    })
    const { outcome } = decision
    const next =
      outcome.kind === 'send'
        ? advance(
            { ...notification, state: 'sending', attempts: notification.attempts + 1 },
            { kind: 'accepted', providerId: 'x' },
            now,
            [],
          )
        : { ...withhold(notification, outcome, now), decision }
    notifications.set(next.id, next)
    if (next.state === 'sent') {
      sent.push(`${kind} ${channel}`)
      told = toldBy(next, factsOf(appointment), told, now) ?? told
    }
    told = assumedTold(next, [...notifications.values()], factsOf(appointment), told, now) ?? told
    replan([], 'ehr')
  }

  function receive(change: AppointmentChange, cause: PlanInput['cause']): void {
    const evolution = evolve(appointment, change, arrival())
    appointment = evolution.appointment
    if (change.patient) patient = evolvePatient(patient, change.patient, change.stamp, arrival())
    if (!evolution.stale) replan(evolution.changed, cause)
  }

  const self = {
    /** The EHR says something. */
    hear(change: AppointmentChange) {
      receive(change, 'ehr')
      return self
    },
    /** The same, in an initial load. */
    load(change: AppointmentChange) {
      receive(change, 'import')
      return self
    },
    /** The patient answers on a page that shows what is true. */
    answer(kind: ReplyKind) {
      if (!appointment) throw new Error('no appointment')
      const decision = decideReply({
        kind,
        appointment,
        patientEhrId: 'P1',
        settings,
        ...(told && { told }),
        writeBacks: [...writeBacks.values()],
        basis: confirmationBasis(appointment),
        writes: new Set(['confirm', 'cancel', 'arrive']),
        now,
      })
      if (decision.kind !== 'accepted') throw new Error(`not accepted: ${decision.kind}`)
      for (const writeBack of decision.save) writeBacks.set(writeBack.id, writeBack)
      told = decision.told ?? told
      replan([], 'ehr')
      return self
    },
    /** The oldest answer that waits is brought to the EHR, and this is what it says. */
    settle(outcome: WriteBackOutcome) {
      const queued = [...writeBacks.values()].find((each) => each.state === 'queued')
      if (!queued || !appointment) throw new Error('nothing to bring')
      const settled = settleWriteBack({ ...queued, state: 'sending', attempts: queued.attempts + 1 }, outcome, now, [])
      writeBacks.set(settled.id, settled)
      if (outcome.kind === 'applied') appointment = withAnswer(appointment, settled, now)
      replan([], 'ehr')
      return self
    },
    set(next: Settings) {
      settings = { ...next, version: settings.version + 1 }
      replan([], 'settings')
      return self
    },
    /** The same, before what is planned has been gone through again. */
    setUnplanned(next: Settings) {
      settings = { ...next, version: settings.version + 1 }
      return self
    },
    stop(channel: ChannelKind) {
      optedOut.add(channel)
      return self
    },
    /** The clock is set, forward or back, and nothing is looked at before it has been. */
    setClock(instant: string) {
      now = Temporal.Instant.from(instant)
      return self
    },
    /** Lets time pass until then, sending what falls due. */
    until(instant: string) {
      const end = Temporal.Instant.from(instant)
      for (let looks = 0; ; looks += 1) {
        if (looks > 10_000) throw new Error('what is due stays due for ever')
        const due = [...notifications.values()]
          .filter((each) => isPending(each) && Temporal.Instant.compare(each.dueAt, end) <= 0)
          .sort((a, b) => Temporal.Instant.compare(a.dueAt, b.dueAt) || a.id.localeCompare(b.id))[0]
        if (!due) break
        if (Temporal.Instant.compare(due.dueAt, now) > 0) now = due.dueAt
        consider(due)
      }
      now = end
      return self
    },
    sent: () => sent,
    appointment: () => appointment,
    told: () => told,
    notifications: () => [...notifications.values()],
    /** `kind channel` → state and reason, sorted. */
    outcomes: () =>
      Object.fromEntries(
        [...notifications.values()]
          .map((each) => [`${each.kind} ${each.channel}`, each.reason ? `${each.state}: ${each.reason}` : each.state] as const)
          .sort(([a], [b]) => a.localeCompare(b)),
      ),
  }
  return self
}
