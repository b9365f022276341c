import { openMailbox } from '../../src/channels/mailbox/mailbox.ts'
import type { Misbehaviour } from '../../src/channels/mailbox/misbehaviour.ts'

export const account = { sid: `AC${'0'.repeat(32)}`, token: 'test-token' }

export const aMailbox = (misbehaviour: Misbehaviour = {}) => openMailbox({ account, misbehaviour })

export const never = new AbortController().signal
