import { check } from './check.ts'
import type { Command } from './command.ts'
import { doctor } from './doctor.ts'
import { hl7Inspect } from './hl7/inspect.ts'
import { hl7Listen } from './hl7/listen.ts'
import { hl7Send } from './hl7/send.ts'
import { importFiles } from './import.ts'
import { reconcile } from './reconcile.ts'
import { simulate } from './simulate.ts'
import { why } from './why.ts'

/** All there are; a new one is a line here and a file of its own. */
export const commands: readonly Command[] = [check, doctor, why, simulate, hl7Inspect, hl7Send, hl7Listen, importFiles, reconcile]
