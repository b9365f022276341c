import type { Kysely } from 'kysely'
import type { Patient } from '../core/patient.ts'
import { patientId } from '../core/patient.ts'
import { aliasesOf } from './aliases.ts'
import { fromDocument, list, text, toDocument } from './codec.ts'
import type { PatientFound, PatientsTable } from './port/patients.ts'
import { prepare, prepareWrite } from './prepare.ts'
import { patientRecord } from './records/patient.ts'
import { preferencesRecord } from './records/preferences.ts'
import type { Database } from './schema.ts'
import { isFirstOf, last, termsOf, termWanted } from './terms.ts'

const chosen = ['patients.doc', 'preferences.doc as chosen'] as const

const find = prepare((db, values: { id: string }) =>
  db
    .selectFrom('patients')
    .leftJoin('preferences', 'preferences.patient_id', 'patients.id')
    .select(chosen)
    .where('patients.id', '=', values.id),
)

const save = prepareWrite((db, row: Database['patients']) =>
  db
    .insertInto('patients')
    .values({ id: row.id, clinic_id: row.clinic_id, phones: row.phones, kin: row.kin, terms: row.terms, doc: row.doc })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        clinic_id: eb.ref('excluded.clinic_id'),
        phones: eb.ref('excluded.phones'),
        kin: eb.ref('excluded.kin'),
        terms: eb.ref('excluded.terms'),
        doc: eb.ref('excluded.doc'),
      })),
    ),
)

const sharing = prepare((db, values: { clinicId: string; phone: string; limit: number }) =>
  db
    .selectFrom('contacts')
    .innerJoin('patients', 'patients.id', 'contacts.patient_id')
    .leftJoin('preferences', 'preferences.patient_id', 'patients.id')
    .select(chosen)
    .where('contacts.clinic_id', '=', values.clinicId)
    .where('contacts.value', '=', values.phone)
    .orderBy('contacts.patient_id')
    .limit(values.limit),
)

const named = prepare((db, values: { id: string; limit: number }) =>
  db
    .selectFrom('kin')
    .innerJoin('patients', 'patients.id', 'kin.relative_id')
    .leftJoin('preferences', 'preferences.patient_id', 'patients.id')
    .select(chosen)
    .where('kin.patient_id', '=', values.id)
    .orderBy('kin.relative_id')
    .limit(values.limit),
)

const naming = prepare((db, values: { id: string; limit: number }) =>
  db
    .selectFrom('kin')
    .innerJoin('patients', 'patients.id', 'kin.patient_id')
    .leftJoin('preferences', 'preferences.patient_id', 'patients.id')
    .select(chosen)
    .where('kin.relative_id', '=', values.id)
    .orderBy('kin.patient_id')
    .limit(values.limit),
)

const search = prepare((db, values: { clinicId: string; from: string; id: string; until: string; limit: number }) =>
  db
    .selectFrom('patient_terms')
    .innerJoin('patients', 'patients.id', 'patient_terms.patient_id')
    .leftJoin('preferences', 'preferences.patient_id', 'patients.id')
    .select([...chosen, 'patients.terms', 'patient_terms.term'])
    .where('patient_terms.clinic_id', '=', values.clinicId)
    .where((eb) => eb(eb.refTuple('patient_terms.term', 'patient_terms.patient_id'), '>', eb.tuple(values.from, values.id)))
    .where('patient_terms.term', '<', values.until)
    .orderBy('patient_terms.term')
    .orderBy('patient_terms.patient_id')
    .limit(values.limit),
)

export function patientsTable(db: Kysely<Database>): PatientsTable {
  return {
    async find(id) {
      const row = (await find(db, { id })).rows[0]
      return row && patientIn(row)
    },
    async save(patient) {
      const terms = termsOf(patient)
      await save(db, {
        id: patient.id,
        clinic_id: patient.clinicId,
        phones: phonesOf(patient),
        kin: kinOf(patient),
        terms: terms.length > 0 ? toDocument(texts, terms) : null,
        doc: toDocument(patientRecord, patient),
      })
    },
    async sharing(clinicId, phone, limit) {
      const { rows } = await sharing(db, { clinicId, phone, limit })
      return rows.map(patientIn)
    },
    async search(clinicId, what, limit, after) {
      const wanted = termWanted(what)
      const found: PatientFound[] = []
      let begin = after ? { from: after.term, id: after.id } : { from: wanted, id: '' }
      for (;;) {
        const { rows } = await search(db, { clinicId, ...begin, until: `${wanted}${last}`, limit })
        for (const row of rows)
          if (isFirstOf(fromDocument(texts, row.terms ?? '[]'), row.term, wanted)) found.push({ patient: patientIn(row), term: row.term })
        const end = rows.at(-1)
        if (!end || rows.length < limit || found.length >= limit) return found.slice(0, limit)
        begin = { from: end.term, id: patientIn(end).id }
      }
    },
    async related(id, limit) {
      const rows = [...(await named(db, { id, limit })).rows, ...(await naming(db, { id, limit })).rows]
      const found = new Map(rows.map(patientIn).map((patient) => [patient.id, patient]))
      return [...found.values()].slice(0, limit)
    },
    ...aliasesOf(db),
  }
}

/** The EHR's word, and beside it what they chose. */
function patientIn({ doc, chosen }: { readonly doc: string; readonly chosen: string | null }): Patient {
  const patient: Patient = fromDocument(patientRecord, doc)
  return chosen === null ? patient : { ...patient, preferences: fromDocument(preferencesRecord, chosen) }
}

const texts = list(text)

/** A guardian's too: two children may be told on the same phone. */
function phonesOf({ contacts, relatives = [] }: Patient): string | null {
  const all = [...contacts, ...relatives.flatMap((relative) => (relative.guardian ? relative.contacts : []))]
  const phones = all.flatMap(({ kind, value }) => (kind === 'phone' && value !== undefined ? [value] : []))
  return phones.length > 0 ? toDocument(texts, phones) : null
}

function kinOf({ connectorId, relatives = [] }: Patient): string | null {
  const ids = relatives.flatMap(({ ehrId }) => (ehrId === undefined ? [] : [patientId(connectorId, ehrId)]))
  return ids.length > 0 ? toDocument(texts, ids) : null
}
