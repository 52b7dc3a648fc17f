/*
 * The shapes of the API that the page uses. They come from the OpenAPI document (`npm run api-types`); what stands
 * around them in an answer, and what the document leaves open, is written here.
 */
import type * as Shapes from './schema';

export type BelfryEvent = Shapes.Event;
export type Field = Shapes.Field;
export type FieldValue = Shapes.FieldValue;
export type User = Shapes.User;
export type NewUser = Shapes.NewUser;
export type UserChange = Shapes.UserChange;
export type ApiKey = Shapes.ApiKey;
export type NewApiKey = Shapes.NewApiKey;
export type Permission = ApiKey['permissions'][number];
export type AuditEntry = Shapes.AuditEntry;
export type SessionInfo = Shapes.SessionInfo;
export type SystemStatus = Shapes.SystemStatus;
export type RetentionRule = Shapes.RetentionRule;
export type Segment = Shapes.Segment;
export type CheckStatus = Shapes.Health['status'];
export type Provider = Shapes.LoginProvider;
export type ConfigKey = Shapes.ConfigSetting;
export type Statistics = Shapes.Statistics;
export type EventContext = Shapes.EventContext;
export type MessagePattern = Shapes.Pattern;
export type ComparedField = Shapes.ComparedField;
export type ComparedValue = Shapes.ComparedValue;
export type RunningQuery = Shapes.RunningQuery;
export type SavedQuery = Shapes.SavedQuery;
export type SavedQueryInput = Shapes.SavedQueryInput;

export type Health = Omit<Shapes.Health, 'checks' | 'problems'> & {
  checks?: Record<string, CheckStatus>;
  problems?: Record<string, string>;
};

export interface Providers {
  data: Provider[];
  password_login?: boolean;
}

/** A list's answer. */
export interface Listed<T> {
  data: T[];
  pagination: { limit: number; offset: number; total: number };
}

export interface EventPage {
  data: BelfryEvent[];
  pagination: Shapes.Pagination;
  statistics: Statistics;
}

export interface HistogramAnswer {
  data: Omit<Shapes.Histogram, 'buckets'> & {
    buckets: (Omit<Shapes.HistogramBucket, 'counts'> & { counts: Record<string, number> })[];
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
  data: Shapes.QueryResult;
  statistics: Statistics;
}

export interface PatternsAnswer {
  data: MessagePattern[];
  trend: Shapes.PatternTrend;
  pagination: Shapes.Pagination;
  statistics: Statistics;
}

export interface ComparisonAnswer {
  data: Shapes.Comparison;
  statistics: Statistics;
}

/** An answer that a scheduled query gave. */
export type KeptAnswer = Omit<Shapes.SavedQueryResult, 'result'> & {
  /** The answer as it was, or what was wrong. */
  result:
    | (QueryAnswer['data'] & { statistics: Statistics })
    | { error: { code: string; message: string } };
};
