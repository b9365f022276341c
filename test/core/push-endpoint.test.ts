import { describe, expect, test } from 'vitest'
import { isPushEndpoint } from '../../src/core/push-endpoint.ts'

const own = ['https://push.tilleuls.example']

describe('push addresses that browsers give (R23)', () => {
  test.each([
    'https://fcm.googleapis.com/fcm/send/dXk:APA91b-_x',
    'https://fcm.googleapis.com:443/wp/abc',
    'https://updates.push.services.mozilla.com/wpush/v2/gAAAAAB',
    'https://web.push.apple.com/QGz',
    'https://wns2-par02p.notify.windows.com/w/?token=BQYAAA%3d%3d',
    'https://push.tilleuls.example/x',
  ])('%s is one', (endpoint) => {
    expect(isPushEndpoint(endpoint, own)).toBe(true)
  })

  test.each([
    'http://fcm.googleapis.com/fcm/send/x',
    'https://fcm.googleapis.com:8443/x',
    'https://fcm.googleapis.com.evil.example/x',
    'https://evil.example/fcm.googleapis.com/x',
    'https://fcm.googleapis.com@evil.example/x',
    'https://user:pass@fcm.googleapis.com/x',
    'https://evil.example#.push.apple.com/',
    'https://evil.example?.push.apple.com/',
    'https://evil.example\\.push.apple.com/',
    'https://push.apple.com/x',
    'https://a.b.push.apple.com/x',
    'https://xpush.apple.com/x',
    'https://127.0.0.1/x',
    'https://[::1]/x',
    'https://169.254.169.254/latest/meta-data',
    'https://fcm.googleapis.com',
    'https://fcm.googleapis.com/x y',
    'https://fcm.googleapis.com/x\r\nHost: evil.example',
    'https://fcm.googleapis.com/é',
    'https://ｆcm.googleapis.com/x',
    'javascript:alert(1)',
    'file:///etc/passwd',
    '//fcm.googleapis.com/x',
    '',
    `https://fcm.googleapis.com/${'x'.repeat(1_100)}`,
    'http://push.tilleuls.example/x',
    'https://push.tilleuls.example:444/x',
    'https://push.tilleuls.example.evil/x',
  ])('%j is none', (endpoint) => {
    expect(isPushEndpoint(endpoint, own)).toBe(false)
  })
})
