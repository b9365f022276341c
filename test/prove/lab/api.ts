import { expect } from 'vitest'
import { type Laboratory, secrets } from './laboratory.ts'

/** Asks the service's API; it must agree. */
export async function ask({ ports }: Pick<Laboratory, 'ports'>, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${ports.web}/api/v1/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${secrets.api}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  expect(response.status, text).toBe(200)
  return JSON.parse(text)
}
