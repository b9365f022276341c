import type { Clockface } from '../../../core/local-time.ts'
import { sayCount } from '../technical-face.ts'
import { textsOf } from './said.tsx'
import type { HabitOfDay } from './state.ts'

const left = 34
const right = 350
const top = 14
const bottom = 160

/** Messages by hour of the day: design.md, Plots. */
export function HabitPlot({ habit, face }: { readonly habit: HabitOfDay | undefined; readonly face: Clockface }) {
  const texts = textsOf(face).habit
  if (!habit)
    return (
      <section class="panel" aria-labelledby="habitude">
        <h2 id="habitude">{texts.title}</h2>
        <p>{texts.none}</p>
      </section>
    )
  const most = Math.max(1, ...habit.workingDays, ...habit.weekend)
  const x = (hour: number) => left + (hour * (right - left)) / 23
  const y = (count: number) => bottom - (count * (bottom - top)) / most
  const points = (counts: readonly number[]) => counts.map((count, hour) => `${x(hour).toFixed(1)},${y(count).toFixed(1)}`).join(' ')
  const highest = habit.workingDays.indexOf(Math.max(...habit.workingDays))
  const language = face.language === 'en' ? 'en' : 'fr'
  const round = (count: number) => sayCount(Math.round(count * 10) / 10, language)
  const hourName = (hour: number) => (language === 'fr' ? `${hour}\u00a0h` : `${hour}:00`)
  return (
    <figure class="panel">
      <figcaption>
        <h2 id="habitude">{texts.title}</h2>
        <p>{texts.finding(hourName(highest), round(habit.workingDays[highest] ?? 0))}</p>
      </figcaption>
      <svg class="plot" viewBox="0 0 360 190" role="img" aria-labelledby="habit-title habit-desc">
        <title id="habit-title">{texts.title}</title>
        <desc id="habit-desc">{texts.desc}</desc>
        {[0, 0.5, 1].map((share) => (
          <>
            <line class={share === 0 ? 'base' : undefined} x1={left} x2={right} y1={y(most * share)} y2={y(most * share)} />
            <text x={left - 6} y={y(most * share) + 4} text-anchor="end">
              {round(most * share)}
            </text>
          </>
        ))}
        {[0, 6, 12, 18].map((hour) => (
          <text x={x(hour)} y={178} text-anchor="middle">
            {hourName(hour)}
          </text>
        ))}
        <polyline class="l1" points={points(habit.workingDays)} />
        <polyline class="l2" points={points(habit.weekend)} />
      </svg>
      <p class="key">
        <span>{texts.working}</span>
        <span class="kl">{texts.weekend}</span>
      </p>
      <details>
        <summary>{texts.figures}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.hour}</th>
              <th scope="col" class="num">
                {texts.working}
              </th>
              <th scope="col" class="num">
                {texts.weekend}
              </th>
            </tr>
          </thead>
          <tbody>
            {habit.workingDays.map((count, hour) => (
              <tr>
                <th scope="row">{hourName(hour)}</th>
                <td class="num">{round(count)}</td>
                <td class="num">{round(habit.weekend[hour] ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
}
