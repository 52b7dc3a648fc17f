import { Menu, Modal, Text, UnstyledButton } from '@mantine/core';
import { IconApi, IconKey, IconKeyboard, IconLogout, IconUpload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { logOut, openApiPath, type User } from '../api';
import { ChangePasswordModal } from '../auth/ChangePasswordModal';
import { leaveSession } from '../auth/session';
import { Onboarding } from '../explore/Onboarding';
import classes from './UserMenu.module.css';

interface UserMenuProps {
  user: User;
  onHelp: () => void;
}

export function UserMenu({ user, onHelp }: UserMenuProps) {
  const client = useQueryClient();
  const [passwordOpened, setPasswordOpened] = useState(false);
  const [sendOpened, setSendOpened] = useState(false);
  const leave = () => {
    void logOut().finally(() => leaveSession(client));
  };
  return (
    <>
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
          <Menu.Item leftSection={<IconUpload size={15} />} onClick={() => setSendOpened(true)}>
            Send data
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
            onClick={onHelp}
          >
            Keyboard shortcuts
          </Menu.Item>
          <Menu.Item leftSection={<IconKey size={15} />} onClick={() => setPasswordOpened(true)}>
            Change password
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout size={15} />} onClick={leave}>
            Log out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ChangePasswordModal
        key={String(passwordOpened)}
        opened={passwordOpened}
        onClose={() => setPasswordOpened(false)}
      />
      <Modal
        opened={sendOpened}
        onClose={() => setSendOpened(false)}
        title="Send data"
        closeButtonProps={{ 'aria-label': 'Close' }}
        size={720}
        centered
      >
        <Onboarding />
      </Modal>
    </>
  );
}
