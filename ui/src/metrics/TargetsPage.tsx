import { SegmentedControl, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatCount, formatMillis } from '../lib/format';
import { seriesName } from '../lib/metrics';
import { visibleText } from '../lib/visible';
import { DataTable, type Column } from '../settings/DataTable';
import { When } from '../settings/parts';
import { Section } from '../settings/Section';
import { Header } from '../shell/Header';
import { ScrollingMain } from '../shell/ScrollingMain';
import { fetchTargets, type ActiveTarget } from './api';
import classes from './MetricsPage.module.css';
import { MetricTabs } from './MetricTabs';

const readMillis = 10_000;

/** What is scraped, whether it answers, and why not. */
export default function TargetsPage() {
  const [only, setOnly] = useState('all');
  const targets = useQuery({
    queryKey: ['targets'],
    queryFn: ({ signal }) => fetchTargets(signal),
    staleTime: 0,
    refetchInterval: readMillis,
  });
  const all = targets.data ?? [];
  const down = all.filter(({ health }) => health === 'down').length;
  const shown = all.filter(({ health }) => only === 'all' || health === only);
  const pools = [...new Set(shown.map(({ scrapePool }) => scrapePool))].sort();
  return (
    <div className={classes.page}>
      <Header title="Metrics" />
      <MetricTabs />
      <ScrollingMain className={classes.main}>
        <div className={classes.tools}>
          <SegmentedControl
            size="xs"
            aria-label="Which targets"
            data={[
              { value: 'all', label: `All (${formatCount(all.length)})` },
              { value: 'down', label: `Down (${formatCount(down)})` },
            ]}
            value={only}
            onChange={setOnly}
          />
        </div>
        {pools.length === 0 ? (
          <DataTable
            label="Targets"
            columns={columns}
            query={{ ...targets, data: targets.data && [] }}
            keyOf={(target) => target.scrapeUrl}
            empty={
              only === 'down' && all.length > 0 ? (
                'Every target answers.'
              ) : (
                <>
                  Nothing is scraped. Give the <code>scrape_configs</code> of a prometheus.yml in
                  the configuration (<code>scrape.file</code>), and its targets are listed here.
                </>
              )
            }
          />
        ) : (
          pools.map((pool) => {
            const ofPool = shown.filter(({ scrapePool }) => scrapePool === pool);
            const up = ofPool.filter(({ health }) => health === 'up').length;
            return (
              <Section
                key={pool}
                title={visibleText(pool)}
                wide
                about={`${formatCount(up)} of ${formatCount(ofPool.length)} up`}
              >
                <DataTable
                  label={`Targets of ${visibleText(pool)}`}
                  columns={columns}
                  query={{ ...targets, data: ofPool }}
                  keyOf={(target) => target.scrapeUrl + seriesName(target.labels)}
                  empty=""
                />
              </Section>
            );
          })
        )}
      </ScrollingMain>
    </div>
  );
}

const columns: Column<ActiveTarget>[] = [
  {
    name: 'Target',
    width: '23%',
    render: ({ scrapeUrl }) => <span className={classes.mono}>{visibleText(scrapeUrl)}</span>,
  },
  {
    name: 'State',
    width: '7%',
    render: ({ health }) => (
      <span className={health === 'up' ? classes.up : health === 'down' ? classes.down : undefined}>
        {health === 'unknown' ? 'not asked yet' : health}
      </span>
    ),
  },
  {
    name: 'Labels',
    width: '28%',
    render: ({ labels }) => <span className={classes.mono}>{visibleText(seriesName(labels))}</span>,
  },
  {
    name: 'Last scrape',
    width: '11%',
    render: ({ lastScrape, health }) => (
      <When time={health === 'unknown' ? null : lastScrape} none="not yet" />
    ),
  },
  {
    name: 'Took',
    width: '6%',
    align: 'right',
    render: ({ lastScrapeDuration, health }) =>
      health === 'unknown' ? '–' : formatMillis(lastScrapeDuration * 1000),
  },
  {
    name: 'Every',
    width: '5%',
    align: 'right',
    render: ({ scrapeInterval }) => visibleText(scrapeInterval),
  },
  {
    name: 'Error',
    render: ({ lastError }) =>
      lastError ? (
        <Text size="xs" className={classes.down}>
          {visibleText(lastError)}
        </Text>
      ) : (
        ''
      ),
  },
];
