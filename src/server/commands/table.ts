import { auditVerify } from './audit-verify.ts'
import { backup } from './backup.ts'
import { check } from './check.ts'
import type { Command } from './command.ts'
import { completionOf } from './completion.ts'
import { configCheck, configSchema, configShow } from './config.ts'
import { demo } from './demo.ts'
import { doctor } from './doctor.ts'
import { erase } from './erase.ts'
import { fhirCapability, fhirGet } from './fhir.ts'
import { hl7Inspect } from './hl7/inspect.ts'
import { hl7Listen } from './hl7/listen.ts'
import { hl7Send } from './hl7/send.ts'
import { importFiles } from './import.ts'
import { keysAdd, keysList, keysRevoke, keysRotate } from './keys.ts'
import { migrate } from './migrate.ts'
import { reconcile } from './reconcile.ts'
import { recount } from './recount.ts'
import { replay } from './replay.ts'
import { restore } from './restore.ts'
import { serve } from './serve.ts'
import { shadowCompare } from './shadow/compare.ts'
import { shadowImport } from './shadow/import.ts'
import { simulate } from './simulate.ts'
import { usersAdd, usersDisable, usersEnable, usersList, usersReset, usersRole } from './users.ts'
import { why } from './why.ts'

/** All there are; a new one is a line here and a file of its own. Help and completion are made of it. */
export const commands: readonly Command[] = [
  serve,
  demo,
  check,
  doctor,
  why,
  simulate,
  replay,
  backup,
  restore,
  migrate,
  erase,
  auditVerify,
  recount,
  hl7Inspect,
  hl7Send,
  hl7Listen,
  fhirGet,
  fhirCapability,
  importFiles,
  reconcile,
  shadowImport,
  shadowCompare,
  usersList,
  usersAdd,
  usersRole,
  usersDisable,
  usersEnable,
  usersReset,
  keysList,
  keysAdd,
  keysRotate,
  keysRevoke,
  configCheck,
  configSchema,
  configShow,
  completionOf(() => commands),
]
