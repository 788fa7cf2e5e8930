import { memberOf } from '../accounts/access.ts';
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
      const mayListen = () => {
        try {
          access(studio, callerOf(request, studio, gate), params);
          return true;
        } catch {
          return false; // signed out, not a member any more, or it cannot be told
        }
      };
      const headers = {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no', // a proxy before the studio passes events on at once
      };
      return new Response(eventStream(studio.events, scope.project.id, mayListen), { headers });
    },
  }),
];
