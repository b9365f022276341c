export type NotificationKind = 'confirmation' | 'reminder' | 'previsit' | 'change' | 'cancellation' | 'correction' | 'no_show' | 'manual'

/** Notices say that something is no longer as the patient was told; the rest is scheduled. */
export function isNotice(kind: NotificationKind): boolean {
  return kind === 'confirmation' || kind === 'change' || kind === 'cancellation' || kind === 'correction'
}
