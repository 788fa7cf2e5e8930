import { QueryClient, type UseQueryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { ApiProblem, api, type Query } from './client.ts';

/** Everything that pages have asked for. Keys are `[path]` or `[path, query]`, so that events can name what is stale. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // The server says by events what has changed.
      refetchOnWindowFocus: false,
      networkMode: 'always',
      retry: (failures, error) => failures < 2 && !(error instanceof ApiProblem && error.status > 0),
      retryDelay: (failures) => 500 * 2 ** failures,
    },
    mutations: { networkMode: 'always' },
  },
});

/** What the studio answers to GET `path`; null asks for nothing yet. */
export function useApi<T>(path: string | null, query?: Query, options: ApiOptions<T> = {}): UseQueryResult<T, Error> {
  return useQuery<T>({
    ...options,
    queryKey: query ? [path, query] : [path],
    queryFn: ({ signal }) => api.get<T>(path as string, query, signal),
    enabled: path !== null,
  });
}

/** Asks for what a page is about to need. What goes wrong is told where it is used. */
export function prefetch(...paths: readonly string[]): void {
  for (const path of paths) {
    void queryClient.prefetchQuery({ queryKey: [path], queryFn: ({ signal }) => api.get(path, undefined, signal) });
  }
}

/** Makes what was asked for below these paths stale: pages that show it ask anew. */
export function refresh(...paths: readonly string[]): Promise<void> {
  return queryClient.invalidateQueries({
    predicate: ({ queryKey: [path] }) =>
      typeof path === 'string' && paths.some((stale) => path === stale || path.startsWith(`${stale}/`)),
  });
}

// ---- below: internals ----

type ApiOptions<T> = Partial<Pick<UseQueryOptions<T>, 'staleTime' | 'refetchInterval' | 'placeholderData'>>;
