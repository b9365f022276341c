/** What grows, by least squares: units of `value` in an hour. */
export function perHour(samples: readonly { readonly second: number; readonly value: number }[]): number {
  const mean = (of: (each: { second: number; value: number }) => number) =>
    samples.reduce((sum, each) => sum + of(each), 0) / samples.length
  const [second, value] = [mean((each) => each.second), mean((each) => each.value)]
  const covariance = mean((each) => (each.second - second) * (each.value - value))
  const variance = mean((each) => (each.second - second) ** 2)
  return variance === 0 ? 0 : (covariance / variance) * 3_600
}
