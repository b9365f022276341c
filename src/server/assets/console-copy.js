/** Beside what is shown once: a button that copies it. Without this script the field is selected by a click, as any other. */
for (const field of document.querySelectorAll('input[data-copy]')) {
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'btn', textContent: field.dataset.copy })
  const said = Object.assign(document.createElement('p'), { className: 'hint' })
  said.setAttribute('role', 'status')
  button.addEventListener('click', async () => {
    field.select()
    said.textContent = (await copied(field)) ? field.dataset.copied : field.dataset.select
  })
  field.after(button, said)
}

/** A page that came by plain http has no clipboard of its own. */
async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value)
    return true
  } catch {
    return document.execCommand('copy')
  }
}
