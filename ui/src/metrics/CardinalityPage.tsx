import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ErrorPanel } from '../app/ErrorPanel';
import { BarList } from '../chart/BarList';
import { formatBytes, formatCount } from '../lib/format';
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
    queryFn: ({ signal }) => fetchTsdbStatus(topCount, signal),
    staleTime: 0,
    refetchInterval: readMillis,
  });
  const { data } = status;
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
                  {
                    name: 'Greatest metric',
                    value: formatCount(data.seriesCountByMetricName[0]?.value ?? 0),
                    more: data.seriesCountByMetricName[0]?.name ?? 'none yet',
                  },
                  {
                    name: 'Values of a label at most',
                    value: formatCount(data.labelValueCountByLabelName[0]?.value ?? 0),
                    more: data.labelValueCountByLabelName[0]?.name ?? 'none yet',
                  },
                ]}
              />
            </Section>
            <div className={classes.lists}>
              <Top title="Metrics by series" counts={data.seriesCountByMetricName} />
              <Top title="Labels by values" counts={data.labelValueCountByLabelName} />
              <Top title="Label values by series" counts={data.seriesCountByLabelValuePair} />
              <Top
                title="Labels by memory"
                counts={data.memoryInBytesByLabelName}
                format={formatBytes}
              />
            </div>
          </>
        )}
      </ScrollingMain>
    </div>
  );
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
        <BarList bars={counts} label={title} format={format} />
      )}
    </Section>
  );
}
