const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

export const integer = (value: number): string => whole.format(value);

export function bytes(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(2)} GB`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} MB`;
  if (value >= 1e3) return `${(value / 1e3).toFixed(0)} kB`;
  return `${value} B`;
}

export const time = (ms: number): string => new Date(ms).toISOString().slice(11, 19);

export function timeMs(ms: number): string {
  return new Date(ms).toISOString().slice(11, 23);
}

/** Lamports in SOL, as many digits as tell something. */
export function sol(lamports: number): string {
  const value = lamports / 1e9;
  const size = Math.abs(value);
  const digits = size >= 100 ? 1 : size >= 1 ? 3 : size >= 0.001 ? 5 : 6;
  return value.toFixed(digits);
}

export function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

export const shortSignature = (text: string): string => `${text.slice(0, 6)}…${text.slice(-6)}`;
