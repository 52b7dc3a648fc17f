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

export type NewUser = Shapes['NewUser'];
export type UserChange = Shapes['UserChange'];
export type ApiKey = Shapes['ApiKey'];
export type NewApiKey = Shapes['NewApiKey'];
export type Permission = ApiKey['permissions'][number];
export type AuditEntry = Shapes['AuditEntry'];
export type SessionInfo = Shapes['SessionInfo'];
export type SystemStatus = Shapes['SystemStatus'];
export type RetentionRule = Shapes['RetentionRule'];
export type Segment = Shapes['Segment'];
export type CheckStatus = Shapes['Health']['status'];

export type Health = Omit<Shapes['Health'], 'checks' | 'problems'> & {
  checks?: Record<string, CheckStatus>;
  problems?: Record<string, string>;
};

/** Where else one can log in. */
export interface Provider {
  id: string;
  label: string;
  url: string;
}

export interface Providers {
  data: Provider[];
  password_login?: boolean;
}

/** A list's answer. */
export interface Listed<T> {
  data: T[];
  pagination: { limit: number; offset: number; total: number };
}

/** What a query cost. */
export interface Statistics {
  elapsed_ms: number;
  rows_read: number;
  bytes_read: number;
  segments_total?: number;
  segments_skipped?: number;
  /** Those that may have events of the time range. */
  segments_in_range?: number;
  /** The result was over a limit and was cut. */
  truncated?: boolean;
  /** What is missing because it could not be read. */
  warnings?: string[];
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

/** The answer of a query: rows of values, in the order of the columns. */
export interface QueryAnswer {
  data: {
    columns: string[];
    types: ('time' | 'value')[];
    rows: unknown[][];
    /** Of the events, where rows are events. */
    ids: string[];
  };
  statistics: Statistics;
}

/** An event with its neighbours of the same source, the oldest first. */
export interface EventContext {
  before: BelfryEvent[];
  event: BelfryEvent;
  after: BelfryEvent[];
}

/** A template of messages: `<*>` for what varies. */
export interface MessagePattern {
  pattern: string;
  count: number;
  /** Of all messages, 0 to 1. */
  share: number;
  example: string;
  /** For a filter of its messages. */
  like: string;
  first_seen: string;
  last_seen: string;
  /** Messages by bucket. */
  trend: number[];
}

export interface PatternsAnswer {
  data: MessagePattern[];
  trend: { start: string; interval_ms: number; sampled: boolean };
  pagination: { total: number | null };
  statistics: Statistics;
}

export interface ComparedValue {
  /** null: without the field. */
  value: unknown;
  /** Of a range of numbers: inclusive, exclusive. */
  from?: number;
  to?: number;
  /** Of a template, for a filter. */
  like?: string;
  selection: number;
  baseline: number;
  selection_share: number;
  baseline_share: number;
}

export interface ComparedField {
  field: string;
  kind: 'column' | 'tag' | 'payload' | 'template';
  /** 0 to 1. */
  score: number;
  values: ComparedValue[];
}

export interface ComparisonAnswer {
  data: {
    selection: { count: number };
    baseline: { count: number };
    sampled: boolean;
    /** The most different first. */
    fields: ComparedField[];
  };
  statistics: Statistics;
}

export interface RunningQuery {
  id: string;
  type: string;
  query: string;
  state: 'waiting' | 'running';
  started_at: string;
  elapsed_ms: number;
  rows_read: number;
  principal: string;
  principal_name: string;
}

/** A query that somebody keeps. */
export interface SavedQuery {
  id: string;
  name: string;
  query: string;
  kind: 'insight' | 'search';
  start_time: string | null;
  end_time: string | null;
  shared: boolean;
  /** How often it runs by itself: `5m`; null: never. */
  schedule: string | null;
  columns: string[];
  /** Whether it is the caller's. */
  own: boolean;
  updated_at: string;
}

export type NewSavedQuery = Omit<SavedQuery, 'id' | 'own' | 'updated_at'>;

/** One key of the configuration. */
export interface ConfigKey {
  key: string;
  value: string;
  default: string;
  /** Where the value comes from: default, the file, a variable, a flag. */
  origin: string;
  allowed: string;
  description: string;
}
