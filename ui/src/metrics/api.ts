import { get, postForm } from '../api/client';
import type { InstantSeries, RangeSeries } from '../lib/metrics';

/* The calls of Prometheus' HTTP API that the pages of metrics make; its answers have no types in the OpenAPI document. */

export interface PromAnswer<T> {
  data: T;
  warnings?: string[];
  infos?: string[];
}

export type InstantResult =
  | { resultType: 'vector'; result: InstantSeries[] }
  | { resultType: 'matrix'; result: RangeSeries[] }
  | { resultType: 'scalar' | 'string'; result: [number, string] };

export interface FamilyMetadata {
  type: string;
  help: string;
  unit: string;
}

export interface NameCount {
  name: string;
  value: number;
}

export interface TsdbStatus {
  headStats: { numSeries: number; numLabelPairs?: number; chunkCount?: number };
  seriesCountByMetricName: NameCount[];
  labelValueCountByLabelName: NameCount[];
  memoryInBytesByLabelName: NameCount[];
  seriesCountByLabelValuePair: NameCount[];
}

export interface ActiveTarget {
  scrapePool: string;
  scrapeUrl: string;
  labels: Record<string, string>;
  discoveredLabels: Record<string, string>;
  health: 'up' | 'down' | 'unknown';
  lastError: string;
  lastScrape: string;
  lastScrapeDuration: number;
  scrapeInterval: string;
  scrapeTimeout: string;
}

const base = '/api/v1';

export function queryRange(
  query: string,
  startSeconds: number,
  endSeconds: number,
  stepSeconds: number,
  signal?: AbortSignal,
): Promise<PromAnswer<{ resultType: 'matrix'; result: RangeSeries[] }>> {
  const form = new URLSearchParams({
    query,
    start: String(startSeconds),
    end: String(endSeconds),
    step: String(stepSeconds),
  });
  return postForm(`${base}/query_range`, form, signal);
}

export function queryInstant(
  query: string,
  atSeconds: number,
  signal?: AbortSignal,
): Promise<PromAnswer<InstantResult>> {
  const form = new URLSearchParams({ query, time: String(atSeconds) });
  return postForm(`${base}/query`, form, signal);
}

export async function formatPromql(query: string): Promise<string> {
  const form = new URLSearchParams({ query });
  return (await postForm<PromAnswer<string>>(`${base}/format_query`, form)).data;
}

export async function fetchMetadata(
  signal?: AbortSignal,
): Promise<Record<string, FamilyMetadata[]>> {
  const answer = await get<PromAnswer<Record<string, FamilyMetadata[]>>>(
    `${base}/metadata`,
    undefined,
    signal,
  );
  return answer.data;
}

export async function fetchMetricNames(signal?: AbortSignal): Promise<string[]> {
  const answer = await get<PromAnswer<string[]>>(
    `${base}/label/__name__/values`,
    undefined,
    signal,
  );
  return answer.data;
}

export async function fetchTsdbStatus(limit: number, signal?: AbortSignal): Promise<TsdbStatus> {
  const params = new URLSearchParams({ limit: String(limit) });
  return (await get<PromAnswer<TsdbStatus>>(`${base}/status/tsdb`, params, signal)).data;
}

export async function fetchTargets(signal?: AbortSignal): Promise<ActiveTarget[]> {
  const params = new URLSearchParams({ state: 'active' });
  const answer = await get<PromAnswer<{ activeTargets: ActiveTarget[] }>>(
    `${base}/targets`,
    params,
    signal,
  );
  return answer.data.activeTargets;
}
