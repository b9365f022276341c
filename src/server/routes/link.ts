import type { Context } from 'hono'
import { showClinic } from '../../core/appointment-shown.ts'
import { languageOfPatient } from '../../core/patient.ts'
import { languageFor, languageOf } from '../../core/words/language.ts'
import { renderLinkPage } from '../pages/link-page.tsx'
import type { SideContext } from '../pages/side-page.tsx'
import type { Opened } from '../patient-link.ts'

/** 22 base64url characters (R26). */
export const TOKEN = ':token{[A-Za-z0-9_-]{22}}'

export function tokenOf(c: Context): string {
  return c.req.param('token') ?? ''
}

/** The same words, status and bytes for an unknown, an expired and a revoked link. */
export function noSuchLink(c: Context): Response | Promise<Response> {
  const language = languageOf(c.req.query('lang')) ?? languageOf(c.req.header('accept-language')) ?? 'fr'
  return c.html(renderLinkPage(language), 404)
}

/** What the form of a page sent. */
export async function readForm(c: Context): Promise<URLSearchParams> {
  return new URLSearchParams(await c.req.text())
}

/** The language asked for, else as the patient has it. */
export function sideContext(c: Context, { settings, patient }: Opened, language: string | null | undefined): SideContext {
  return {
    token: tokenOf(c),
    language: languageFor(settings, language ?? undefined, languageOfPatient(patient)),
    clinic: showClinic(settings),
  }
}
