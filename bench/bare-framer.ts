import type { Socket } from 'node:net'

const start = 0x0b
const end = Buffer.from([0x1c, 0x0d])

/** Hands on each whole frame's payload. */
export function takeFrames(socket: Socket, take: (message: Buffer) => void): void {
  let rest = Buffer.alloc(0)
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : Buffer.from(chunk)
    for (let stop = rest.indexOf(end); stop >= 0; stop = rest.indexOf(end)) {
      const message = rest.subarray(rest[0] === start ? 1 : 0, stop)
      rest = rest.subarray(stop + 2)
      take(message)
    }
  })
}

/** AA with the control id of the message. */
export function acknowledge(message: Buffer): Buffer {
  const fields = message.subarray(0, message.indexOf(0x0d)).toString('latin1').split('|')
  return Buffer.from(`\x0bMSH|^~\\&|||||||ACK|1|P|2.5.1\rMSA|AA|${fields[9]}\r\x1c\r`, 'latin1')
}
