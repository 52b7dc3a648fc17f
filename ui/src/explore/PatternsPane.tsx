import { ActionIcon, Group, Text, Tooltip } from '@mantine/core';
import { IconFilter, IconFilterOff } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { fetchPatterns, type MessagePattern } from '../api';
import { ErrorPanel } from '../app/ErrorPanel';
import { Sparkline } from '../chart/Sparkline';
import { excludeFilter, includeFilter, likeField, type Filter } from '../lib/filters';
import { formatCompact, formatCount } from '../lib/format';
import { formatMoment, parseInstant } from '../lib/instant';
import type { ResolvedRange } from '../lib/timeRange';
import { conditionParams } from '../lib/urlState';
import { clipText, visibleText } from '../lib/visible';
import { Cost } from './Cost';
import { EventListLoading } from './EventList';
import classes from './PatternsPane.module.css';
import line from './StatusLine.module.css';
import { change, type View } from './store';

interface PatternsPaneProps {
  view: View;
  range: ResolvedRange | null | undefined;
  utc: boolean;
}

const patternsMax = 200;

/** What the messages have in common: templates with counts, a click filters by one. */
export default function PatternsPane({ view, range, utc }: PatternsPaneProps) {
  const { state } = view;
  const conditions = conditionParams(state).toString();
  const query = useQuery({
    queryKey: ['patterns', conditions, range],
    queryFn: ({ signal }) => {
      if (!range) throw new Error('BUG: patterns without a range');
      return fetchPatterns(conditions, range, patternsMax, signal);
    },
    enabled: !!range,
    placeholderData: keepPreviousData,
  });
  if (query.isError) {
    return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  }
  const { data } = query;
  if (!data) return <EventListLoading />;
  const most = Math.max(1, ...data.data.map(({ count }) => count));
  const total = data.pagination.total ?? data.data.length;
  return (
    <>
      <div className={line.line}>
        <Cost
          busy={query.isFetching}
          statistics={data.statistics}
          found={
            <>
              <b>{formatCount(data.data.length)}</b> of <b>{formatCount(total)}</b> patterns
            </>
          }
        >
          {data.trend.sampled && <span>counts are estimates from a sample</span>}
        </Cost>
      </div>
      {data.data.length === 0 ? (
        <Text size="sm" c="var(--ink-dim)" ta="center" p="36px 20px">
          No event in this range has a message.
        </Text>
      ) : (
        <div className={classes.frame}>
          <table className={classes.table} aria-label="Patterns">
            <thead>
              <tr>
                <th data-number>Count</th>
                <th className={classes.share}>Share</th>
                <th className={classes.trend}>Trend</th>
                <th>Pattern</th>
                <th>
                  <span className={classes.hidden}>Filters</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.data.map((pattern) => (
                <Row
                  key={pattern.pattern}
                  pattern={pattern}
                  most={most}
                  utc={utc}
                  filters={state.filters}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

interface RowProps {
  pattern: MessagePattern;
  most: number;
  utc: boolean;
  filters: Filter[];
}

function Row({ pattern, most, utc, filters }: RowProps) {
  const { count, share, trend, example, like } = pattern;
  const filter = { field: likeField, value: like };
  const only = () => change({ filters: includeFilter(filters, filter), tab: 'events' });
  const name = visibleText(clipText(pattern.pattern, 120));
  return (
    <tr>
      <td data-number>{formatCompact(count)}</td>
      <td className={classes.share}>
        <span className={classes.track}>
          <span className={classes.fill} style={{ width: `${(count / most) * 100}%` }} />
        </span>
        {percent(share)}
      </td>
      <td className={classes.trend} title={seen(pattern, utc)}>
        <Sparkline counts={trend} />
      </td>
      <td className={classes.words}>
        <button
          type="button"
          className={classes.pattern}
          title={`Show these events: ${name}`}
          onClick={only}
        >
          <Template text={pattern.pattern} />
        </button>
        <span className={classes.example}>{visibleText(clipText(example, 300))}</span>
      </td>
      <td className={classes.actions}>
        <Group gap={2} wrap="nowrap" justify="flex-end">
          <Tooltip label="Show only these events">
            <ActionIcon
              variant="subtle"
              color="gray"
              size={26}
              aria-label={`Filter for ${name}`}
              onClick={only}
            >
              <IconFilter size={15} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Leave these events out">
            <ActionIcon
              variant="subtle"
              color="gray"
              size={26}
              aria-label={`Filter out ${name}`}
              onClick={() => change({ filters: excludeFilter(filters, filter) })}
            >
              <IconFilterOff size={15} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </td>
    </tr>
  );
}

/** A template with what varies set apart. */
export function Template({ text }: { text: string }) {
  return clipText(text, 600)
    .split('<*>')
    .map((part, at) => (
      <Fragment key={at}>
        {at > 0 && <i className={classes.any}>∗</i>}
        {visibleText(part)}
      </Fragment>
    ));
}

export function percent(share: number): string {
  if (share === 0) return '0 %';
  if (share < 0.001) return '< 0.1 %';
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function seen({ first_seen, last_seen }: MessagePattern, utc: boolean): string {
  const [first, last] = [parseInstant(first_seen), parseInstant(last_seen)];
  if (!first || !last) return '';
  return `First ${formatMoment(first.epochMillis, utc)}, last ${formatMoment(last.epochMillis, utc)}`;
}
