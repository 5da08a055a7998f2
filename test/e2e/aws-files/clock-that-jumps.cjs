// Loaded with --require: the clock is set a day forward and a day back again and again, for all processes alike.
const now = Date.now
const days = [0, 1, 0, -1, 1, -1]
Date.now = () => {
  const time = now()
  return time + (days[Math.floor(time / 250) % days.length] ?? 0) * 24 * 3600_000
}
