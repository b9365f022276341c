import type { SideContext } from './side-page.tsx'
import { renderSidePage } from './side-page.tsx'
import { textsIn } from './texts.ts'

/** What is kept of a patient, why, and whom to ask. */
export function renderDataPage(context: SideContext): string {
  const { data } = textsIn(context.language)
  const { name, phone, privacyContact } = context.clinic
  return renderSidePage({
    context,
    title: data.title,
    children: (
      <>
        <section class="stack" aria-labelledby="kept">
          <h2 id="kept">{data.kept}</h2>
          {data.lines.map((line) => (
            <p>{line}</p>
          ))}
        </section>
        <section class="stack" aria-labelledby="who">
          <h2 id="who">{data.who}</h2>
          <p>{data.ask([name, phone].filter(Boolean).join(', '), privacyContact)}</p>
        </section>
      </>
    ),
  })
}
