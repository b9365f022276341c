/** The push services of the browsers there are (R23): whose names a browser's own address may bear. */
const services: readonly RegExp[] = [
  /^fcm\.googleapis\.com$/,
  /^[a-z0-9-]+\.push\.services\.mozilla\.com$/,
  /^[a-z0-9-]+\.push\.apple\.com$/,
  /^[a-z0-9-]+\.notify\.windows\.com$/,
]

/** An absolute address without user, fragment or anything that needs escaping. */
const address = /^(https?):\/\/([a-z0-9.-]+)(?::(\d{1,5}))?\/[\w\-.~:/?@!$&'()*+,;=%]*$/i

/**
 * Whether we write to an address that a browser gave (R23): a known service on https and its own port, or a service of the clinic's own,
 * of which `others` has the origins (`https://push.tilleuls.example`).
 */
export function isPushEndpoint(endpoint: string, others: readonly string[]): boolean {
  const [, scheme = '', host = '', port] = (endpoint.length <= 1024 && address.exec(endpoint)) || []
  if (others.includes(`${scheme}://${host}${port === undefined ? '' : `:${port}`}`)) return true
  return scheme === 'https' && (port === undefined || port === '443') && services.some((service) => service.test(host.toLowerCase()))
}
