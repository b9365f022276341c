import type { Option, Question } from '../../core/inbound/question.ts'
import { instant, list, oneOf, record, text } from '../codec.ts'

export const questionRecord = record<Question>({
  contact: text,
  about: oneOf<Question['about']>({ confirm: true, decline: true, cancel: true, undo: true }),
  options: list(record<Option>({ appointmentId: text, basis: text })),
  askedAt: instant,
  until: instant,
})
