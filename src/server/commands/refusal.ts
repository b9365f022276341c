/** A wrong command, or something it was given that cannot be used: told as it is, and the exit status is 2. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}
