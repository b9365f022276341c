import type { Guesses } from '../../core/guesses.ts'
import { instant, list, number, optional, record, text } from '../codec.ts'

const pass = record<Guesses['passes'][number]>({ hash: text, until: instant })

export const guessesRecord = record<Guesses>({ failures: number, failedAt: optional(instant), passes: list(pass) })
