/** While a text is written: counts what it costs as it stands, and puts variables where the cursor is. The server counts with real words. */
const body = document.getElementById('body')
const counter = document.getElementById('count')

/** One septet (3GPP TS 23.038), and those of two. */
const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const extended = '\f^{}\\[~]|€'

if (body) {
  for (const button of document.querySelectorAll('button[data-variable]')) {
    button.hidden = false
    document.querySelector(`[data-code="${button.dataset.variable}"]`)?.remove()
    button.addEventListener('click', () => insert(`{{ ${button.dataset.variable} }}`))
  }
  if (counter) body.addEventListener('input', count)
}

function insert(text) {
  const { selectionStart, selectionEnd } = body
  body.setRangeText(text, selectionStart, selectionEnd, 'end')
  body.dispatchEvent(new Event('input', { bubbles: true }))
  body.focus()
}

/** Variables are counted by the server: what is counted here is what was typed. */
function count() {
  const typed = body.value.replace(/\{\{[^}]*\}\}|\{%[^%]*%\}/g, '')
  const outside = [...new Set(typed)].filter((character) => !basic.includes(character) && !extended.includes(character))
  const alphabet = outside.length > 0 ? `UCS-2 (${outside.join(' ')})` : 'GSM-7'
  counter.textContent = counter.dataset.says.replace('0', String([...typed].length)).replace('GSM-7', alphabet)
}

document.querySelector('.summary')?.focus()
