import type { Route, StaffRoute } from '../../src/server/routes/route.ts'

/** Of every GET route of the console an address that is there: by the links of the pages themselves, so that no page is forgotten. */
export async function addressesOfPages(
  routes: readonly Route[],
  ask: (path: string) => Promise<Response>,
): Promise<{ readonly pages: readonly string[]; readonly unreached: readonly string[] }> {
  const wanted = routes.filter((route): route is StaffRoute => route.access === 'staff' && route.method === 'GET')
  const found = new Map<StaffRoute, string>()
  const html = new Set<string>()
  const queue = ['/console/clinics/tilleuls/appointments', '/console/clinics/tilleuls', '/console/me', '/console/clinics']
  queue.push(...wanted.map(({ path }) => path.replace(':clinic', 'tilleuls')).filter((path) => !path.includes(':')))
  const seen = new Set<string>()
  while (queue.length > 0 && seen.size < mostAsked) {
    const path = queue.shift() ?? ''
    if (seen.has(path)) continue
    seen.add(path)
    const answer = await ask(path)
    const route = wanted.find((each) => patternOf(each.path).test(path.split('?')[0] ?? ''))
    if (route && answer.status === 200 && !found.has(route)) found.set(route, path)
    if (!answer.headers.get('content-type')?.startsWith('text/html')) continue
    if (answer.status === 200) html.add(path)
    for (const [, link = ''] of (await answer.text()).matchAll(/href="(\/console[^"#]*)/g)) {
      const next = link.replaceAll('&amp;', '&')
      const leadsTo = wanted.find((each) => patternOf(each.path).test(next.split('?')[0] ?? ''))
      if (leadsTo && !found.has(leadsTo)) queue.push(next)
    }
    const to = answer.headers.get('location')
    if (to) queue.push(to)
  }
  return {
    pages: [...found.values()].filter((path) => html.has(path)),
    // an address that only leads on is no page
    unreached: wanted.filter((route) => !found.has(route) && !leadsOn.has(route.path)).map(({ path }) => path),
  }
}

const mostAsked = 500
const leadsOn = new Set(['/console', '/console/clinics/:clinic', '/console/holds'])

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:[a-z]+/gi, '[^/]+')}$`)
}
