import type { Message, Words } from '../core/message.ts'
import { html, type Markup } from './markup.ts'

const FONT = html`font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif`
const nothing = html``

/** The e-mail: one card, the date as its head, one link. Tables and inline styles, because mail programs read little else; dark by `prefers-color-scheme`. */
export function emailHtml({ clinic, words }: Message): string {
  const page = html`<!doctype html>
<html lang="${words.language}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
${head(words)}
<body class="page" style="margin:0;padding:0;background:#f4f6f4">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all" aria-hidden="true">${words.preheader}</div>
<div role="main">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f4f6f4" style="background:#f4f6f4">
<tr><td align="center" style="padding:24px 12px">
<!--[if mso]><table role="presentation" width="560" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px">
<tr><td class="ink" style="${FONT};font-size:17px;line-height:24px;font-weight:bold;color:#14211e;padding:0 4px 14px">${clinic.name}</td></tr>
<tr><td class="card" bgcolor="#ffffff" style="background:#ffffff;border:1px solid #d9e0dc;border-radius:14px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
${band(words)}
${block('ink', 'padding:24px 32px 0', 'font-size:18px;line-height:27px;color:#14211e', 14, words.lines)}
<tr><td class="edge" style="padding:22px 32px 10px">
${button(words.action)}
</td></tr>
${asides(words)}
</table>
</td></tr>
<tr><td class="soft" style="padding:18px 4px 0;${FONT};font-size:14px;line-height:21px;color:#4a5a55">
${paragraphs(words.footer, 8)}${elsewhere(words)}
</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</div>
</body>
</html>
`
  return page.markup
}

function head(words: Words): Markup {
  return html`<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no">
<title>${words.subject}</title>
<!--[if mso]><style>td,p,a,h1{font-family:Arial,sans-serif !important}</style><![endif]-->
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 620px) { .edge { padding-left: 20px !important; padding-right: 20px !important; } .time { font-size: 40px !important; line-height: 46px !important; } }
@media (prefers-color-scheme: dark) {
  .page { background: #0e1514 !important; } .card { background: #16201e !important; border-color: #2c3a37 !important; }
  .band { background: #14423f !important; } .off { background: #26322f !important; } .off h1 { color: #b4c1bd !important; }
  .ink { color: #e9efed !important; } .soft { color: #a9b8b3 !important; }
  .go { background: #6fcbc1 !important; } .go a { color: #06211f !important; }
}
[data-ogsb] .page { background: #0e1514 !important; } [data-ogsb] .card { background: #16201e !important; }
[data-ogsc] .ink { color: #e9efed !important; } [data-ogsc] .soft { color: #a9b8b3 !important; }
</style>
</head>`
}

/** The head of the card: the day and the hour; grey and struck when there is nothing to attend. */
function band(words: Words): Markup {
  const { name, ground, ink } = words.off
    ? { name: 'off', ground: '#e6ebe8', ink: '#4a5a55' }
    : { name: 'band', ground: '#0f4a48', ink: '#ffffff' }
  return html`<tr><td class="${name} edge" bgcolor="${ground}" style="background:${ground};border-radius:13px 13px 0 0;padding:24px 32px">
<h1 style="margin:0;${FONT};font-weight:normal;color:${ink};font-size:16px;line-height:24px">${words.title}${when(words, 'day', words.day)}${when(words, 'time', words.time)}</h1>
</td></tr>`
}

function when(words: Words, name: 'day' | 'time', text: string): Markup {
  if (!text) return nothing
  const size = name === 'day' ? html`font-size:24px;line-height:32px` : html`font-size:46px;line-height:52px`
  const shown = words.off ? html`<s>${text}</s>` : html`${text}`
  return html`<br><span class="${name}" style="${size};font-weight:bold">${shown}</span>`
}

/** Outlook on Windows draws the first form, everybody else the second; the width it needs is guessed from the label. */
function button(action: Words['action']): Markup {
  const width = Math.min(480, 48 + 10 * action.label.length)
  return html`<!--[if mso]><v:roundrect href="${action.url}" style="height:52px;v-text-anchor:middle;width:${width}px" arcsize="15%" stroke="f" fillcolor="#0b5f5c"><w:anchorlock xmlns:w="urn:schemas-microsoft-com:office:word"/><center style="color:#ffffff;font-family:Arial,sans-serif;font-size:17px;font-weight:bold">${action.label}</center></v:roundrect><![endif]-->
<!--[if !mso]><!-->
<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td class="go" bgcolor="#0b5f5c" style="background:#0b5f5c;border-radius:8px"><a href="${action.url}" style="display:inline-block;padding:14px 24px;${FONT};font-size:17px;line-height:24px;font-weight:bold;color:#ffffff;text-decoration:none">${action.label}</a></td></tr></table>
<!--<![endif]-->`
}

/** The address to copy, without its scheme so that there is one link only, unless an aside already names it; then the asides. */
function asides(words: Words): Markup {
  const address = words.action.url.replace(/^https?:\/\//, '')
  const isNamed = words.asides.some((aside) => aside.includes(address))
  const copy = words.action.copy === undefined ? nothing : html`${words.action.copy}<br>`
  const toCopy = html`<p style="margin:0">${copy}<span style="word-break:break-all">${address}</span></p>`
  return html`<tr><td class="edge soft" style="padding:8px 32px 26px;${FONT};font-size:15px;line-height:22px;color:#4a5a55">
${isNamed ? nothing : toCopy}${paragraphs(words.asides, 12, isNamed ? 0 : 12)}
</td></tr>`
}

/** A screen reader changes its voice for it. */
function elsewhere({ elsewhere: other }: Words): Markup {
  return other ? html`<p style="margin:8px 0 0" lang="${other.language}">${other.text}</p>` : nothing
}

function block(name: string, padding: string, type: string, gap: number, texts: readonly string[]): Markup {
  if (texts.length === 0) return nothing
  return html`<tr><td class="edge ${name}" style="${padding};${FONT};${type}">
${paragraphs(texts, gap)}
</td></tr>`
}

function paragraphs(texts: readonly string[], gap: number, first = 0): readonly Markup[] {
  return texts.map((text, index) => html`<p style="margin:${index === 0 ? first : gap}px 0 0;word-break:break-word">${text}</p>`)
}
