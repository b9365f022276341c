import type { AgendaBlock } from '../../core/news.ts'
import { flag, instant, record, text } from '../codec.ts'
import { stamp } from './appointment.ts'

export const blockRecord = record<AgendaBlock>({ clinicId: text, agendaKey: text, start: instant, end: instant, closed: flag, stamp })
