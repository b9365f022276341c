import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { StaffEnv } from '../routes/route.ts'
import { type ConsoleLayout, renderConsole } from './layout.tsx'

export type PageOptions = Pick<ConsoleLayout, 'title' | 'active' | 'scripts'>

/** Answers with a page of the console: of the clinic in the path, where there is one. */
export async function consolePage(
  c: Context<StaffEnv>,
  options: PageOptions,
  content: Child,
  status: 200 | 409 | 422 = 200,
): Promise<Response> {
  const counted = c.req.param('clinic') ?? c.get('clinics')[0]?.id
  const counts = counted === undefined ? undefined : await c.get('counts')?.(counted)
  const layout: ConsoleLayout = {
    ...options,
    ...(counts && { counts }),
    language: c.get('language'),
    session: c.get('session'),
    clinics: c.get('clinics'),
    clinicId: c.req.param('clinic'),
  }
  return c.html(renderConsole(layout, content), status)
}
