const pattern =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,20})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const daysOf = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Whether `text` is an instant as RFC 3339 writes it, on a day that exists. A leap second (`:60`) is refused:
 * most languages, JavaScript among them, cannot hold one.
 */
export function isRfc3339(text: string): boolean {
  // Longer than any sensible instant: not worth a look at the pattern.
  if (text.length > 48) return false;
  const parts = pattern.exec(text);
  if (!parts) return false;
  const year = Number(parts[1]);
  const month = Number(parts[2]);
  const day = Number(parts[3]);
  if (day < 1 || day > (daysOf[month - 1] ?? 0)) return false;
  return month !== 2 || day < 29 || isLeapYear(year);
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
