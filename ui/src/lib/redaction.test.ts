import { describe, expect, it } from 'vitest';
import { redactionCounts, redactionKinds } from './redaction';

describe('redaction', () => {
  it('lists what is on first, then rules, then what is off, with counts', () => {
    const metrics =
      '# HELP x\nbelfry_redactions_total{kind="card"} 3\nbelfry_redactions_total{kind="badge"} 1.0\n';
    const kinds = redactionKinds(
      { value: 'password,card', allowed: 'a list of email, password, card' },
      { value: '[{name=badge, literal=BDG-}]', allowed: '' },
      redactionCounts(metrics),
    );
    expect(kinds.map(({ name, on, own, count }) => [name, on, own, count])).toEqual([
      ['password', true, false, 0],
      ['card', true, false, 3],
      ['badge', true, true, 1],
      ['email', false, false, 0],
    ]);
  });

  it('knows no counts where there are none', () => {
    const [kind] = redactionKinds({ value: 'jwt', allowed: 'a list of jwt' }, null, null);
    expect(kind?.count).toBeNull();
  });
});
