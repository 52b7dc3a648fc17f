import type { User } from '../api';
import { formatBytes, formatCount } from '../lib/format';

type RateLimits = NonNullable<User['rate_limits']>;

/** Whether any limit is set apart from those of the configuration. */
export function hasLimits(limits: RateLimits | undefined): boolean {
  return !!limits && Object.values(limits).some((limit) => typeof limit === 'number');
}

/** Limits in words: `100 events/s, 1 MiB/s`. */
export function limitsText(limits: RateLimits | undefined): string {
  const { events_per_second: events, bytes_per_second: bytes } = limits ?? {};
  const queries = limits?.queries_per_second;
  const parts = [
    ...(typeof events === 'number' ? [`${formatCount(events)} events/s`] : []),
    ...(typeof bytes === 'number' ? [`${formatBytes(bytes)}/s`] : []),
    ...(typeof queries === 'number' ? [`${formatCount(queries)} queries/s`] : []),
  ];
  return parts.length === 0 ? 'as configured' : parts.join(', ');
}
