/** Whether a figure that is read again and again stays where it is: the slope of the straight line nearest to it. */

export type Sample = { readonly atMs: number; readonly value: number };

/** By least squares, in units a minute; 0 of fewer than two samples. */
export function slopePerMinute(samples: readonly Sample[]): number {
  const meanAt = mean(samples.map(({ atMs }) => atMs));
  const meanValue = mean(samples.map(({ value }) => value));
  let [up, along] = [0, 0];
  for (const { atMs, value } of samples) {
    up += (atMs - meanAt) * (value - meanValue);
    along += (atMs - meanAt) ** 2;
  }
  return along === 0 ? 0 : (up / along) * 60_000;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
