/** Whose trouble it is, and so what may happen next: give up, stop for good, wait until we mended it, or wait. */
export type TwilioTrouble = 'permanent' | 'opted_out' | 'account' | 'transient'

/**
 * Codes of https://www.twilio.com/docs/api/errors whose meaning the HTTP status does not give. Twilio splits and adds codes
 * (21635 was part of 21614 until 2024), so a code that is not here is judged by its status.
 */
const troubles: ReadonlyMap<number, TwilioTrouble> = new Map([
  [21211, 'permanent'], // 'To' is not a phone number
  [21217, 'permanent'], // phone number does not appear to be valid
  [21265, 'permanent'], // 'To' is a short code
  [21266, 'permanent'], // 'To' is our own number
  [21268, 'permanent'], // 'To' is a premium number
  [21407, 'permanent'], // that kind of number takes no texts
  [21408, 'permanent'], // the account does not text that country
  [21602, 'permanent'], // no body
  [21604, 'permanent'], // no 'To'
  [21612, 'permanent'], // no route from this sender to that number
  [21614, 'permanent'], // 'To' is not a mobile
  [21617, 'permanent'], // body over 1,600 characters
  [21635, 'permanent'], // 'To' is a landline
  [30003, 'permanent'], // handset unreachable; this and the 30xxx below come mostly in callbacks
  [30004, 'permanent'], // blocked by the recipient or the carrier
  [30005, 'permanent'], // unknown handset
  [30006, 'permanent'], // landline or unreachable carrier
  [30007, 'permanent'], // filtered
  [30008, 'permanent'], // carrier gives no cause
  [30009, 'permanent'], // a part was lost
  [30010, 'permanent'], // dearer than allowed
  [30011, 'permanent'], // that network takes no pictures
  [30019, 'permanent'], // too large
  [30036, 'permanent'], // validity period over
  [30039, 'permanent'], // two machines answering each other
  [21610, 'opted_out'], // the recipient answered STOP
  [20003, 'account'], // credentials refused
  [20005, 'account'], // account not active
  [20008, 'account'], // test credentials
  [20404, 'account'], // no such account here
  [21212, 'account'], // 'From' is not a number
  [21219, 'account'], // trial account, 'To' not verified
  [21601, 'account'], // 'From' cannot text
  [21603, 'account'], // no 'From'
  [21606, 'account'], // 'From' cannot text
  [21608, 'account'], // trial account
  [21609, 'account'], // StatusCallback is not a URL
  [21659, 'account'], // 'From' is not a Twilio number
  [21660, 'account'], // 'From' is another account's
  [21661, 'account'], // 'From' cannot text
  [21701, 'account'], // no such messaging service
  [21703, 'account'], // messaging service without a number
  [21704, 'account'], // messaging service without a number for this
  [21705, 'account'], // messaging service unusable
  [30002, 'account'], // account suspended
  [30018, 'account'], // sender not registered in that country
  [30024, 'account'], // sender not provisioned at the carrier
  [30032, 'account'], // toll-free sender not verified
  [30033, 'account'], // campaign suspended
  [30034, 'account'], // sender not registered with the carriers
  [30035, 'account'], // sender's registration still under way
  [14107, 'transient'], // sending too fast
  [20429, 'transient'], // too many requests
  [21611, 'transient'], // sender's queue is full
  [21730, 'transient'], // maintenance
  [30001, 'transient'], // queue overflow
  [30017, 'transient'], // carrier congested
  [30022, 'transient'], // over the carriers' rate
  [30023, 'transient'], // over the carriers' daily limit
  [63017, 'transient'], // account too fast
  [63038, 'transient'], // over the account's daily limit
])

/** Of an answer that says no (4xx). A code that is not known, on a request that could be read, is permanent: it will say the same again. */
export function troubleOf(status: number, code: number | undefined): TwilioTrouble {
  const known = code === undefined ? undefined : troubles.get(code)
  if (known) return known
  if (status === 429) return 'transient'
  return status === 400 || status === 422 ? 'permanent' : 'account'
}
