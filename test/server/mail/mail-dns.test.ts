import { createSocket } from 'node:dgram'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { mailDns } from '../../../src/server/mail/mail-dns.ts'

const never = new AbortController().signal

/** RFC 1035: answers TXT of `known.example` in two parts, says `none.example` does not exist, and never answers the rest. */
async function nameServer(): Promise<string> {
  const socket = createSocket('udp4')
  onTestFinished(() => new Promise((resolve) => socket.close(resolve)))
  socket.on('message', (query, { port, address }) => {
    const question = query.subarray(12)
    const name = question.toString('latin1')
    const head = (flags: number, answers: number) => {
      const header = Buffer.alloc(12)
      query.copy(header, 0, 0, 2)
      header.writeUInt16BE(flags, 2)
      header.writeUInt16BE(1, 4)
      header.writeUInt16BE(answers, 6)
      return header
    }
    const asked = question.subarray(0, question.indexOf(0) + 5)
    if (name.includes('none')) socket.send(Buffer.concat([head(0x8183, 0), asked]), port, address)
    if (!name.includes('known')) return
    const parts = ['v=spf1 ', '-all'].map((part) => Buffer.concat([Buffer.from([part.length]), Buffer.from(part)]))
    const data = Buffer.concat(parts)
    const record = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, data.length])
    socket.send(Buffer.concat([head(0x8180, 1), asked, record, data]), port, address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(socket.address() as AddressInfo).port}`
}

test('a record in parts is one text, and a name that does not exist has none', async () => {
  const dns = mailDns([await nameServer()])
  expect(await dns.txt('known.example', never)).toEqual(['v=spf1 -all'])
  expect(await dns.txt('none.example', never)).toEqual([])
  expect(await dns.mx('none.example', never)).toEqual([])
})

test('whoever stops waiting waits no longer', async () => {
  const dns = mailDns([await nameServer()])
  const stopping = new AbortController()
  const asked = dns.txt('silent.example', stopping.signal)
  stopping.abort()
  await expect(asked).rejects.toThrow(/ECANCELLED/)
  await expect(dns.txt('known.example', stopping.signal)).rejects.toThrow()
})
