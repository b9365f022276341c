import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runCommand } from '../../support/commands.ts'

const message = (id: string) => `MSH|^~\\&|EHR|HOSP|RAPPEL|SITE|20261120100000||SIU^S12|${id}|P|2.5.1\rSCH|${id}\r`

async function folderOf(content: string) {
  const folder = await mkdtemp(join(tmpdir(), 'rappel-send-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'a.hl7'), content)
  return { folder, file: join(folder, 'a.hl7'), out: join(folder, 'came') }
}

/** `rappel hl7 listen`, on any free port, until it is stopped. */
async function listening(...more: string[]) {
  const stopping = new AbortController()
  let print: (text: string) => void = () => {}
  const started = new Promise<string>((resolve) => {
    print = (text) => resolve(text)
  })
  const lines: string[] = []
  const ended = runCommand(['hl7', 'listen', '--port', '0', ...more], {
    stopSignal: () => stopping.signal,
    print: (text) => {
      lines.push(text)
      print(text)
    },
  })
  const port = /:(\d+)\n$/.exec(await started)?.[1] ?? ''
  return {
    port,
    lines,
    async stop() {
      stopping.abort()
      return (await ended).status
    },
  }
}

describe('rappel hl7 send and listen', () => {
  test('each message of a file is sent, kept as it was, acknowledged and printed', async () => {
    const { file, out } = await folderOf(`FHS|^~\\&\rBHS|^~\\&\r${message('A1')}${message('A2')}BTS|2\rFTS|1\r`)
    const listener = await listening('--out', out)
    const { status, out: printed, error } = await runCommand(['hl7', 'send', file, '--to', `127.0.0.1:${listener.port}`])
    expect([status, error]).toEqual([0, ''])
    expect(printed).toMatch(/^1\/2 SIU\^S12 A1: AA, \d+ ms\n2\/2 SIU\^S12 A2: AA, \d+ ms\n$/)
    expect(await listener.stop()).toBe(0)
    expect(listener.lines.slice(1)).toEqual(['0001 SIU^S12 A1, 72 bytes\n', '0002 SIU^S12 A2, 72 bytes\n'])
    expect(await readFile(join(out, '0002.hl7'), 'utf8')).toBe(message('A2'))
    expect((await stat(join(out, '0001.hl7'))).mode & 0o777).toBe(0o600)
  })

  test('a second run keeps what the first one left', async () => {
    const { file, out } = await folderOf(message('A1'))
    for (const name of ['0001.hl7', '0002.hl7']) {
      const listener = await listening('--out', out)
      await runCommand(['hl7', 'send', file, '--to', `127.0.0.1:${listener.port}`])
      await listener.stop()
      expect(await readFile(join(out, name), 'utf8')).toBe(message('A1'))
    }
  })

  test('a refusal is told with its code and text, and is status 1', async () => {
    const ack = '\x0bMSH|^~\\&|||||||ACK|1|P|2.5.1\rMSA|AE|A1|no such agenda\rERR||SCH^1^5|204^Unknown key^HL70357|E\r\x1c\r'
    const peer = createServer((socket) => socket.once('data', () => socket.end(ack)))
    await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void peer.close())
    const address = peer.address()
    const { file } = await folderOf(message('A1'))
    const to = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
    const { status, out, error } = await runCommand(['hl7', 'send', file, '--to', to])
    expect([status, error]).toEqual([1, '1 of 1 not accepted\n'])
    expect(out).toMatch(/^1\/1 SIU\^S12 A1: AE 204 no such agenda, \d+ ms\n$/)
  })

  test('nobody there: it stops at the first, and says so', async () => {
    const { file } = await folderOf(message('A1') + message('A2'))
    const { status, out, error } = await runCommand(['hl7', 'send', file, '--to', '127.0.0.1:1'])
    expect([status, error]).toEqual([1, '2 of 2 not accepted\n'])
    expect(out).toMatch(/^1\/2 SIU\^S12 A1: not sent: cannot connect: ECONNREFUSED, \d+ ms\n$/)
  })

  test('a port that is taken is told, and is status 1', async () => {
    const { port, stop } = await listening()
    const { status, error } = await runCommand(['hl7', 'listen', '--port', port])
    expect([status, error]).toEqual([1, `cannot listen on 127.0.0.1:${port}: EADDRINUSE\n`])
    await stop()
  })

  test.each([
    ['no address', ['send', 'a.hl7'], '--to is needed, as HOST:PORT'],
    ['an address without a port', ['send', 'a.hl7', '--to', 'ehr.example'], '--to is needed, as HOST:PORT'],
    ['a certificate without its key', ['send', 'a.hl7', '--to', 'ehr:1', '--cert', 'a.pem'], '--cert and --key go together'],
    ['a certificate that is not there', ['send', 'a.hl7', '--to', 'ehr:1', '--ca', 'none.pem'], 'none.pem: no such file'],
    ['a patience of nothing', ['send', 'a.hl7', '--to', 'ehr:1', '--timeout', '0'], '--timeout is 1 to 999'],
    ['no port', ['listen'], '--port is needed'],
    ['a port that is none', ['listen', '--port', '70000'], '--port is needed'],
  ])('refuses %s', async (_, args, said) => {
    const { status, error } = await runCommand(['hl7', ...args])
    expect(status).toBe(2)
    expect(error).toContain(said)
  })
})
