/* Made by `npm run api-types` from the OpenAPI document. */

export interface ApiKey {
  id: string;
  /** On whose behalf it acts. */
  owner_id: string;
  name: string;
  /** How the key begins. */
  hint: string;
  permissions: (
    | 'monitoring:events:read'
    | 'monitoring:events:write'
    | 'monitoring:alerts:manage'
    | 'monitoring:incidents:manage'
    | 'monitoring:admin'
  )[];
  /** The only sources; empty: its owner's. */
  sources: string[];
  created_at: string;
  created_by: string;
  expires_at: string | null;
  last_used_at: string | null;
  revoked_at: string | null;
  /** Of what it writes without one. */
  log_group: string | null;
  /** What is not said is as configured. */
  rate_limits: RateLimits;
  /** The key itself, shown once when it is made. */
  key?: string;
}

export interface AuditEntry {
  id: number;
  timestamp: string;
  /** user:UUID, key:UUID or system:NAME. */
  actor: string;
  actor_name: string;
  action: string;
  target: string | null;
  ip_address: string;
  request_id: string | null;
  details: Record<string, unknown>;
}

export interface ComparedField {
  field: string;
  kind: 'column' | 'tag' | 'payload' | 'template';
  /** 0 to 1. */
  score: number;
  /** Most different first. */
  values: ComparedValue[];
}

export interface ComparedSide {
  /** Events. */
  count: number;
}

export interface ComparedValue {
  /** null: without the field. */
  value: unknown;
  /** Of a range of numbers, inclusive. */
  from?: number;
  /** Exclusive; missing in the last range. */
  to?: number;
  /** Of a template: @message like "…". */
  like?: string;
  /** Events; an estimate when sampled. */
  selection: number;
  baseline: number;
  /** 0 to 1. */
  selection_share: number;
  /** 0 to 1. */
  baseline_share: number;
}

export interface Comparison {
  selection: ComparedSide;
  baseline: ComparedSide;
  /** Whether only some events were looked at. */
  sampled: boolean;
  /** The most different first. */
  fields: ComparedField[];
}

export interface ConfigSetting {
  key: string;
  /** As in a file; a secret is masked. */
  value: string | null;
  default: string | null;
  /** default, a file, a variable, a flag, … */
  origin: string;
  /** Whether it can change without a restart. */
  changeable: boolean;
  secret: boolean;
  /** What it may be. */
  allowed: string;
  description: string;
}

export interface Event {
  id: string;
  event_type: 'log' | 'metric' | 'trace' | 'alert';
  source: string;
  message: string | null;
  /** As it was sent. */
  level: string | null;
  /** JSON types are kept. */
  tags: Record<string, unknown>;
  payload: Record<string, unknown>;
  /** Nanoseconds where they were sent. */
  timestamp: string;
  /** When Belfry took it in. */
  created_at: string;
  /** user:UUID, key:UUID, system:NAME. */
  created_by: string | null;
  trace_id: string | null;
  span_id: string | null;
  /** OTLP's, 1 to 24. */
  severity_number?: number;
  observed_timestamp?: string;
  flags?: number;
  event_name?: string;
}

export interface EventContext {
  /** The oldest first. */
  before: Event[];
  event: Event;
  /** The oldest first. */
  after: Event[];
}

export interface Field {
  /** source, level, event_type, tags.KEY, payload.KEY. */
  name: string;
  /** Events that have it. */
  count: number;
  /** Different values among the events counted. */
  distinct: number;
  /** Whether only some events were counted, and scaled to all. */
  approximate: boolean;
  /** The most frequent first. */
  values: FieldValue[];
}

export interface FieldValue {
  value: unknown;
  count: number;
}

export interface Health {
  /** The worst of the parts. */
  status: 'UP' | 'DEGRADED' | 'DOWN';
  core_status?: 'healthy' | 'degraded' | 'unhealthy';
  /** Each part's status: UP, DEGRADED or DOWN. */
  checks?: Record<string, unknown>;
  /** What is wrong with each part that is not UP. */
  problems?: Record<string, unknown>;
  problem?: string;
  timestamp: string;
}

