import type { Role } from '../../core/access.ts'

export type MenuName =
  | 'dashboard'
  | 'toCall'
  | 'appointments'
  | 'patients'
  | 'inbox'
  | 'holds'
  | 'agendas'
  | 'motifs'
  | 'messages'
  | 'absences'
  | 'cadences'
  | 'shadow'
  | 'connectors'
  | 'quarantine'
  | 'writeBacks'
  | 'webhooks'
  | 'health'
  | 'audit'
  | 'access'

export interface MenuItem {
  readonly name: MenuName
  readonly section: 'daily' | 'settings' | 'technical'
  /** Below the clinic's address, or the installation's (`/console`). */
  readonly of: 'clinic' | 'installation'
  readonly path: string
  /** As its route says. */
  readonly least: readonly [Role, ...Role[]]
}

/** In the order they stand; each has a GET route of the same path and roles. */
export const menu: readonly MenuItem[] = [
  { name: 'dashboard', section: 'daily', of: 'clinic', path: '/dashboard', least: ['reader'] },
  { name: 'toCall', section: 'daily', of: 'clinic', path: '/to-call', least: ['reader'] },
  { name: 'appointments', section: 'daily', of: 'clinic', path: '/appointments', least: ['reader'] },
  { name: 'inbox', section: 'daily', of: 'clinic', path: '/inbox', least: ['appointments'] },
  { name: 'holds', section: 'daily', of: 'clinic', path: '/holds', least: ['reader', 'integrator'] },
  { name: 'patients', section: 'daily', of: 'clinic', path: '/patients', least: ['reader'] },
  { name: 'agendas', section: 'settings', of: 'clinic', path: '/agendas', least: ['reader'] },
  { name: 'motifs', section: 'settings', of: 'clinic', path: '/motifs', least: ['reader'] },
  { name: 'messages', section: 'settings', of: 'clinic', path: '/messages', least: ['reader'] },
  { name: 'absences', section: 'settings', of: 'clinic', path: '/absences', least: ['reader'] },
  { name: 'cadences', section: 'settings', of: 'clinic', path: '/cadences', least: ['reader'] },
  { name: 'shadow', section: 'settings', of: 'clinic', path: '/shadow', least: ['reader', 'integrator'] },
  { name: 'connectors', section: 'technical', of: 'installation', path: '/connectors', least: ['reader', 'integrator'] },
  { name: 'quarantine', section: 'technical', of: 'installation', path: '/quarantine', least: ['integrator'] },
  { name: 'writeBacks', section: 'technical', of: 'clinic', path: '/write-backs', least: ['reader', 'integrator'] },
  { name: 'webhooks', section: 'technical', of: 'clinic', path: '/webhooks', least: ['admin'] },
  { name: 'health', section: 'technical', of: 'installation', path: '/health', least: ['admin', 'integrator'] },
  { name: 'audit', section: 'technical', of: 'installation', path: '/audit', least: ['admin'] },
  { name: 'access', section: 'technical', of: 'installation', path: '/access', least: ['admin', 'integrator'] },
]

export function addressOf({ of, path }: Pick<MenuItem, 'of' | 'path'>, clinicId: string | undefined): string {
  return of === 'clinic' ? `${clinicAddress(clinicId ?? '')}${path}` : `/console${path}`
}

/** Where the pages of one clinic begin. */
export function clinicAddress(clinicId: string): string {
  return `/console/clinics/${encodeURIComponent(clinicId)}`
}
