import { createServer } from 'node:net'

/** The least a server can do: find the frame's end and answer AA with the control id. Nothing is read, decided or stored. */
const start = 0x0b
const end = Buffer.from([0x1c, 0x0d])

const server = createServer((socket) => {
  let rest = Buffer.alloc(0)
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    for (let stop = rest.indexOf(end); stop >= 0; stop = rest.indexOf(end)) {
      const message = rest.subarray(rest[0] === start ? 1 : 0, stop)
      rest = rest.subarray(stop + 2)
      socket.write(acknowledge(message))
    }
  })
})

function acknowledge(message: Buffer): Buffer {
  const fields = message.subarray(0, message.indexOf(0x0d)).toString('latin1').split('|')
  return Buffer.from(`\x0bMSH|^~\\&|||||||ACK|1|P|2.5.1\rMSA|AA|${fields[9]}\r\x1c\r`, 'latin1')
}

server.listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('listening\n'))
