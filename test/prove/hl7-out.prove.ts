import { connect, type Socket } from 'node:net'
import { frame, makeFramer } from '../../src/connectors/hl7v2/mllp.ts'
import type { Sender, SendResult } from '../../src/connectors/hl7v2/sender.ts'
import { exchange, waysToAnswer } from '../connectors/hl7v2/support/exchange.ts'
import { prove } from './proof.ts'

/** As many are written: whatever comes first on the connection is the answer. */
function naiveSender(port: number): Sender {
  let socket: Socket | undefined
  let hear: (result: SendResult) => void = () => {}
  function connection(): Socket {
    if (socket && !socket.destroyed) return socket
    const framer = makeFramer({ maxFrameBytes: 64 * 1024 })
    const made = connect(port, '127.0.0.1')
    made.on('error', () => {})
    made.on('close', () => hear({ kind: 'unanswered', reason: 'hung up' }))
    made.on('data', (chunk: Buffer) => {
      for (const event of framer.push(chunk)) {
        const code = event.kind === 'frame' ? /\rMSA\|(\w+)/.exec(event.payload.toString())?.[1] : undefined
        if (code) hear({ kind: 'answered', code } as SendResult)
      }
    })
    socket = made
    return made
  }
  return {
    send: (bytes) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => socket?.destroy(), 200)
        hear = (result) => {
          clearTimeout(timer)
          resolve(result)
        }
        connection().write(frame(bytes))
      }),
    close: () => void socket?.destroy(),
  }
}

prove({
  id: 'R11',
  promise: 'HL7 out: only an ACK whose MSA-2 is ours, on this connection, counts',
  async run({ of }) {
    const { messages, tries, faults } = await exchange(of({ landing: 2_000, long: 20_000 }))
    if (faults.length > 0) throw new Error(`${faults.length}: ${faults[0]}`)
    return { figure: `${messages} messages whose answers come ${waysToAnswer.join(', ')}: ${tries} tries, 0 wrong` }
  },
  async control() {
    const { faults } = await exchange(100, naiveSender)
    if (faults.length === 0) throw new Error('a sender that takes whatever comes was found well')
    return `a sender that takes whatever comes first: ${faults.length} faults, the first: ${faults[0]}`
  },
  timeoutMs: { landing: 240_000, long: 1_200_000 },
})
