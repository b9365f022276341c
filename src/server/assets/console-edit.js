/** While one edits: counts what is not saved, marks it, and keeps push off where e-mail and SMS are (D7a). Saving is the form's own. */
const bar = document.querySelector('.savebar[data-count]')
const form = bar?.closest('form')

/** A switch as the server drew it: what it is when nothing is edited on this page. */
const drawn = new Map()

if (form) {
  for (const box of form.querySelectorAll('input[type=checkbox], input[type=radio]')) drawn.set(box, box.checked)
  form.addEventListener('change', ({ target }) => {
    if (!drawn.has(target)) return
    followPush(target)
    mark(target)
    count()
  })
  count()
}

function mark(box) {
  box.closest('td')?.classList.toggle('edited', wasEdited(box) !== (drawn.get(box) !== box.checked))
}

/** A cell that was edited before this page was drawn, and is put back, is edited no more. */
function wasEdited(box) {
  const cell = box.closest('td')
  if (!cell) return false
  cell.dataset.edited ??= String(cell.classList.contains('edited'))
  return cell.dataset.edited === 'true'
}

function count() {
  let edits = Number(bar.dataset.count)
  for (const [box, was] of drawn) {
    if (box.type === 'radio' ? !box.checked || was : box.checked === was) continue
    edits += wasEdited(box) ? -1 : 1
  }
  bar.hidden = edits === 0
  const fact = edits === 1 ? bar.dataset.one : bar.dataset.many.replace('2', String(edits))
  bar.querySelector('b').textContent = fact
}

function followPush(box) {
  const [row, channel, column] = box.value.split('.')
  if (channel !== 'email' && channel !== 'sms') return
  const at = (name) => form.querySelector(`input[name=on][value="${row}.${name}.${column}"]`)
  const push = at('push')
  if (push) push.disabled = !at('email').checked && !at('sms').checked
}
