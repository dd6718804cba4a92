/** How far counts are from an even spread: about as much as there are bins, when chance alone is at work. */

export function chiSquare(draws: readonly number[], bins: number): number {
  const counts = new Float64Array(bins);
  for (const bin of draws) counts[bin]++;
  const expected = draws.length / bins;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** Of each number with the one `lag` later; within about 4.5 / √n of 0 when they have nothing to do with each other. */
export function correlation(numbers: readonly number[], lag: number): number {
  const pairs = numbers.length - lag;
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  let together = 0;
  let alone = 0;
  for (let i = 0; i < numbers.length; i++) {
    alone += (numbers[i] - mean) ** 2;
    if (i < pairs) together += (numbers[i] - mean) * (numbers[i + lag] - mean);
  }
  return together / alone;
}
