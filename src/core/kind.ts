export type NotificationKind = 'confirmation' | 'reminder' | 'previsit' | 'change' | 'cancellation' | 'correction' | 'no_show' | 'manual'

/** Of these a contact gets so many a day (section 4, caps). */
export function isCapped(kind: NotificationKind): boolean {
  return kind === 'confirmation' || kind === 'reminder' || kind === 'previsit'
}

/** Notices say that something is no longer as the patient was told; the rest is scheduled. */
export function isNotice(kind: NotificationKind): boolean {
  return kind === 'confirmation' || kind === 'change' || kind === 'cancellation' || kind === 'correction'
}
