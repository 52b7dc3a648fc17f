import { Link, usePath } from '../app/router';
import { metricPages } from '../lib/pages';
import classes from './MetricsPage.module.css';
import { metricsUrl, useMetricsView } from './store';

const labels: Record<string, string> = { '/query': 'Query', '/query/catalogue': 'Catalogue' };

/** The pages of metrics, side by side. */
export function MetricTabs() {
  const path = usePath();
  useMetricsView();
  return (
    <nav className={classes.tabs} aria-label="Metrics">
      {metricPages.map((page, position) => (
        <Link
          key={page.path}
          className={classes.tab}
          href={position === 0 ? metricsUrl() : page.path}
          aria-current={path === page.path ? 'page' : undefined}
        >
          {labels[page.path] ?? page.label}
        </Link>
      ))}
    </nav>
  );
}
