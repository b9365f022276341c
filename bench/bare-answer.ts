import { createServer } from 'node:net'
import { acknowledge, takeFrames } from './bare-framer.ts'

/** The least a server can do: find the frame's end and answer AA with the control id. Nothing is read, decided or stored. */
const server = createServer((socket) => takeFrames(socket, (message) => void socket.write(acknowledge(message))))

server.listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('listening\n'))
