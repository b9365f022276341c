import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

export interface Passwords {
  /** A PHC string. Rejects with `Overloaded` where too many wait. */
  hash(password: string): Promise<string>
  /** Takes as long where nothing is stored: who asks learns nothing of who exists. `outdated`: right, but hashed more cheaply than now. */
  check(password: string, stored: string | undefined): Promise<'right' | 'outdated' | 'wrong'>
}

/** Each hash takes 128 MiB and half a second or so: no more of them wait than are answered in ten (R20). */
export class Overloaded extends Error {
  override readonly name = 'Overloaded'
}

export interface PasswordOptions {
  /** N = 2^cost; 17 unless told (OWASP: 2^17, r = 8, p = 1). */
  readonly cost?: number
  /** Hashes at once, each in a thread of its own; 2 unless told. */
  readonly atOnce?: number
  readonly mostWaiting?: number
}

interface Parameters {
  readonly cost: number
  readonly r: number
  readonly p: number
}

const saltBytes = 16
const hashBytes = 32

/** Passwords by scrypt (RFC 7914), off the event loop, so many at once. */
export function createPasswords({ cost = 17, atOnce = 2, mostWaiting = 20 }: PasswordOptions = {}): Passwords {
  const own: Parameters = { cost, r: 8, p: 1 }
  const decoy = write(own, randomBytes(saltBytes), randomBytes(hashBytes))
  const inTurn = turns(atOnce, mostWaiting)
  return {
    async hash(password) {
      const salt = randomBytes(saltBytes)
      return write(own, salt, await inTurn(() => derive(password, salt, own)))
    },
    async check(password, stored) {
      const { parameters, salt, hash } = read(stored ?? decoy)
      const given = await inTurn(() => derive(password, salt, parameters))
      if (!timingSafeEqual(given, hash) || stored === undefined) return 'wrong'
      return parameters.cost < own.cost ? 'outdated' : 'right'
    },
  }
}

function derive(password: string, salt: Buffer, { cost, r, p }: Parameters): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** cost, r, p, maxmem: 2 ** cost * r * 128 + 64 * 1024 * 1024 }
  return new Promise((resolve, reject) =>
    // composed and decomposed letters look alike, and phones type either
    scrypt(password.normalize('NFKC'), salt, hashBytes, options, (error, hash) => (error ? reject(error) : resolve(hash))),
  )
}

/** https://github.com/P-H-C/phc-string-format */
function write({ cost, r, p }: Parameters, salt: Buffer, hash: Buffer): string {
  return `$scrypt$ln=${cost},r=${r},p=${p}$${salt.toString('base64url')}$${hash.toString('base64url')}`
}

function read(stored: string): { readonly parameters: Parameters; readonly salt: Buffer; readonly hash: Buffer } {
  const [, cost, r, p, salt = '', hash = ''] = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/.exec(stored) ?? []
  if (!hash) throw new Error('a stored password is not one of ours')
  const parameters = { cost: Number(cost), r: Number(r), p: Number(p) }
  return { parameters, salt: Buffer.from(salt, 'base64url'), hash: Buffer.from(hash, 'base64url') }
}

/** So many run at once, so many wait; the rest is refused. */
function turns(atOnce: number, mostWaiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= atOnce) {
      if (waiting.length >= mostWaiting) throw new Overloaded('too many passwords at once')
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
