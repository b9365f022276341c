/** Shows what only a browser with push can do; the form it fills works like every other one. */
const form = document.getElementById('push')

if (form && 'serviceWorker' in navigator && 'PushManager' in window) {
  form.hidden = false
  form.closest('section').hidden = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    register().then(
      () => form.submit(),
      () => {
        form.querySelector('[role=alert]').hidden = false
      },
    )
  })
} else if (form && navigator.standalone === false) {
  // an iPhone has push on the home screen alone; `standalone` is its own word
  document.getElementById('push-home').hidden = false
  form.closest('section').hidden = false
}

async function register() {
  if ((await Notification.requestPermission()) !== 'granted') throw new Error('refused')
  await navigator.serviceWorker.register('/sw.js')
  const { pushManager } = await navigator.serviceWorker.ready
  const { endpoint, keys } = (
    await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: keyOf(form.dataset.key) })
  ).toJSON()
  for (const [name, value] of Object.entries({ endpoint, p256dh: keys.p256dh, auth: keys.auth })) form.elements[name].value = value
}

/** Not every browser reads base64url itself. */
function keyOf(base64url) {
  return Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))
}
