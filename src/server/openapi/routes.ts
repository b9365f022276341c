import type { Route } from '../routes/route.ts'
import { openApiDocument, operationsOf } from './document.ts'
import { renderReference } from './reference.tsx'

/** What the API is, for programs and for people. It tells nothing of anybody, and is made once. */
export function documentRoutes(routes: readonly Route[], publicUrl: string): readonly Route[] {
  let document: string | undefined
  let page: string | undefined
  return [
    {
      method: 'GET',
      path: '/api/openapi.json',
      access: 'public',
      handle: (c) => {
        document ??= JSON.stringify(openApiDocument(routes, publicUrl))
        return c.body(document, 200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-cache' })
      },
    },
    {
      method: 'GET',
      path: '/api/reference',
      access: 'public',
      handle: (c) => {
        page ??= renderReference(operationsOf(routes), publicUrl)
        return c.html(page, 200, { 'cache-control': 'no-cache' })
      },
    },
  ]
}
