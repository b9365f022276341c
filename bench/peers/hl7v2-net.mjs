import { HL7Server } from 'hl7v2-net'

// as its page shows it: the message is parsed, its own ACK is sent, nothing is stored
const server = HL7Server.createServer()
server.use(async () => undefined)
await server.listen(Number(process.argv[2]), '127.0.0.1')
process.stdout.write('listening\n')
