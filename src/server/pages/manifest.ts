import { readFileSync } from 'node:fs'

export const homeIcon = {
  path: '/assets/appointment.svg',
  body: readFileSync(new URL('../assets/appointment.svg', import.meta.url), 'utf8'),
}

/**
 * What a page put on the home screen is called: an iPhone has push only there. The same for everybody, and it names nobody; without a `start_url` the icon opens
 * the page it was made from (W3C Web Application Manifest), so that the private address stands in no file.
 */
export const webManifest = {
  path: '/manifest.webmanifest',
  body: JSON.stringify({
    name: 'Rendez-vous · Appointment',
    short_name: 'Rendez-vous',
    display: 'standalone',
    scope: '/',
    icons: [{ src: homeIcon.path, sizes: 'any', type: 'image/svg+xml' }],
  }),
}
