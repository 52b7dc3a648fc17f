/** One kind of secrets, as the configuration has it. */
export interface RedactionKind {
  name: string;
  about: string;
  on: boolean;
  /** How many were replaced since the start; null where it is not known. */
  count: number | null;
  /** A rule of the configuration. */
  own: boolean;
}

const about: Record<string, string> = {
  password: 'values of names that end in password, passwd, passphrase, pwd',
  secret: '…secret, …secret_key, …private_key, …encryption_key',
  token: '…token',
  api_key: '…api_key, …access_key; keys of well-known services by their form',
  authorization: 'credentials of Authorization headers, Bearer …',
  cookie: 'Cookie, Set-Cookie',
  private_key: 'PEM of private keys',
  aws_key: 'keys of AWS, by their form',
  github_token: 'tokens of GitHub, by their form',
  slack_token: 'tokens of Slack, by their form',
  stripe_key: 'keys of Stripe, by their form',
  google_key: 'keys of Google, by their form',
  jwt: 'JSON web tokens',
  url_password: 'the password in scheme://user:password@host',
  card: 'payment card numbers',
  email: 'e-mail addresses',
  phone: 'phone numbers',
  iban: 'bank account numbers (IBAN)',
  national_id: 'national identity numbers',
};

interface Key {
  value: string | null;
  allowed: string;
}

/** All kinds there are, those that are on first, and the rules of one's own. */
export function redactionKinds(
  kinds: Key | null,
  rules: Key | null,
  counts: ReadonlyMap<string, number> | null,
): RedactionKind[] {
  const on = new Set(listOf(kinds?.value ?? ''));
  const all = listOf((kinds?.allowed ?? '').replace(/^a list of /, ''));
  const names = [...new Set([...all, ...on])];
  const count = (name: string) => counts && (counts.get(name) ?? 0);
  const known = names.map((name) => ({
    name,
    about: about[name] ?? '',
    on: on.has(name),
    count: count(name),
    own: false,
  }));
  const own = [...(rules?.value ?? '').matchAll(/\bname[=:]\s*"?([^,}"\]]+)/g)].map((match) => ({
    name: (match[1] ?? '').trim(),
    about: 'what its expression finds',
    on: true,
    count: count((match[1] ?? '').trim()),
    own: true,
  }));
  return [...known.filter((kind) => kind.on), ...own, ...known.filter((kind) => !kind.on)];
}

/** Counts by kind, from Belfry's own metrics in Prometheus' text format. */
export function redactionCounts(metrics: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [, kind, value] of metrics.matchAll(
    /^belfry_redactions_total\{[^}]*kind="([^"]*)"[^}]*\} (\S+)/gm,
  )) {
    counts.set(kind ?? '', Number(value));
  }
  return counts;
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
