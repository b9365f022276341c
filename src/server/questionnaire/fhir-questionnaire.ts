import { z } from 'zod'

/** Of an extension: only what some we know of hold. */
const extension = z.object({
  url: z.string(),
  valueInteger: z.number().optional(),
  valueDecimal: z.number().optional(),
  valueDate: z.string().optional(),
  valueBoolean: z.boolean().optional(),
  valueCode: z.string().optional(),
  valueString: z.string().optional(),
  valueCoding: z.object({ code: z.string().optional(), system: z.string().optional(), display: z.string().optional() }).optional(),
  extension: z.array(z.object({ url: z.string(), valueCode: z.string().optional(), valueString: z.string().optional() })).optional(),
})

export type FhirExtension = z.output<typeof extension>

/** FHIR puts what belongs to a primitive beside it, below its name with a low line. */
const beside = z.object({ extension: z.array(extension).optional() }).optional()

const coding = z.object({
  code: z.string().min(1).max(200),
  system: z.string().max(500).optional(),
  display: z.string().max(1000).optional(),
  _display: beside,
})

export type FhirCoding = z.output<typeof coding>

const quantity = z.object({ value: z.number(), unit: z.string().optional(), code: z.string().optional(), system: z.string().optional() })

const enableWhen = z.object({
  question: z.string(),
  operator: z.enum(['exists', '=', '!=', '>', '<', '>=', '<=']),
  answerBoolean: z.boolean().optional(),
  answerDecimal: z.number().optional(),
  answerInteger: z.number().optional(),
  answerDate: z.string().optional(),
  answerString: z.string().optional(),
  answerCoding: z.object({ code: z.string(), system: z.string().optional() }).optional(),
  answerQuantity: quantity.optional(),
})

export type FhirEnableWhen = z.output<typeof enableWhen>

const answerOption = z.object({
  valueCoding: coding.optional(),
  valueString: z.string().min(1).max(1000).optional(),
  valueInteger: z.int().optional(),
  valueDate: z.string().optional(),
  _valueString: beside,
})

export type FhirOption = z.output<typeof answerOption>

const linkId = z.string().min(1).max(255)

const item = z.object({
  linkId,
  type: z.string(),
  text: z.string().max(4000).optional(),
  _text: beside,
  prefix: z.string().max(50).optional(),
  code: z.array(coding).optional(),
  required: z.boolean().optional(),
  repeats: z.boolean().optional(),
  readOnly: z.boolean().optional(),
  maxLength: z.int().min(1).optional(),
  enableWhen: z.array(enableWhen).max(20).optional(),
  enableBehavior: z.enum(['all', 'any']).optional(),
  answerOption: z.array(answerOption).max(200).optional(),
  answerValueSet: z.string().optional(),
  extension: z.array(extension).optional(),
  get item() {
    return z.array(item).max(200).optional()
  },
})

export type FhirItem = z.output<typeof item>

/** The part of FHIR R4 Questionnaire that can be asked here; what is not named is left unread. */
export const fhirQuestionnaire = z.object({
  resourceType: z.literal('Questionnaire', { error: 'not a FHIR Questionnaire' }),
  url: z.string().max(500).optional(),
  version: z.string().max(100).optional(),
  title: z.string().max(500).optional(),
  _title: beside,
  language: z.string().optional(),
  item: z.array(item).min(1, { error: 'asks nothing' }).max(200),
})
