import { defaultRange, zoneOf, type TimeRange, type Zone } from './timeRange';
import { parseRefresh } from './urlState';

/** One of the queries that a chart shows. */
export interface MetricQuery {
  /** Which of the page's queries it is, wherever it stands; not in the URL. */
  key: number;
  text: string;
  /** Whether it is drawn; one that is not stays where it is. */
  shown: boolean;
}

export type MetricKind = 'line' | 'stacked';
export type MetricTab = 'chart' | 'table';

/** All that a link to the page of metrics shows. */
export interface MetricsState {
  queries: MetricQuery[];
  range: TimeRange;
  tab: MetricTab;
  kind: MetricKind;
  /** Time between two points, as a duration of PromQL; null to fit the range. */
  step: string | null;
  refreshSeconds: number;
  zone: Zone | null;
}

/** What a link may ask for at most. */
export const queriesMax = 10;

/** An empty query beside `others`. */
export function newQuery(others: readonly MetricQuery[]): MetricQuery {
  return { key: 1 + Math.max(-1, ...others.map(({ key }) => key)), text: '', shown: true };
}

const durationForm = /^(\d+(ms|[smhdwy]))+$/;

/** Whether this is a duration as PromQL writes it: `30s`, `1h30m`. */
export function isDuration(text: string): boolean {
  return durationForm.test(text);
}

/** The state of `?q=up&q=rate(x[5m])&off=1&from=now-1h…`; what cannot be read is as by default. */
export function parseMetricsUrl(search: string): MetricsState {
  const params = new URLSearchParams(search);
  const off = new Set(params.getAll('off'));
  const texts = params.getAll('q').slice(0, queriesMax);
  const step = params.get('step');
  return {
    queries: (texts.length === 0 ? [''] : texts).map((text, position) => ({
      key: position,
      text,
      shown: !off.has(String(position)),
    })),
    range: {
      from: params.get('from') ?? defaultRange.from,
      to: params.get('to') ?? defaultRange.to,
    },
    tab: params.get('tab') === 'table' ? 'table' : 'chart',
    kind: params.get('kind') === 'stacked' ? 'stacked' : 'line',
    step: step !== null && isDuration(step) ? step : null,
    refreshSeconds: parseRefresh(params),
    zone: zoneOf(params),
  };
}

/** The query part of the URL of `state`, without what is as by default. */
export function formatMetricsUrl(state: MetricsState): string {
  const params = new URLSearchParams();
  const { queries, range, tab, kind, step, refreshSeconds, zone } = state;
  if (queries.length > 1 || queries[0]?.text) {
    for (const { text } of queries) params.append('q', text);
  }
  queries.forEach(({ shown }, position) => {
    if (!shown) params.append('off', String(position));
  });
  if (range.from !== defaultRange.from || range.to !== defaultRange.to) {
    params.set('from', range.from);
    params.set('to', range.to);
  }
  if (tab !== 'chart') params.set('tab', tab);
  if (kind !== 'line') params.set('kind', kind);
  if (step !== null) params.set('step', step);
  if (refreshSeconds > 0) params.set('refresh', `${refreshSeconds}s`);
  if (zone !== null) params.set('tz', zone);
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
