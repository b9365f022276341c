import { expect, it } from 'vitest'
import { renderLinkPage } from '../../../src/server/pages/link-page.tsx'

it('is the same for every link that does not work, and names no clinic (R26)', () => {
  expect(renderLinkPage('fr')).toBe(renderLinkPage('fr'))
  expect(renderLinkPage('fr')).toContain('<h1>Ce lien ne fonctionne pas</h1>')
  expect(renderLinkPage('en')).toContain('<h1>This link does not work</h1>')
  expect(renderLinkPage('fr')).not.toMatch(/tel:|<form/)
})
