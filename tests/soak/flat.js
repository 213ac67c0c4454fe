// Whether a figure grows with the calls.

/** The slope of the line through the points `[x, y]` that fits them best, by least squares. */
export function slope(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [atX, atY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const spread = points.reduce((sum, [x]) => sum + (x - atX) ** 2, 0);
  return points.reduce((sum, [x, y]) => sum + (x - atX) * (y - atY), 0) / spread;
}

/** How much a figure grew over the whole of the points, by that line. */
export const growth = (points) => slope(points) * (points.at(-1)[0] - points[0][0]);
