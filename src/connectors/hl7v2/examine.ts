import type { Socket } from 'node:net'
import net from 'node:net'
import { both } from '../../core/explain/words.ts'
import type { WriteBackKind } from '../../core/write-back.ts'
import type { Finding } from '../connector.ts'
import type { Hl7v2Options } from './options.ts'
import { connectPeer } from './sender.ts'
import type { ListenOptions, WriteBackOptions } from './transport.ts'

const patienceMs = 5_000

/** Does anything listen for it, and does the way back lead anywhere. A connection is opened and closed; no message is sent. */
export async function examine(
  { listen, http, sources, writeBack }: Hl7v2Options,
  writes: ReadonlySet<WriteBackKind>,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  const hasHttp = http !== undefined && http.tokens.length + (http.users?.length ?? 0) > 0
  return [
    ...(listen ? [await listening(listen, bounded)] : []),
    ...(hasHttp ? [{ level: 'ok' as const, says: both('Prend les messages par HTTP.', 'Takes messages by HTTP.') }] : []),
    ...(listen || hasHttp ? [] : [deaf]),
    ...(sources === undefined ? [anybody] : []),
    ...(writeBack ? [await wayBack(writeBack, writes, bounded)] : []),
  ]
}

const deaf: Finding = {
  level: 'bad',
  says: both('Rien ne peut entrer : ni listen, ni http.', 'Nothing can come in: neither listen nor http.'),
  fix: both('Donner listen.port, ou des jetons http.', 'Give listen.port, or http tokens.'),
}

const anybody: Finding = {
  level: 'warn',
  says: both('Tout émetteur est pris au mot : sources n’est pas donné.', 'Whoever sends is believed: sources is not given.'),
  fix: both(
    'Nommer dans sources l’application et l’établissement qui envoient.',
    'Name in sources the application and the facility that send.',
  ),
}

async function listening({ host, port, tls }: ListenOptions, signal: AbortSignal): Promise<Finding> {
  const place = `${host}:${port}`
  const failure = await knock(nearest(host), port, signal)
  if (failure === undefined)
    return {
      level: 'ok',
      says: both(`Écoute en MLLP${tls ? ' (TLS)' : ''} sur ${place}`, `Listens for MLLP${tls ? ' (TLS)' : ''} at ${place}`),
    }
  return {
    level: 'warn',
    says: both(`Rien n’écoute sur ${place} : ${failure}`, `Nothing listens at ${place}: ${failure}`),
    fix: both(
      'Démarrer le service ; listen.allow ne doit pas exclure cette machine.',
      'Start the service; listen.allow must not leave out this machine.',
    ),
  }
}

async function wayBack(writeBack: WriteBackOptions, writes: ReadonlySet<WriteBackKind>, signal: AbortSignal): Promise<Finding> {
  const { host, port, tls, connectTimeoutMs = patienceMs } = writeBack
  const place = `${host}:${port}`
  const kinds = [...writes].join(', ') || '–'
  const peer = await connectPeer({ host, port, ...(tls && { tls }), connectTimeoutMs }, signal)
  if (peer.kind === 'connected') {
    peer.socket.destroy()
    return { level: 'ok', says: both(`${place} prend les réponses (${kinds}).`, `${place} takes answers (${kinds}).`) }
  }
  return {
    level: 'bad',
    says: both(`Les réponses n’arrivent pas à ${place} : ${peer.reason}`, `Answers do not reach ${place}: ${peer.reason}`),
    fix: both('Vérifier writeBack : adresse, pare-feu, certificat.', 'Check writeBack: address, firewall, certificate.'),
  }
}

function nearest(host: string): string {
  return host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
}

/** Undefined: somebody opens. */
function knock(host: string, port: number, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket: Socket = net.connect({ host, port, signal })
    socket.once('connect', () => {
      socket.destroy()
      resolve(undefined)
    })
    socket.on('error', (cause: NodeJS.ErrnoException) => resolve(cause.code ?? 'error'))
  })
}
