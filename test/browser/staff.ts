import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { Role } from '../../src/core/access.ts'
import type { Language } from '../../src/core/words/language.ts'
import { cookieOf } from '../support/console.ts'
import type { Rappel } from '../support/rappel.ts'
import { openPhone } from './chromium.ts'
import { serveApp } from './served.ts'

interface StaffOptions {
  readonly role: Role
  readonly language?: Language
  readonly script?: boolean
}

/** Somebody of a role who has signed in at a computer; what they see is the test's own clinic on a real port. */
export async function seatStaff(
  browser: Browser,
  rappel: Pick<Rappel, 'app'>,
  { role, ...options }: StaffOptions,
): Promise<{ readonly page: Page; readonly url: string; readonly context: BrowserContext }> {
  const { url, close } = await serveApp({
    fetch: (request) => {
      const headers = new Headers(request.headers)
      headers.set('cookie', [cookieOf(role), headers.get('cookie')].filter(Boolean).join('; '))
      return rappel.app.fetch(new Request(request, { headers }))
    },
  })
  const context = await openPhone(browser, { ...options, width: 1366, height: 900 })
  context.on('close', () => void close())
  return { page: await context.newPage(), url, context }
}
