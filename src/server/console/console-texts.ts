import type { Role } from '../../core/access.ts'
import type { MenuName } from './menu.ts'

/** Why a page is not shown. */
export type Refusal = 'elsewhere' | 'role' | 'missing' | 'size'

export interface ConsoleTexts {
  readonly skip: string
  readonly menu: string
  readonly navigation: string
  readonly home: string
  readonly signOut: string
  readonly chooseClinic: string
  readonly sections: Readonly<Record<'daily' | 'settings' | 'technical', string>>
  readonly pages: Readonly<Record<MenuName, string>>
  readonly roles: Readonly<Record<Role, string>>
  readonly refusals: Readonly<Record<Refusal, { readonly title: string; readonly rest: string }>>
  readonly noClinic: { readonly title: string; readonly rest: string }
}
