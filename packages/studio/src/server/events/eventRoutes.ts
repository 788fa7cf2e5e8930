import type { StudioEvent } from '../../contract/event.ts';
import { memberOf, type ProjectScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { callerOf } from '../http/callerOf.ts';
import { type Route, route } from '../http/route.ts';
import { eventStream } from './eventStream.ts';

const access = memberOf();

export const eventRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/projects/{project}/events',
    summary: 'What happens in a project while it happens: server-sent events, each with a `StudioEvent` as its data.',
    access,
    answer: 'text/event-stream',
    handle: ({ studio, gate, scope, request, params }) => {
      const shown = (events: readonly StudioEvent[]) => {
        try {
          const now = access(studio, callerOf(request, studio, gate), params);
          return events.map((event) => withoutOthersWork(studio, now, event));
        } catch {
          return null; // signed out, not a member any more, or it cannot be told
        }
      };
      const headers = {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no', // a proxy before the studio passes events on at once
      };
      return new Response(eventStream(studio.events, scope.project.id, shown), { headers });
    },
  }),
];

// ---- below: internals ----

/** Where people code blind, how often another has saved says something of their work. */
function withoutOthersWork(
  { store }: StudioContext,
  { project, caller }: ProjectScope,
  event: StudioEvent,
): StudioEvent {
  if (event.type !== 'coding' || !project.blind) return event;
  const coding = store.first(store.sql.selectFrom('coding').select('account').where('id', '=', event.coding));
  return coding?.account === caller.account ? event : { ...event, revision: 0 };
}