export interface Histogram {
  /** The width of a bucket. */
  interval_ms: number;
  buckets: HistogramBucket[];
  total: number;
}

export interface HistogramBucket {
  start: string;
  /** Events by level. */
  counts: Record<string, unknown>;
  total: number;
}

export interface JournalState {
  state: 'WRITABLE' | 'FULL' | 'FAILED' | 'CLOSED';
  files: number;
  bytes: number;
  /** Found since the start. */
  damages: number;
  lost_records: number;
}

export interface LoginProvider {
  id: string;
  /** What its button says. */
  label: string;
  /** Where its button leads. */
  url: string;
}

export interface NewApiKey {
  /** 1 to 255 characters. */
  name: string;
  /** At least one. */
  permissions: (
    | 'monitoring:events:read'
    | 'monitoring:events:write'
    | 'monitoring:alerts:manage'
    | 'monitoring:incidents:manage'
    | 'monitoring:admin'
  )[];
  /** The only sources; empty: the owner's. */
  sources?: string[];
  /** null: never. */
  expires_at?: string | null;
  /** Another user, for administrators. */
  owner_id?: string | null;
  /** Of what it writes without one. */
  log_group?: string | null;
  /** For administrators. */
  rate_limits?: RateLimits | null;
}

export interface NewUser {
  /** 1 to 64 letters, digits and . _ @ + - */
  username: string;
  /** 10 to 256 characters. */
  password: string;
  /** user by default. */
  role?: 'user' | 'moderator' | 'admin';
  /** The sources that they own. */
  sources?: string[];
  /** false by default. */
  must_change_password?: boolean;
}

export interface Pagination {
  limit: number;
  offset: number;
  /** null when it was not counted. */
  total: number | null;
  /** For the next page; null at the end. */
  next_cursor: string | null;
}

export interface Pattern {
  /** With <*> for what varies. */
  pattern: string;
  count: number;
  /** Of all messages, 0 to 1. */
  share: number;
  example: string;
  /** For a filter of its messages: @message like "…". */
  like: string;
  /** In the range. */
  first_seen: string;
  /** In the range. */
  last_seen: string;
  /** Messages by bucket. */
  trend: number[];
}

export interface PatternTrend {
  /** Where the first bucket begins. */
  start: string;
  /** The width of a bucket. */
  interval_ms: number;
  /** Whether some messages were read. */
  sampled: boolean;
}

export interface QueryResult {
  columns: string[];
  /** Of the columns. */
  types: ('time' | 'value')[];
  /** A list of values a row. */
  rows: unknown[][];
  /** Of the events, where rows are events. */
  ids: string[];
}

export interface RateLimits {
  /** null: the default. */
  events_per_second?: number | null;
  /** Without compression. */
  bytes_per_second?: number | null;
  queries_per_second?: number | null;
}

export interface RetentionRule {
  /** Its class; default for events that no rule fits. */
  name: string;
  days: number;
  /** Only of this source. */
  source: string | null;
  /** Only of this level. */
  level: string | null;
  /** Only with these tags. */
  tags: Record<string, unknown>;
  /** Files kept under it now. */
  segments: number;
  /** Events in them. */
  events: number;
  bytes: number;
  oldest: string | null;
  newest: string | null;
}

export interface RunningQuery {
  id: string;
  /** events, insights, fields, sql … */
  type: string;
  /** Its text, or its parameters. */
  query: string;
  /** waiting: for a place. */
  state: 'waiting' | 'running';
  started_at: string;
  elapsed_ms: number;
  /** So far. */
  rows_read: number;
  /** user:UUID, key:UUID, system:NAME. */
  principal: string;
  principal_name: string;
}

