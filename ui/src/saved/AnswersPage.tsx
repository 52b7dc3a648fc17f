import { Anchor, Button, Center, Loader } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fetchKeptAnswers, fetchSavedOne, type KeptAnswer, type SavedQuery } from '../api';
import { ErrorPanel } from '../app/ErrorPanel';
import { Link, navigate, useSearch } from '../app/router';
import { ResultTable } from '../explore/insight/ResultTable';
import { savedUrl } from '../explore/saved';
import { formatCount, plural } from '../lib/format';
import { answersPath, eventPath, savedPage } from '../lib/pages';
import { valueText } from '../lib/resultChart';
import type { Sort } from '../lib/urlState';
import { clipText, visibleText } from '../lib/visible';
import { ExactTime } from '../settings/parts';
import { Header } from '../shell/Header';
import { EditDialog } from './EditDialog';
import classes from './SavedPage.module.css';

/* The first answer comes within seconds of the schedule. */
const waitingMillis = 3000;
const readMillis = 30_000;

/** The last answers of a query that runs by itself; `at` in the URL chooses one, else it is the newest. */
export default function AnswersPage({ id }: { id: string }) {
  const saved = useQuery({
    queryKey: ['savedOne', id],
    queryFn: ({ signal }) => fetchSavedOne(id, signal),
    staleTime: 0,
  });
  const answers = useQuery({
    queryKey: ['keptAnswers', id],
    queryFn: ({ signal }) => fetchKeptAnswers(id, signal),
    staleTime: 0,
    refetchInterval: ({ state }) => {
      if (state.status === 'error') return false;
      return state.data?.length ? readMillis : waitingMillis;
    },
  });
  const failed = saved.error ?? answers.error;
  return (
    <div className={classes.page}>
      <Header title={saved.data ? visibleText(clipText(saved.data.name, 80)) : 'Answers'} />
      {failed && (
        <ErrorPanel
          error={failed}
          title="The answers could not be read"
          onRetry={() => {
            void saved.refetch();
            void answers.refetch();
          }}
        />
      )}
      {!failed && (!saved.data || !answers.data) && (
        <Center p={60}>
          <Loader size="sm" aria-label="Loading" />
        </Center>
      )}
      {!failed && saved.data && answers.data && (
        <Answers saved={saved.data} answers={answers.data} />
      )}
    </div>
  );
}

function Answers({ saved, answers }: { saved: SavedQuery; answers: KeptAnswer[] }) {
  const [changing, setChanging] = useState(false);
  const at = new URLSearchParams(useSearch()).get('at');
  const chosen = answers.find((answer) => answer.at === at) ?? answers[0];
  const { schedule } = saved;
  return (
    <main className={classes.answers}>
      {answers.length > 0 && (
        <ul className={classes.times} aria-label="Answers">
          {answers.map((answer) => (
            <li key={answer.at}>
              <Link
                className={classes.time}
                href={`${answersPath(saved.id)}?at=${encodeURIComponent(answer.at)}`}
                aria-current={answer === chosen ? 'true' : undefined}
              >
                <ExactTime time={answer.at} />
                <span className={classes.found} data-bad={!answer.good || undefined}>
                  {foundOf(answer)}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      <div className={classes.shown}>
        <div className={classes.about}>
          <code>{visibleText(clipText(saved.query, 400))}</code>
          <span>{schedule === null ? 'Runs no more by itself' : `Runs every ${schedule}`}</span>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPencil size={14} />}
            onClick={() => setChanging(true)}
          >
            Change
          </Button>
          <Anchor component={Link} size="sm" href={savedUrl(saved)}>
            Ask now in Explore
          </Anchor>
          <Anchor component={Link} size="sm" href={savedPage.path}>
            All saved searches
          </Anchor>
        </div>
        {chosen ? <Shown key={chosen.at} answer={chosen} /> : <None schedule={schedule} />}
      </div>
      {changing && <EditDialog saved={saved} onClose={() => setChanging(false)} />}
    </main>
  );
}

function None({ schedule }: Pick<SavedQuery, 'schedule'>) {
  return (
    <p className={classes.nothing} role="status">
      {schedule === null
        ? 'It does not run by itself, so there are no answers. “Change” lets it.'
        : 'No answer yet. The first one comes within seconds.'}
    </p>
  );
}

function Shown({ answer: { result } }: { answer: KeptAnswer }) {
  const [sort, setSort] = useState<Sort | null>(null);
  if ('error' in result) {
    return (
      <p className={classes.nothing} role="alert">
        It could not be answered: {visibleText(result.error.message)}
      </p>
    );
  }
  if (result.rows.length === 0) {
    return <p className={classes.nothing}>The query had no rows.</p>;
  }
  return (
    <ResultTable
      answer={result}
      sort={sort}
      openId={null}
      onSort={setSort}
      onOpen={(id) => navigate(eventPath(id))}
    />
  );
}

/** An answer in a few words; a single value is said itself. */
function foundOf({ result }: KeptAnswer): string {
  if ('error' in result) return 'failed';
  const [first] = result.rows;
  if (result.rows.length === 1 && first?.length === 1) {
    return visibleText(clipText(`${result.columns[0] ?? ''}: ${valueText(first[0])}`, 60));
  }
  const rows = `${formatCount(result.rows.length)} ${plural(result.rows.length, 'row')}`;
  return result.statistics.truncated ? `${rows}, cut` : rows;
}
