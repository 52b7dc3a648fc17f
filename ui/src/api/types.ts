/*
 * The shapes of the API that the page uses. Those that the OpenAPI document names come from it
 * (`npm run api-types`); what stands around them in a list's answer is written here.
 */
import type { components } from './schema';

type Shapes = components['schemas'];

export type BelfryEvent = Shapes['Event'];

export type Field = Shapes['Field'];

export type FieldValue = Shapes['FieldValue'];

export type User = Shapes['User'];

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
  data: Omit<Shapes['Histogram'], 'buckets'> & {
    buckets: (Omit<Shapes['HistogramBucket'], 'counts'> & { counts: Record<string, number> })[];
  };
  statistics: Statistics;
}

export interface FieldsAnswer {
  data: Field[];
  statistics: Statistics;
}

export type TailFrame =
  { type: 'event'; data: BelfryEvent } | { type: 'dropped'; count: number } | { type: 'heartbeat' };
