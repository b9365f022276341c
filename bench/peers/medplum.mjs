import { Hl7Server } from '@medplum/hl7'

// parsed, acknowledged, nothing stored
const server = new Hl7Server((connection) => {
  connection.addEventListener('message', ({ message }) => connection.send(message.buildAck()))
})
server.start(Number(process.argv[2]))
server.server.once('listening', () => process.stdout.write('listening\n'))
