/* The shapes of the API that the page uses, as docs and the OpenAPI document describe them. */

export interface BelfryEvent {
  id: string;
  event_type: string;
  source: string;
  message: string | null;
  level: string | null;
  tags: Record<string, unknown>;
  payload: Record<string, unknown>;
  /** RFC 3339 with nanoseconds. */
  timestamp: string;
  created_at: string;
  created_by?: string | null;
  trace_id?: string | null;
  span_id?: string | null;
  [more: string]: unknown;
}

/** What a query cost. */
export interface Statistics {
  elapsed_ms: number;
  rows_read: number;
  bytes_read: number;
  segments_total?: number;
  segments_skipped?: number;
  /** The result was over a limit and was cut. */
  truncated?: boolean;
}

export interface EventPage {
  data: BelfryEvent[];
  pagination: {
    limit: number;
    offset: number;
    /** null when it was not counted. */
    total: number | null;
    next_cursor: string | null;
  };
  statistics: Statistics;
}

export interface HistogramAnswer {
  data: {
    interval_ms: number;
    buckets: { start: string; counts: Record<string, number>; total: number }[];
    total: number;
  };
  statistics: Statistics;
}

export interface FieldValue {
  value: string | number | boolean | null;
  count: number;
}

export interface Field {
  /** `source`, `level`, `event_type`, `tags.KEY` or `payload.KEY`. */
  name: string;
  count: number;
  distinct: number;
  values: FieldValue[];
}

export interface FieldsAnswer {
  data: Field[];
  statistics: Statistics;
}

export interface User {
  id: string;
  username: string;
  role: 'user' | 'moderator' | 'admin';
  must_change_password?: boolean;
}

export type TailFrame =
  { type: 'event'; data: BelfryEvent } | { type: 'dropped'; count: number } | { type: 'heartbeat' };
