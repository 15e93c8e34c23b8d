const mostEntries = 100;

/** One page of a list, after the `NextToken` of the query; a hundred entries at most. (API_ListSchedules) */
export function pageOf<Entry>(
  entries: readonly Entry[],
  query: URLSearchParams,
): { readonly page: readonly Entry[]; readonly NextToken: string | undefined } {
  const from = Number(query.get("NextToken") ?? 0) || 0;
  const size = Math.min(Number(query.get("MaxResults") ?? mostEntries) || mostEntries, mostEntries);
  const end = from + size;
  return { page: entries.slice(from, end), NextToken: end < entries.length ? String(end) : undefined };
}
