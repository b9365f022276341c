import { readFile, stat, writeFile } from 'node:fs/promises'
import net, { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { aConfiguration, runToEnd, startProcess } from '../support/service-process.ts'

describe('the command', () => {
  test('explains itself', async () => {
    const { status, out, error } = await runToEnd(['--help'])
    expect([status, error]).toEqual([0, ''])
    for (const word of ['usage', 'rappel check', '--config', 'exit status']) expect(out).toContain(word)
  })

  test.each([
    ['a flag nobody knows', ['--verbose']],
    ['a command nobody knows', ['start']],
    ['two commands', ['check', 'check']],
    ['a file that is not named', ['--config']],
  ])('refuses %s, and shows how', async (_, args) => {
    const { status, out, error } = await runToEnd(args)
    expect([status, out]).toEqual([2, ''])
    expect(error).toContain('usage')
  })

  test('says which file is missing, and which to begin with', async () => {
    const { folder } = await aConfiguration()
    const { status, error } = await runToEnd(['--config', join(folder, 'none.yaml')])
    expect(status).toBe(2)
    expect(error).toContain('none.yaml: no such file')
    expect(error).toContain('examples/rappel.yaml')
  })

  test('says every fault with its line, starts nothing, and makes no file', async () => {
    const { file, folder } = await aConfiguration('log: loud\nports: 3\n')
    const { status, out, error } = await runToEnd(['--config', file])
    expect([status, out]).toEqual([2, ''])
    expect(error.split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^${file}:7 log: `)),
      expect.stringMatching(new RegExp(`^${file}:8 ports: `)),
      '2 to mend; nothing was started',
      '',
    ])
    await expect(stat(join(folder, 'data'))).rejects.toThrow('ENOENT')
  })
})

describe('rappel check', () => {
  test('finds no fault in a good file', async () => {
    const { file, folder } = await aConfiguration()
    const { status, out, error } = await runToEnd(['check', '--config', file])
    expect([status, out, error]).toEqual([0, `${file}: 1 connectors, 1 clinics, no fault\n`, ''])
    await expect(stat(join(folder, 'data'))).rejects.toThrow('ENOENT')
  })

  test('takes the file of the environment, or rappel.yaml', async () => {
    const { file, folder } = await aConfiguration()
    expect((await runToEnd(['check'], { RAPPEL_CONFIG: file })).status).toBe(0)
    expect((await runToEnd(['check'], {}, folder)).status).toBe(0)
  })

  test.each([
    ['a path that is none', 'mapping: { agenda: [AIP3] }', 'AIP3'],
    ['a country that is none', 'region: XX', 'XX'],
  ])('finds what only the connector can judge, with its line: %s', async (_, setting, word) => {
    const { file } = await aConfiguration()
    const text = (await readFile(file, 'utf8')).replace('region: CA', setting.startsWith('region') ? setting : `region: CA, ${setting}`)
    await writeFile(file, text)
    const { status, error } = await runToEnd(['check', '--config', file])
    expect(status).toBe(2)
    expect(error).toMatch(new RegExp(`^${file}:6 connectors.0: .*${word}`))
  })
})

describe('the service', () => {
  test('starts, is ready, and stops as asked: status 0, within 25 s (R36)', async () => {
    const { file, store, folder } = await aConfiguration()
    const { child, ended, webPort, lines } = await startProcess(file)
    expect((await fetch(`http://127.0.0.1:${webPort}/readyz`)).status).toBe(200)
    // a peer that says nothing does not hold it
    const idle = net.connect(webPort, '127.0.0.1')
    idle.on('error', () => {})
    await new Promise((resolve) => idle.once('connect', resolve))
    const asked = performance.now()
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(performance.now() - asked).toBeLessThan(25_000)
    idle.destroy()
    const events = lines.map(({ msg }) => msg)
    expect(events.toSorted()).toEqual(['first_operator', 'listening', 'serving', 'settings_adopted', 'stopped', 'stopping'])
    expect(events.slice(-2)).toEqual(['stopping', 'stopped'])
    expect((await stat(store)).mode & 0o777).toBe(0o600)
    for (const kept of ['data', 'archive']) expect((await stat(join(folder, kept))).mode & 0o777).toBe(0o700)
  })

  test('finds its settings again and adopts none', async () => {
    const { file } = await aConfiguration()
    for (const adopted of [true, false]) {
      const { child, ended, lines } = await startProcess(file)
      expect(lines.some(({ msg }) => msg === 'settings_adopted')).toBe(adopted)
      child.kill('SIGINT')
      expect(await ended).toBe(0)
    }
  })

  test.each(['server: { port: 0,', 'listen: { port: 0 }'])('that cannot listen ends, with status 1: %s', async (place) => {
    const { file } = await aConfiguration()
    const busy = createServer()
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve))
    const address = busy.address()
    const port = typeof address === 'object' ? address?.port : 0
    await writeFile(file, (await readFile(file, 'utf8')).replace(place, place.replace('port: 0', `port: ${port}`)))
    const { status, error } = await runToEnd(['--config', file])
    expect(status).toBe(1)
    expect(error).toContain('EADDRINUSE')
    busy.close()
  })

  test('with a store that is none says so, and ends', async () => {
    const { file, folder } = await aConfiguration()
    const other = join(folder, 'diary.txt')
    await writeFile(other, 'dear diary '.repeat(1_000))
    await writeFile(file, (await readFile(file, 'utf8')).replace(/store: .*/, `store: { path: ${other} }`))
    const { status, error } = await runToEnd(['--config', file])
    expect(status).toBe(1)
    expect(error).toContain('it is no store')
  })
})
