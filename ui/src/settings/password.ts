/* Without those that look alike. */
const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const groups = 4;
const groupSize = 5;

/** A random password that can be read out: four groups of five, 116 bits. */
export function newPassword(): string {
  return Array.from({ length: groups }, () =>
    Array.from({ length: groupSize }, randomLetter).join(''),
  ).join('-');
}

/** Each letter as likely as any other: draws that would favour some are drawn again. */
function randomLetter(): string {
  const fair = 256 - (256 % letters.length);
  const draw = new Uint8Array(1);
  do crypto.getRandomValues(draw);
  while ((draw[0] ?? fair) >= fair);
  return letters.charAt((draw[0] ?? 0) % letters.length);
}
