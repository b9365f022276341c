import { alarmTexts } from '../../src/server/operations/alarm-texts.ts'
import { type Cut, cuts, opened } from '../server/operations/cuts.ts'
import { prove } from './proof.ts'

const going = new AbortController().signal

/** Cuts one dependency, and looks once more than two minutes would: the alarms that are raised then, and when the next look would have been. */
async function raisedBy(each: Cut): Promise<{ readonly codes: readonly string[]; readonly seconds: number }> {
  const { rappel, alarms } = await opened(each)
  await alarms.work.step(going)
  const before = alarms.last().map(({ code }) => code)
  await each.cut(rappel)
  const dueAt = await alarms.work.nextDueAt()
  const seconds = dueAt ? rappel.clock.now().until(dueAt).total('seconds') : Number.POSITIVE_INFINITY
  await alarms.work.step(going)
  const lasting = each.machine || each.silent || each.loops
  return {
    codes: alarms
      .last()
      .map(({ code }) => code)
      .filter((code) => lasting || !before.includes(code)),
    seconds,
  }
}

prove({
  id: 'R37',
  promise: 'silence is an alarm: each dependency that is cut raises its own, within two minutes',
  async run() {
    const unknown = Object.keys(alarmTexts).filter((code) => !cuts.some((each) => each.code === code))
    if (unknown.length > 0) throw new Error(`nobody cuts what raises ${unknown.join(', ')}`)
    let slowest = 0
    for (const each of cuts) {
      const { codes, seconds } = await raisedBy(each)
      if (codes.join() !== each.code) throw new Error(`${each.name}: ${codes.join(', ') || 'nothing'}, not ${each.code}`)
      slowest = Math.max(slowest, seconds)
    }
    if (slowest > 120) throw new Error(`looked at after ${slowest} s`)
    const { alarms } = await opened({})
    if ((await alarms.look()).length > 0) throw new Error('an alarm while all is well')
    return {
      figure: `${cuts.length} dependencies cut, each raised its own alarm and no other, looked at every ${slowest} s; none while all is well`,
    }
  },
  async control() {
    const silent = []
    for (const each of cuts) {
      const { codes } = await raisedBy({ ...each, cut: () => {}, machine: {}, silent: false, loops: [] })
      if (codes.join() !== each.code) silent.push(each.code)
    }
    if (silent.length < cuts.length) throw new Error('alarms are raised where nothing was cut')
    return `the same judge where nothing was cut: ${silent.length} of ${cuts.length} alarms missed`
  },
})
