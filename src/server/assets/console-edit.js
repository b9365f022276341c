/** While one edits: counts what is not saved, marks it, and keeps push off where e-mail and SMS are (D7a). Saving is the form's own. */
const bar = document.querySelector('.savebar[data-count]')
const form = bar?.closest('form')

/** Each control as the server drew it: how it is when nothing is edited on this page. */
const drawn = new Map()

if (form) {
  for (const control of form.querySelectorAll('input:not([type=hidden], [type=search]), select:not(.auto), textarea'))
    drawn.set(control, stateOf(control))
  for (const name of ['change', 'input'])
    form.addEventListener(name, ({ target }) => {
      if (!drawn.has(target)) return
      followPush(target)
      target.closest('td')?.classList.toggle('edited', isEdited(target))
      count()
    })
  count()
}

function stateOf(control) {
  return control.type === 'checkbox' || control.type === 'radio' ? control.checked : control.value
}

/** A cell that was edited before this page was drawn, and is put back, is edited no more. */
function isEdited(control) {
  return wasEdited(control) !== (stateOf(control) !== drawn.get(control))
}

function wasEdited(control) {
  const cell = control.closest('td')
  if (!cell) return false
  cell.dataset.edited ??= String(cell.classList.contains('edited'))
  return cell.dataset.edited === 'true'
}

function count() {
  let edits = Number(bar.dataset.count)
  for (const [control, was] of drawn) {
    const now = stateOf(control)
    // of two radios that change places, one is an edit
    if (now === was || (control.type === 'radio' && !now)) continue
    edits += wasEdited(control) ? -1 : 1
  }
  bar.hidden = edits === 0
  bar.querySelector('b').textContent = edits === 1 ? bar.dataset.one : bar.dataset.many.replace('2', String(edits))
  const tag = document.getElementById('edited')
  if (tag) tag.hidden = edits === 0
}

function followPush(control) {
  const [row, channel, column] = control.value.split('.')
  if (control.name !== 'on' || (channel !== 'email' && channel !== 'sms')) return
  const at = (name) => form.querySelector(`input[name=on][value="${row}.${name}.${column}"]`)
  const push = at('push')
  if (push) push.disabled = !at('email').checked && !at('sms').checked
}

document.querySelector('.summary')?.focus()
