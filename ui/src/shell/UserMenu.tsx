import { Menu, Text, UnstyledButton } from '@mantine/core';
import { IconApi, IconKeyboard, IconLogout, IconUser } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { logOut, openApiPath } from '../api';
import { navigate } from '../app/router';
import { leaveSession } from '../auth/session';
import { useShell } from './shellContext';
import classes from './UserMenu.module.css';

/** Who one is, and the way out. */
export function UserMenu() {
  const { user, openHelp } = useShell();
  const client = useQueryClient();
  const leave = () => {
    void logOut().finally(() => leaveSession(client));
  };
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton className={classes.avatar} aria-label={`Account of ${user.username}`}>
          {user.username.slice(0, 1).toUpperCase()}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <Text size="sm" fw={600} truncate>
            {user.username}
          </Text>
          <Text size="xs" c="var(--ink-dim)">
            {user.role}
          </Text>
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconUser size={15} />}
          onClick={() => navigate('/settings/account')}
        >
          Account and password
        </Menu.Item>
        <Menu.Item
          component="a"
          href={openApiPath}
          target="_blank"
          rel="noreferrer"
          leftSection={<IconApi size={15} />}
        >
          API description
        </Menu.Item>
        <Menu.Item
          leftSection={<IconKeyboard size={15} />}
          rightSection={<kbd>?</kbd>}
          onClick={openHelp}
        >
          Keyboard shortcuts
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={leave}>
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