export interface SavedQuery {
  id: string;
  name: string;
  query: string;
  kind: 'insight' | 'search';
  start_time: string | null;
  end_time: string | null;
  shared: boolean;
  schedule: string | null;
  columns: string[];
  owner_id: string;
  /** Whether it is the caller's. */
  own: boolean;
  /** By itself; for its owner. */
  last_run: SavedQueryRun | null;
  created_at: string;
  updated_at: string;
}

export interface SavedQueryInput {
  /** At most 255 characters; unlike one's others. */
  name?: string;
  /** Insights, or a search. */
  query?: string;
  /** insight by default. */
  kind?: 'insight' | 'search';
  /** Such as now-1h. */
  start_time?: string | null;
  end_time?: string | null;
  /** Whether all users see it; false by default. */
  shared?: boolean;
  /** How often it is run by itself: 1m to 7d, at once for the first time; null: never. */
  schedule?: string | null;
  /** Of a table, in order; at most 100. */
  columns?: string[];
}

export interface SavedQueryResult {
  /** When it was asked. */
  at: string;
  /** Whether it could be answered. */
  good: boolean;
  /** As POST …/query answers, or error. */
  result: Record<string, unknown>;
}

export interface SavedQueryRun {
  /** When it was asked. */
  at: string;
  /** Whether it could be answered. */
  good: boolean;
}

export interface Segment {
  /** Of its file, without ending. */
  name: string;
  /** 2026-01-24, or late. */
  day: string;
  /** The retention rule. */
  retention_class: string;
  events: number;
  /** Its files together. */
  bytes: number;
  /** Lowest event time. */
  oldest: string;
  /** Highest event time. */
  newest: string;
}

export interface SessionInfo {
  id: string;
  created_at: string;
  /** Unless it is used before. */
  expires_at: string;
  /** To the minute. */
  last_used_at: string;
  /** Where it began. */
  ip_address: string;
  /** What the client said it is. */
  user_agent: string | null;
  /** Whether it is the one that asks. */
  current: boolean;
}

export interface Statistics {
  elapsed_ms: number;
  rows_read: number;
  bytes_read: number;
  /** Row groups that there are. */
  segments_total: number;
  /** Those that may have events of the time range. */
  segments_in_range: number;
  /** Those of all that time or filter ruled out. */
  segments_skipped: number;
  /** Whether it was cut at a limit. */
  truncated: boolean;
  /** What is missing because it could not be read. */
  warnings: string[];
}

export interface StoreState {
  /** Stored now. */
  events: number;
  events_ever: number;
  /** By retention, since the start. */
  events_expired: number;
  /** In damaged segments. */
  unreadable_events: number;
  /** What was found, since the start. */
  damage: string[];
  segments: number;
  segment_bytes: number;
  /** Not in segments yet. */
  hot_events: number;
  hot_bytes: number;
  /** Acknowledged and not readable yet. */
  lag_bytes: number;
  /** Since the start. */
  compactions: number;
  /** Why the last seal failed. */
  seal_failure: string | null;
}

export interface SystemStatus {
  version: string;
  started_at: string;
  data_folder: string;
  /** Room that is left. */
  disk_usable_bytes: number | null;
  disk_total_bytes: number | null;
  journal: JournalState;
  store: StoreState;
}

export interface User {
  id: string;
  /** Unique without regard to case. */
  username: string;
  role: 'user' | 'moderator' | 'admin';
  /** The sources that they own. */
  sources: string[];
  /** Whether they may not log in. */
  disabled: boolean;
  /** Before anything else. */
  must_change_password: boolean;
  created_at: string;
  updated_at: string;
  last_login_at: string | null;
  /** What is not said is as configured. */
  rate_limits?: RateLimits;
  /** Who vouches for them; null: Belfry. */
  issuer?: string | null;
}

export interface UserChange {
  username?: string;
  /** Ends the user's sessions. */
  password?: string;
  role?: 'user' | 'moderator' | 'admin';
  /** All of them. */
  sources?: string[];
  disabled?: boolean;
  must_change_password?: boolean;
  /** All three. */
  rate_limits?: RateLimits | null;
}
