import type { Facts, Told } from '../../core/told.ts'
import { flag, instant, number, optional, record, text } from '../codec.ts'
import { modality } from './appointment.ts'

export const facts = record<Facts>({
  stands: flag,
  start: optional(instant),
  zone: text,
  place: optional(text),
  practitioner: optional(text),
  modality,
  joinUrl: optional(text),
})

export const toldRecord = record<Told>({
  facts,
  version: number,
  by: text,
  at: instant,
  assumed: optional(text),
  startBefore: optional(instant),
})
