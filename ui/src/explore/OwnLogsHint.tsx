import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { allTime } from '../lib/timeRange';
import { Onboarding } from './Onboarding';
import classes from './OwnLogsHint.module.css';
import { change } from './store';

interface OwnLogsHintProps {
  kind: 'nothing else' | 'other times';
}

/** Says where one's own events are, while only Belfry's are in sight. */
export function OwnLogsHint({ kind }: OwnLogsHintProps) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <div className={classes.hint} role="note">
      {kind === 'nothing else' ? (
        <>
          So far there are only Belfry’s own logs.
          <Button size="compact-xs" variant="light" onClick={open}>
            Send the first events
          </Button>
        </>
      ) : (
        <>
          Here are only Belfry’s own logs; other sources have events at other times.
          <Button size="compact-xs" variant="light" onClick={() => change({ range: allTime })}>
            Show all time
          </Button>
        </>
      )}
      <Modal
        opened={opened}
        onClose={close}
        title="Send data"
        closeButtonProps={{ 'aria-label': 'Close' }}
        size={720}
        centered
      >
        <Onboarding />
      </Modal>
    </div>
  );
}
