/** Shows that there is a message, and opens it; keeps nothing, and answers no request in the page's place. */
self.addEventListener('push', (event) => {
  const { title, body, lang, tag, url } = event.data.json()
  event.waitUntil(self.registration.showNotification(title, { body, lang, tag, data: url }))
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(self.clients.openWindow(event.notification.data))
})
