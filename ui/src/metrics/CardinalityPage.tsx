import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { ErrorPanel } from '../app/ErrorPanel';
import { BarList } from '../chart/BarList';
import { formatBytes, formatCount } from '../lib/format';
import { visibleText } from '../lib/visible';
import { Figures, Section } from '../settings/Section';
import { Header } from '../shell/Header';
import { ScrollingMain } from '../shell/ScrollingMain';
import { fetchTsdbStatus, type NameCount } from './api';
import classes from './MetricsPage.module.css';
import { MetricTabs } from './MetricTabs';

const readMillis = 15_000;
const topCount = 15;

/** Which metrics, labels and values the series come from. */
export default function CardinalityPage() {
  const status = useQuery({
    queryKey: ['tsdb'],
    queryFn: ({ signal }) => fetchTsdbStatus(2 * topCount, signal),
    staleTime: 0,
    refetchInterval: readMillis,
  });
  const { data } = status;
  // The name is a label too; what it says stands in the first list.
  const labels = data?.labelValueCountByLabelName.filter(({ name }) => name !== '__name__') ?? [];
  const pairs = data?.seriesCountByLabelValuePair.filter((pair) => !isMetric(pair)) ?? [];
  const metric = data?.seriesCountByMetricName[0];
  // Who may read only some sources hears how many series there are, and nothing else.
  const told = metric !== undefined || data?.headStats.numSeries === 0;
  return (
    <div className={classes.page}>
      <Header title="Metrics" />
      <MetricTabs />
      <ScrollingMain className={classes.main}>
        {status.isError ? (
          <ErrorPanel error={status.error} onRetry={() => void status.refetch()} />
        ) : !data ? (
          <Text size="sm" c="var(--ink-dim)" role="status">
            Loading …
          </Text>
        ) : (
          <>
            <Section
              title="Series"
              about="Each set of labels is a series. A label with very many values (an id, an address, a path) makes very many."
            >
              <Figures
                figures={[
                  { name: 'Active series', value: formatCount(data.headStats.numSeries) },
                  ...(told
                    ? [
                        {
                          name: 'Largest metric',
                          value: formatCount(metric?.value ?? 0),
                          more: metric ? <BrokenName name={metric.name} /> : 'none yet',
                        },
                        {
                          name: 'Label with most values',
                          value: formatCount(labels[0]?.value ?? 0),
                          more: labels[0] ? <BrokenName name={labels[0].name} /> : 'none yet',
                        },
                      ]
                    : []),
                ]}
              />
            </Section>
            {!told && (
              <Text size="sm" c="var(--ink-dim)">
                Which series these are is shown to those who may read all sources.
              </Text>
            )}
            {told && (
              <div className={classes.lists}>
                <Top title="Metrics by series" counts={data.seriesCountByMetricName} />
                <Top title="Labels by values" counts={labels} />
                <Top title="Label values by series" counts={pairs} />
                <Top
                  title="Labels by memory"
                  counts={data.memoryInBytesByLabelName}
                  format={formatBytes}
                />
              </div>
            )}
          </>
        )}
      </ScrollingMain>
    </div>
  );
}

function isMetric({ name }: NameCount): boolean {
  return name.startsWith('__name__=');
}

/** A long name, which may be broken behind its underscores. */
function BrokenName({ name }: { name: string }) {
  const parts = visibleText(name).split(/(?<=_)/);
  return parts.map((part, position) => (
    <Fragment key={position}>
      {position > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}

interface TopProps {
  title: string;
  counts: NameCount[];
  format?: (value: number) => string;
}

function Top({ title, counts, format = formatCount }: TopProps) {
  return (
    <Section title={title}>
      {counts.length === 0 ? (
        <Text size="sm" c="var(--ink-dim)">
          None yet.
        </Text>
      ) : (
        <BarList bars={counts.slice(0, topCount)} label={title} format={format} />
      )}
    </Section>
  );
}
