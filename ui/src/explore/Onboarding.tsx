import { Tabs, Text } from '@mantine/core';
import { CopyButton } from '../app/CopyButton';
import classes from './Onboarding.module.css';

interface OnboardingProps {
  /** Whether events arrived while this was shown; undefined when nobody waits for them. */
  arrived?: boolean;
}

/** How the first events get in, to be copied. */
export function Onboarding({ arrived }: OnboardingProps) {
  const address = window.location.origin;
  const ways = [
    {
      name: 'Import files',
      text: 'Log files of any size; the format is found out. It shows its progress and can be interrupted.',
      code: './belfry import /var/log/syslog /var/log/nginx/access.log',
    },
    {
      name: 'curl',
      text: 'Log in, then send one event, an array, or one JSON object a line.',
      code: `TOKEN=$(curl -s ${address}/api/v1/auth/login \\
  -H 'content-type: application/json' \\
  -d '{"username": "admin", "password": "YOUR PASSWORD"}' | sed 's/.*"token" *: *"\\([^"]*\\)".*/\\1/')

curl ${address}/api/v1/monitoring/events \\
  -H "authorization: Bearer $TOKEN" \\
  -H 'content-type: application/json' \\
  -d '{"event_type": "log", "source": "my-service", "level": "info",
       "message": "hello from curl", "tags": {"host": "laptop"}}'`,
    },
    {
      name: 'API key',
      text: 'What a program sends with: a key that may only write. It is shown once.',
      code: `curl ${address}/api/v1/keys \\
  -H "authorization: Bearer $TOKEN" \\
  -H 'content-type: application/json' \\
  -d '{"name": "my-service", "permissions": ["monitoring:events:write"]}'`,
    },
  ];
  return (
    <div className={classes.frame}>
      <Text fw={620} fz={17}>
        Send the first events
      </Text>
      <Text size="sm" c="var(--ink-dim)" mb={12}>
        They are here to be searched as soon as they are acknowledged.
      </Text>
      <Tabs defaultValue="Import files" variant="outline">
        <Tabs.List>
          {ways.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {ways.map(({ name, text, code }) => (
          <Tabs.Panel key={name} value={name} pt={12}>
            <Text size="sm" mb={8}>
              {text}
            </Text>
            <div className={classes.code}>
              <pre>{code}</pre>
              <CopyButton label="Copy" text={() => code} size={28} />
            </div>
          </Tabs.Panel>
        ))}
      </Tabs>
      {arrived !== undefined && (
        <div className={classes.waiting} role="status" data-arrived={arrived || undefined}>
          <i />
          {arrived ? 'Events have arrived' : 'Waiting for events …'}
        </div>
      )}
    </div>
  );
}
