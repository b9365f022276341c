import type { Language } from '../../core/words/language.ts'
import { renderPage } from './layout.tsx'
import { textsIn } from './texts.ts'

/** One answer, byte for byte, to an unknown, an expired and a revoked link: whether it ever existed is not told (R26). */
export function renderLinkPage(language: Language): string {
  const { title, lines } = textsIn(language).brokenLink
  return renderPage({
    language,
    title,
    children: (
      <article class="slip">
        <div class="in stack">
          <h1>{title}</h1>
          {lines.map((line) => (
            <p>{line}</p>
          ))}
        </div>
      </article>
    ),
  })
}
